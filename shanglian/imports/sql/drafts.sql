-- What people said of a draft becomes evidence with the commit: mended cells and decided leavers are then kept as they are.
CREATE FUNCTION imports_keep_amendments() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    SELECT max(batch.id::text) INTO kept
    FROM touched
    JOIN imports_sourcefile file ON file.id = touched.source_file_id
    JOIN imports_batch batch ON batch.id = file.batch_id
    WHERE batch.committed_at IS NOT NULL;
    IF kept IS NOT NULL THEN
        RAISE EXCEPTION '导入批次 % 已入账，其修改的单元格不得更改 / import % has been committed, its mended cells are kept', kept, kept
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION imports_keep_absences() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    SELECT max(batch.id::text) INTO kept
    FROM touched JOIN imports_batch batch ON batch.id = touched.batch_id
    WHERE batch.committed_at IS NOT NULL;
    IF kept IS NOT NULL THEN
        RAISE EXCEPTION '导入批次 % 已入账，其未列名会员的处理决定不得更改 / import % has been committed, its decisions about leavers are kept', kept, kept
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER imports_amendment_comes_before_commit AFTER INSERT ON imports_amendment
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_amendments();
CREATE TRIGGER imports_amendment_is_not_changed AFTER UPDATE ON imports_amendment
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_amendments();
CREATE TRIGGER imports_amendment_is_kept AFTER DELETE ON imports_amendment
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_amendments();
CREATE TRIGGER imports_absence_comes_before_commit AFTER INSERT ON imports_absence
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_absences();
CREATE TRIGGER imports_absence_is_not_changed AFTER UPDATE ON imports_absence
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_absences();
CREATE TRIGGER imports_absence_is_kept AFTER DELETE ON imports_absence
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_absences();

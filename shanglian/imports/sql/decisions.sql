-- A doubtful row may be decided about until its batch is committed; what was decided then is evidence like the row.
GRANT UPDATE (finding) ON imports_row TO shanglian_app;

CREATE FUNCTION imports_keep_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    SELECT max(batch.id::text) INTO kept
    FROM touched
    JOIN imports_row ON imports_row.id = touched.row_id
    JOIN imports_sourcefile file ON file.id = imports_row.source_file_id
    JOIN imports_batch batch ON batch.id = file.batch_id
    WHERE batch.committed_at IS NOT NULL;
    IF kept IS NOT NULL THEN
        RAISE EXCEPTION '导入批次 % 已入账，其处理决定不得更改 / import % has been committed, its decisions are kept', kept, kept
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER imports_decision_comes_before_commit AFTER INSERT ON imports_decision
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_decisions();
CREATE TRIGGER imports_decision_is_not_changed AFTER UPDATE ON imports_decision
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_decisions();
CREATE TRIGGER imports_decision_is_kept AFTER DELETE ON imports_decision
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_decisions();

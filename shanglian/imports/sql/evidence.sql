-- What was read stays as it was read: the application may write the verdict of a row, nothing else of it, and rows of a
-- batch that was ever committed are not deleted.
REVOKE UPDATE, TRUNCATE ON imports_row FROM shanglian_app;
GRANT UPDATE (verdict, verdict_reasons) ON imports_row TO shanglian_app;

-- Each row gets its verdict once, after reading: room on the page keeps that from touching the indexes.
ALTER TABLE imports_row SET (fillfactor = 60);

CREATE FUNCTION imports_keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    SELECT max(batch.id::text) INTO kept
    FROM (SELECT DISTINCT source_file_id FROM gone) AS lost
    JOIN imports_sourcefile file ON file.id = lost.source_file_id
    JOIN imports_batch batch ON batch.id = file.batch_id
    WHERE batch.committed_at IS NOT NULL;
    IF kept IS NOT NULL THEN
        RAISE EXCEPTION '导入批次 % 已入账，其原始行不得删除 / import % has been committed, its rows are kept', kept, kept
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER imports_row_is_kept AFTER DELETE ON imports_row
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_evidence();

-- The log may only grow. The application's role has no right to change it; the triggers say no to everybody else.
CREATE FUNCTION archive_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '表 % 不接受 %：已存内容不得更改 / table % does not accept %: what is stored stays as it is',
        TG_TABLE_NAME, TG_OP, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

REVOKE UPDATE, DELETE, TRUNCATE ON archive_logentry FROM shanglian_app;
CREATE TRIGGER archive_logentry_append_only BEFORE UPDATE OR DELETE ON archive_logentry
    FOR EACH ROW EXECUTE FUNCTION archive_refuse_change();
CREATE TRIGGER archive_logentry_no_truncate BEFORE TRUNCATE ON archive_logentry
    FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse_change();

-- A document's name, size and hash never change; a later rule on retention may still remove one.
REVOKE UPDATE, TRUNCATE ON archive_document FROM shanglian_app;
CREATE TRIGGER archive_document_unchanged BEFORE UPDATE ON archive_document
    FOR EACH ROW EXECUTE FUNCTION archive_refuse_change();

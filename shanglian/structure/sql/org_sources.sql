-- From which row a change of the tree came is evidence: it is only ever added to.
REVOKE UPDATE, DELETE, TRUNCATE ON structure_orgsource FROM shanglian_app;
CREATE TRIGGER structure_orgsource_append_only BEFORE UPDATE OR DELETE ON structure_orgsource
    FOR EACH ROW EXECUTE FUNCTION archive_refuse_change();
CREATE TRIGGER structure_orgsource_no_truncate BEFORE TRUNCATE ON structure_orgsource
    FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse_change();

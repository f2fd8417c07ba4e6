-- Posts are facts with two clocks, guarded as those of the tree (directory/sql/facts.sql): a row comes in with `known`
-- open and may be closed once; nothing else changes, nothing is deleted.
REVOKE UPDATE, DELETE, TRUNCATE ON structure_post FROM shanglian_app;
GRANT UPDATE (known) ON structure_post TO shanglian_app;
CREATE TRIGGER structure_post_guarded BEFORE INSERT OR UPDATE OR DELETE ON structure_post
    FOR EACH ROW EXECUTE FUNCTION directory_guard_fact();
CREATE TRIGGER structure_post_no_truncate BEFORE TRUNCATE ON structure_post
    FOR EACH STATEMENT EXECUTE FUNCTION directory_refuse_truncate();
-- A writer asks for the last stamp before it takes the next one.
CREATE INDEX structure_post_known_from ON structure_post (lower(known));

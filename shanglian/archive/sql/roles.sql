-- The role the application works as: it may read and write rows, never change tables, rights or triggers.
-- Roles belong to the whole cluster: another database of the same cluster may have made it already.
DO $$
DECLARE
    usable boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shanglian_app') THEN
        BEGIN
            CREATE ROLE shanglian_app NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL; -- somebody else was faster
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION '数据库角色 shanglian_app 不存在，且 % 无权创建；请由管理员执行 CREATE ROLE shanglian_app NOLOGIN; GRANT shanglian_app TO % / role shanglian_app does not exist and % may not create it; have an administrator run the two statements above',
                    current_user, quote_ident(current_user), current_user
                    USING ERRCODE = 'insufficient_privilege';
        END;
    END IF;
    -- From 16 on, belonging to a role and being allowed to become it are two things.
    IF current_setting('server_version_num')::int >= 160000 THEN
        usable := pg_has_role(current_user, 'shanglian_app', 'SET');
    ELSE
        usable := pg_has_role(current_user, 'shanglian_app', 'MEMBER');
    END IF;
    IF NOT usable THEN
        EXECUTE format('GRANT shanglian_app TO %I', current_user);
    END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO shanglian_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO shanglian_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO shanglian_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO shanglian_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO shanglian_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON TYPES TO shanglian_app;

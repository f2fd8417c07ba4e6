-- Facts with two clocks. A row comes in with `known` open and may be closed once; nothing else ever changes, and the
-- second clock is never forged: both ends of `known` lie in the transaction that writes them, or later.
CREATE FUNCTION directory_guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT upper_inf(NEW.known) OR lower(NEW.known) < transaction_timestamp() THEN
            RAISE EXCEPTION '%：新记录的知悉时间须为当前时间且未结束（%） / %: a new row is known from now on and still is (%)',
                TG_TABLE_NAME, NEW.known, TG_TABLE_NAME, NEW.known USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND upper_inf(OLD.known) AND NOT upper_inf(NEW.known)
        AND lower(NEW.known) = lower(OLD.known) AND lower_inc(NEW.known) = lower_inc(OLD.known)
        AND upper(NEW.known) >= transaction_timestamp()
        AND to_jsonb(NEW) - 'known' = to_jsonb(OLD) - 'known'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%：只可结束一次知悉时间，不得更改或删除（第 % 行） / %: only the end of `known` may be set, once; no other change, no deletion (row %)',
        TG_TABLE_NAME, OLD.id, TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION directory_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '表 % 不接受 TRUNCATE / table % does not accept TRUNCATE', TG_TABLE_NAME, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

-- On each of its days a place lies directly below a place its parent has on that day; a root stands alone.
-- Checked once per statement, for the organisations touched and for their children.
CREATE FUNCTION directory_check_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad record;
BEGIN
    FOR bad IN
        WITH changed AS (SELECT DISTINCT org_id FROM touched),
        place AS (
            SELECT p.id, p.org_id, p.parent_id, p.path, p.during
            FROM directory_orgplace p
            WHERE upper_inf(p.known)
              AND (p.org_id IN (SELECT org_id FROM changed) OR p.parent_id IN (SELECT org_id FROM changed))
        )
        SELECT o.code, p.during, p.path
        FROM place p
        JOIN directory_org o ON o.id = p.org_id
        LEFT JOIN directory_orgplace above
            ON above.org_id = p.parent_id AND upper_inf(above.known) AND p.path = above.path || o.code || '/'
        GROUP BY p.id, o.code, p.parent_id, p.during, p.path
        HAVING CASE
            WHEN p.parent_id IS NULL THEN p.path <> '/' || o.code || '/'
            ELSE NOT coalesce(range_agg(above.during) @> p.during, false)
        END
    LOOP
        RAISE EXCEPTION '组织 % 在 % 的位置 % 之上没有相应的上级位置 / organisation % has no parent above its place % on all of %',
            bad.code, bad.during, bad.path, bad.code, bad.path, bad.during
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'directory_orgplace_below_its_parent';
    END LOOP;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    fact text;
BEGIN
    FOREACH fact IN ARRAY ARRAY['directory_orgname', 'directory_orgplace', 'directory_orglife'] LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM shanglian_app', fact);
        EXECUTE format('GRANT UPDATE (known) ON %I TO shanglian_app', fact);
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I '
            'FOR EACH ROW EXECUTE FUNCTION directory_guard_fact()', fact || '_guarded', fact);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I '
            'FOR EACH STATEMENT EXECUTE FUNCTION directory_refuse_truncate()', fact || '_no_truncate', fact);
        -- A writer asks for the last stamp before it takes the next one.
        EXECUTE format('CREATE INDEX %I ON %I (lower(known))', fact || '_known_from', fact);
    END LOOP;
END
$$;

CREATE TRIGGER directory_orgplace_below_its_parent_insert AFTER INSERT ON directory_orgplace
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION directory_check_places();
CREATE TRIGGER directory_orgplace_below_its_parent_update AFTER UPDATE ON directory_orgplace
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION directory_check_places();

-- An organisation's code and kind are what every path and rule refers to.
REVOKE UPDATE, DELETE, TRUNCATE ON directory_org FROM shanglian_app;

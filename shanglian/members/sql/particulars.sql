-- The guard of particulars and their projection into the entity. A statement trigger judges all facts of one INSERT, as
-- the guards of the ledger do (ledger.sql says how to write one); the ledger's lock and stamp serve here too.
ALTER TABLE members_particular ADD CONSTRAINT particular_value_fits_its_field CHECK (
    CASE field
        WHEN 'name' THEN jsonb_typeof(value) = 'object' AND value ->> 'name' <> '' AND value ->> 'key' <> ''
                         AND value ->> 'sort' IS NOT NULL
        WHEN 'phones' THEN jsonb_typeof(value) = 'array'
        WHEN 'founded_on' THEN jsonb_typeof(value) IN ('string', 'null')
        ELSE jsonb_typeof(value) = 'string'
    END IS TRUE);
CREATE INDEX particular_name_key ON members_particular ((value ->> 'key')) WHERE field = 'name';

-- The fact that holds for each field on a day (NULL: at present), as known by a moment (NULL: by now): the latest that
-- had begun, of one day the last one entered; before any had begun, the earliest. One definition, read by the
-- projection, by queries and by verify_register. Joined, not compared with ANY: the array can be as long as a roster.
-- coalesce keeps the planner from walking the index of reversals once for each entity.
CREATE FUNCTION particulars_on(entities bigint[], day date, known_by timestamptz) RETURNS TABLE (
    id bigint, entity_id bigint, field text, value jsonb)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ON (p.entity_id, p.field) p.id, p.entity_id, p.field, p.value
      FROM (SELECT DISTINCT unnest(entities) AS id) e
      JOIN members_particular p ON p.entity_id = e.id
      LEFT JOIN members_particular r ON r.reverses_id = p.id AND (known_by IS NULL OR r.recorded_at <= known_by)
     WHERE coalesce(p.reverses_id, 0) = 0 AND r.id IS NULL AND (known_by IS NULL OR p.recorded_at <= known_by)
     ORDER BY p.entity_id, p.field,
              CASE WHEN day IS NULL OR coalesce(p.since, '-infinity') <= day THEN coalesce(p.since, '-infinity') END
                  DESC NULLS LAST,
              coalesce(p.since, '-infinity'), p.recorded_at DESC, p.id DESC
$$;

-- A column of the entity as the value of a fact.
CREATE FUNCTION particular_of(e members_entity, field text) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE field
        WHEN 'name' THEN jsonb_build_object('name', e.name, 'key', e.name_key, 'sort', e.sort_key)
        WHEN 'legal_rep' THEN to_jsonb(e.legal_rep)
        WHEN 'phones' THEN to_jsonb(e.phones)
        WHEN 'address' THEN to_jsonb(e.address)
        WHEN 'founded_on' THEN coalesce(to_jsonb(e.founded_on), 'null')
    END
$$;

CREATE FUNCTION particulars_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bad bigint;
    example text;
    clock members_ledgerclock%ROWTYPE;
    today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF NOT EXISTS (SELECT FROM new_facts) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO clock FROM members_ledgerclock;
    IF clock.taken_by IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'no stamp was taken in this transaction: call ledger_stamp() first; 本事务未取得记账时间戳'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    SELECT count(*), min(format('entity %s, %s: recorded %s, stamp of this booking %s', entity_id, field, recorded_at,
                                clock.stamp))
      INTO bad, example FROM new_facts WHERE actor_id IS NULL OR recorded_at <> clock.stamp;
    IF bad > 0 THEN
        RAISE EXCEPTION '% particulars without an actor or with a stamp of their own 事项变更缺少经办人或登记时间不符 (%)',
            bad, example USING ERRCODE = 'check_violation';
    END IF;

    SELECT count(*), min(format('entity %s, %s: since %s', entity_id, field, since)) INTO bad, example
      FROM new_facts WHERE since > today;
    IF bad > 0 THEN
        RAISE EXCEPTION '% particulars begin in the future 事项变更日期晚于今天 (%)', bad, example
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT count(*), min(format('particular %s reverses %s', n.id, n.reverses_id)) INTO bad, example
      FROM new_facts n LEFT JOIN members_particular o ON o.id = n.reverses_id
     WHERE n.reverses_id IS NOT NULL
       AND (o.id IS NULL OR o.reverses_id IS NOT NULL OR o.actor_id IS NULL
            OR (o.entity_id, o.field, o.value, o.since) IS DISTINCT FROM (n.entity_id, n.field, n.value, n.since));
    IF bad > 0 THEN
        RAISE EXCEPTION '% reversals are not the mirror of what they reverse 冲正与原变更不对应 (%)', bad, example
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- What an entity came with is written down before the first change of a field (the columns still say it); then the
-- columns of the touched entities say what holds at present.
CREATE FUNCTION particulars_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO members_particular (entity_id, field, value, since, recorded_at, source_row_id, reason)
    SELECT e.id, n.field, particular_of(e, n.field), b.on_day, e.recorded_at, r.id, ''
      FROM (SELECT DISTINCT entity_id, field FROM new_facts) n
      JOIN members_entity e ON e.id = n.entity_id
      LEFT JOIN members_particular k ON k.entity_id = n.entity_id AND k.field = n.field AND k.actor_id IS NULL
      LEFT JOIN imports_row r ON r.id = e.source_row_id
      LEFT JOIN imports_sourcefile f ON f.id = r.source_file_id
      LEFT JOIN imports_batch b ON b.id = f.batch_id
     WHERE k.id IS NULL;

    UPDATE members_entity e
       SET name = coalesce(p.said #>> '{name,name}', e.name),
           name_key = coalesce(p.said #>> '{name,key}', e.name_key),
           sort_key = coalesce(p.said #>> '{name,sort}', e.sort_key),
           legal_rep = coalesce(p.said ->> 'legal_rep', e.legal_rep),
           phones = CASE WHEN p.said ? 'phones' THEN ARRAY(SELECT jsonb_array_elements_text(p.said -> 'phones'))
                         ELSE e.phones END,
           address = coalesce(p.said ->> 'address', e.address),
           founded_on = CASE WHEN p.said ? 'founded_on' THEN (p.said ->> 'founded_on')::date ELSE e.founded_on END
      FROM (SELECT entity_id, jsonb_object_agg(field, value) AS said
              FROM particulars_on((SELECT array_agg(DISTINCT entity_id) FROM new_facts), NULL, NULL)
             GROUP BY entity_id) p
     WHERE e.id = p.entity_id;
    RETURN NULL;
END $$;

-- Not fired again for what the projection itself writes down.
CREATE TRIGGER particular_1_is_checked AFTER INSERT ON members_particular REFERENCING NEW TABLE AS new_facts
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION particulars_check();
CREATE TRIGGER particular_2_is_projected AFTER INSERT ON members_particular REFERENCING NEW TABLE AS new_facts
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION particulars_project();
CREATE TRIGGER particular_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON members_particular
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- The application enters facts; an entity, once in, changes by them alone.
REVOKE UPDATE, DELETE, TRUNCATE ON members_particular FROM shanglian_app;
REVOKE UPDATE ON members_entity FROM shanglian_app;

-- The guards of the ledger; the third, which writes the spans, is in spans.sql and enters before this file. All are
-- statement triggers over the transition table `new_legs`: a booking enters in one INSERT and is judged as a whole. Two
-- rules for whoever changes them: no LIMIT in a guard (the planner then bets on an early hit and loops over the
-- transition table) and no correlated subquery on new_legs (it has no index): aggregate first, then join. Try each with
-- 24,000 rows on an empty and on a filled register.

-- The second clock. Writers queue on one transaction-level lock and stamp inside it, so that the order of
-- stamps is the order in which bookings become visible, and "as known on T" never changes afterwards.
CREATE FUNCTION ledger_stamp() RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the ledger is written in read committed, not in %; 台账写入只能使用“读已提交”隔离级别',
            current_setting('transaction_isolation') USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM pg_advisory_xact_lock(7310141);
    UPDATE members_ledgerclock
       SET stamp = greatest(clock_timestamp(), stamp + interval '1 microsecond'),
           taken_by = pg_current_xact_id()::text::bigint
    RETURNING stamp INTO given;
    RETURN given;
END $$;

-- Refuses what is refused to everybody.
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused; correct by a reversal. 台账只增不改：% 不允许 %，请用冲正更正',
        TG_TABLE_NAME, TG_OP, TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- t1: each movement has the legs its kind asks for, all entered together, and a reversal mirrors its original.
CREATE FUNCTION ledger_check_legs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bad bigint;
    example text;
    clock members_ledgerclock%ROWTYPE;
BEGIN
    IF NOT EXISTS (SELECT FROM new_legs) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO clock FROM members_ledgerclock;
    IF clock.taken_by IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'no stamp was taken in this transaction: call ledger_stamp() first; 本事务未取得记账时间戳'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    SELECT count(*), min(format('movement %s: leg %s %s, header %s %s, stamp of this booking %s', l.movement_id,
                                l.effective_on, l.recorded_at, m.effective_on, m.recorded_at, clock.stamp))
      INTO bad, example
      FROM new_legs l LEFT JOIN members_movement m ON m.id = l.movement_id
     WHERE m.id IS NULL OR m.effective_on <> l.effective_on OR m.recorded_at <> l.recorded_at
        OR m.recorded_at <> clock.stamp;
    IF bad > 0 THEN
        RAISE EXCEPTION '% legs disagree with the dates of their movement 台账分录日期与凭证不符 (%)', bad, example
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT count(*), min(format('movement %s: %s of %s legs', a.movement_id, a.n, b.n)) INTO bad, example
      FROM (SELECT movement_id, count(*) AS n FROM new_legs GROUP BY movement_id) a
      JOIN (SELECT l.movement_id, count(*) AS n
              FROM members_leg l JOIN (SELECT DISTINCT movement_id FROM new_legs) t USING (movement_id)
             GROUP BY l.movement_id) b USING (movement_id)
     WHERE a.n <> b.n;
    IF bad > 0 THEN
        RAISE EXCEPTION 'legs of % movements came in more than one statement 同一凭证的分录须一次写入 (%)', bad, example
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT count(*), min(format('membership %s belongs to organisation %s, leg says %s', l.membership_id, s.org_id, l.org_id))
      INTO bad, example
      FROM new_legs l LEFT JOIN members_membership s ON s.id = l.membership_id
     WHERE s.id IS NULL OR s.org_id <> l.org_id;
    IF bad > 0 THEN
        RAISE EXCEPTION '% legs stand at another organisation than their membership 分录组织与会籍组织不符 (%)', bad, example
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT count(*), min(format('profile %s', l.profile_id)) INTO bad, example
      FROM (SELECT DISTINCT profile_id FROM new_legs) l LEFT JOIN members_profile p ON p.id = l.profile_id
     WHERE p.id IS NULL;
    IF bad > 0 THEN
        RAISE EXCEPTION '% profiles do not exist 计数属性组合不存在 (%)', bad, example USING ERRCODE = 'foreign_key_violation';
    END IF;

    SELECT count(*), min(format('organisation %s on %s', coalesce(o.code, d.org_id::text), d.effective_on)) INTO bad, example
      FROM (SELECT l.org_id, l.effective_on
              FROM new_legs l JOIN members_movement m ON m.id = l.movement_id
             WHERE m.kind <> 'reversal' AND (l.memberships > 0 OR l.heads > 0)
             GROUP BY l.org_id, l.effective_on) d
      LEFT JOIN directory_org o ON o.id = d.org_id
      LEFT JOIN directory_orglife f
        ON f.org_id = d.org_id AND f.during @> d.effective_on AND upper_inf(f.known)
     WHERE f.id IS NULL;
    IF bad > 0 THEN
        RAISE EXCEPTION '% unknown organisations on their day 当日不存在的组织 (%)', bad, example
            USING ERRCODE = 'check_violation',
                  HINT = 'members can join an organisation only on days on which it exists 组织成立之前、撤销之后不能登记会员';
    END IF;

    SELECT count(*), min(format('movement %s (%s): %s legs, memberships %s, heads %s', f.id, f.kind, f.n, f.m, f.h))
      INTO bad, example
      FROM (SELECT v.id, v.kind, count(*) AS n, sum(l.memberships) AS m, sum(l.heads) AS h,
                   count(DISTINCT l.membership_id) AS seats, count(DISTINCT s.entity_id) AS entities,
                   sum(l.memberships) FILTER (WHERE l.line = v.kind) AS own,
                   sum(l.memberships) FILTER (WHERE l.line = v.kind || '_out') AS m_out,
                   sum(l.memberships) FILTER (WHERE l.line = v.kind || '_in') AS m_in,
                   sum(l.heads) FILTER (WHERE l.line = v.kind || '_out') AS h_out
              FROM new_legs l
              JOIN members_movement v ON v.id = l.movement_id
              JOIN members_membership s ON s.id = l.membership_id
             WHERE v.kind <> 'reversal'
             GROUP BY v.id, v.kind) f
     WHERE NOT CASE f.kind
           WHEN 'opening' THEN f.n = 1 AND f.own = 1 AND f.h IN (0, 1)
           WHEN 'joined' THEN f.n = 1 AND f.own = 1 AND f.h IN (0, 1)
           WHEN 'left' THEN f.n = 1 AND f.own = -1 AND f.h IN (0, -1)
           WHEN 'moved' THEN f.n = 2 AND f.m_out = -1 AND f.m_in = 1 AND f.h = 0 AND f.h_out IN (0, -1)
                             AND f.seats = 2 AND f.entities = 1
           WHEN 'rehomed' THEN f.n = 2 AND f.m_out = 0 AND f.m_in = 0 AND f.h = 0 AND f.h_out = -1
                               AND f.seats = 2 AND f.entities = 1
           WHEN 'reclassified' THEN f.n = 2 AND f.m_out = -1 AND f.m_in = 1 AND f.h = 0 AND f.h_out IN (0, -1)
                                    AND f.seats = 1
           ELSE false END IS TRUE;
    IF bad > 0 THEN
        RAISE EXCEPTION '% movements do not balance 凭证不平 (%)', bad, example USING ERRCODE = 'check_violation';
    END IF;

    IF EXISTS (SELECT FROM new_legs l JOIN members_movement m ON m.id = l.movement_id WHERE m.kind = 'reversal') THEN
        SELECT count(DISTINCT x.reversal), min(format('movement %s reverses %s: memberships differ by %s, heads by %s',
                                                      x.reversal, x.original, x.m, x.h))
          INTO bad, example
          FROM (SELECT p.reversal, p.original, sum(p.memberships) AS m, sum(p.heads) AS h, sum(p.side) AS sides,
                       bool_or(p.original_kind = 'reversal') AS twice
                  FROM (SELECT r.id AS reversal, r.reverses_id AS original, o.kind AS original_kind, 1 AS side,
                               l.line, l.membership_id, l.effective_on, l.county, l.category, l.profile_id,
                               l.memberships, l.heads
                          FROM new_legs l
                          JOIN members_movement r ON r.id = l.movement_id AND r.kind = 'reversal'
                          JOIN members_movement o ON o.id = r.reverses_id
                        UNION ALL
                        SELECT r.id, r.reverses_id, o.kind, -1, l.line, l.membership_id, l.effective_on, l.county,
                               l.category, l.profile_id, l.memberships, l.heads
                          FROM (SELECT DISTINCT movement_id FROM new_legs) t
                          JOIN members_movement r ON r.id = t.movement_id AND r.kind = 'reversal'
                          JOIN members_movement o ON o.id = r.reverses_id
                          JOIN members_leg l ON l.movement_id = o.id) p
                 GROUP BY p.reversal, p.original, p.line, p.membership_id, p.effective_on, p.county, p.category,
                          p.profile_id) x
         WHERE x.m <> 0 OR x.h <> 0 OR x.sides <> 0 OR x.twice;
        IF bad > 0 THEN
            RAISE EXCEPTION '% reversals are not the mirror of what they reverse 冲正与原凭证不对应 (%)', bad, example
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- What each touched membership looks like from day to day: the running sums of its legs. One definition,
-- read by the guard (t3), by the projection (t4) and by verify_register.
CREATE FUNCTION ledger_states(entities bigint[]) RETURNS TABLE (
    entity_id bigint, membership_id bigint, org_id bigint, county text, category text, profile_id bigint,
    day date, until date, open_sum bigint, home_sum bigint, open_step bigint, home_step bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT d.entity_id, d.membership_id, d.org_id, d.county, d.category, d.profile_id, d.effective_on,
           lead(d.effective_on) OVER w, (sum(d.m) OVER w)::bigint, (sum(d.h) OVER w)::bigint, d.m, d.h
      FROM (SELECT s.entity_id, l.membership_id, l.org_id, l.county, l.category, l.profile_id, l.effective_on,
                   sum(l.memberships) AS m, sum(l.heads) AS h
              FROM members_membership s
              JOIN members_leg l ON l.membership_id = s.id
             WHERE s.entity_id = ANY (entities)
             GROUP BY s.entity_id, l.membership_id, l.org_id, l.county, l.category, l.profile_id, l.effective_on
            HAVING sum(l.memberships) <> 0 OR sum(l.heads) <> 0) d
    WINDOW w AS (PARTITION BY d.membership_id, d.county, d.category, d.profile_id ORDER BY d.effective_on)
$$;

-- t2: the roll-up follows the legs.
CREATE FUNCTION ledger_roll_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO members_flow AS f (org_id, category, month, line, memberships, heads)
    SELECT org_id, category, date_trunc('month', effective_on)::date, line, sum(memberships), sum(heads)
      FROM new_legs GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (org_id, month, category, line) DO UPDATE
       SET memberships = f.memberships + excluded.memberships, heads = f.heads + excluded.heads;

    INSERT INTO members_balance AS b (org_id, category, year, memberships, heads)
    SELECT n.org_id, n.category, y.year, sum(n.m), sum(n.h)
      FROM (SELECT org_id, category, extract(year FROM effective_on)::int AS year, sum(memberships) AS m, sum(heads) AS h
              FROM new_legs GROUP BY 1, 2, 3) n
      JOIN members_yearclose y ON y.year >= n.year
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, year, category) DO UPDATE
       SET memberships = b.memberships + excluded.memberships, heads = b.heads + excluded.heads;

    PERFORM ledger_close_years(extract(year FROM clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::int - 1);
    RETURN NULL;
END $$;

-- Year-end balances for every year up to `last` that has none yet. Runs under the ledger lock.
CREATE FUNCTION ledger_close_years(last int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first int;
BEGIN
    SELECT max(year) + 1 INTO first FROM members_yearclose;
    IF first IS NULL THEN
        SELECT extract(year FROM min(month))::int INTO first FROM members_flow;
    END IF;
    IF first IS NULL OR first > last THEN
        RETURN;
    END IF;
    INSERT INTO members_yearclose (year) SELECT generate_series(first, last);
    INSERT INTO members_balance (org_id, category, year, memberships, heads)
    SELECT f.org_id, f.category, y.year, sum(f.memberships), sum(f.heads)
      FROM generate_series(first, last) AS y(year)
      JOIN members_flow f ON f.month < make_date(y.year + 1, 1, 1)
     GROUP BY 1, 2, 3;
END $$;

CREATE TRIGGER leg_1_balances AFTER INSERT ON members_leg REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();
CREATE TRIGGER leg_2_rolls_up AFTER INSERT ON members_leg REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_roll_up();
CREATE TRIGGER leg_3_has_one_home AFTER INSERT ON members_leg REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_homes_and_project();

CREATE TRIGGER leg_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON members_leg
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER movement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON members_movement
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER membership_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON members_membership
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER profile_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON members_profile
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

INSERT INTO members_ledgerclock (id, stamp, taken_by) VALUES (1, '1970-01-01 00:00:00+00', 0);

-- The application's role may add to the ledger and read it; projections it may only read.
REVOKE UPDATE, DELETE, TRUNCATE ON members_movement, members_leg, members_membership, members_profile FROM shanglian_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON members_span, members_flow, members_balance, members_yearclose,
    members_ledgerclock FROM shanglian_app;
REVOKE DELETE, TRUNCATE ON members_entity, members_identifier FROM shanglian_app;
REVOKE EXECUTE ON FUNCTION ledger_close_years(int) FROM PUBLIC, shanglian_app;

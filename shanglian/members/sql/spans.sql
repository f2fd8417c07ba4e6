-- t3 and t4: every day of every touched entity has open memberships that are open once, and exactly one home
-- while any is open; then the spans are written anew for the touched entities, each with what lists are put in order by
-- (columns that come with migration 0042).
CREATE OR REPLACE FUNCTION ledger_check_homes_and_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bad bigint;
    example text;
    touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT s.entity_id) INTO touched
      FROM (SELECT DISTINCT membership_id FROM new_legs) l JOIN members_membership s ON s.id = l.membership_id;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;

    WITH states AS MATERIALIZED (SELECT * FROM ledger_states(touched)),
    by_class AS (
        SELECT format('membership %s on %s: %s times open, %s times home in one category and profile',
                      membership_id, day, open_sum, home_sum) AS what
          FROM states WHERE open_sum NOT IN (0, 1) OR home_sum < 0 OR home_sum > open_sum),
    by_membership AS (
        SELECT format('membership %s on %s: %s times open', membership_id, day, total) AS what
          FROM (SELECT membership_id, day,
                       sum(sum(open_step)) OVER (PARTITION BY membership_id ORDER BY day) AS total
                  FROM states GROUP BY membership_id, day) m
         WHERE total NOT IN (0, 1)),
    by_entity AS (
        SELECT format('entity %s on %s: %s homes for %s open memberships', entity_id, day, homes, opened) AS what
          FROM (SELECT entity_id, day,
                       sum(sum(home_step)) OVER (PARTITION BY entity_id ORDER BY day) AS homes,
                       sum(sum(open_step)) OVER (PARTITION BY entity_id ORDER BY day) AS opened
                  FROM states GROUP BY entity_id, day) e
         WHERE homes <> (CASE WHEN opened > 0 THEN 1 ELSE 0 END)),
    faults AS (
        SELECT count(*) AS n, max(what) AS what -- the membership's own fault before the entity's
          FROM (SELECT what FROM by_class UNION ALL SELECT what FROM by_membership
                UNION ALL SELECT what FROM by_entity) b),
    gone AS (
        DELETE FROM members_span WHERE entity_id = ANY (touched)),
    put AS ( -- nothing where there is a fault: the message below says more than the exclusion constraint would
        INSERT INTO members_span (membership_id, entity_id, org_id, county, category, profile_id, home, during, since,
                                  sort_key)
        SELECT membership_id, entity_id, org_id, county, category, profile_id, home_sum = 1, daterange(day, until),
               min(day) OVER (PARTITION BY membership_id), e.sort_key
          FROM states JOIN members_entity e ON e.id = entity_id WHERE open_sum = 1 AND (SELECT n FROM faults) = 0)
    SELECT n, what INTO bad, example FROM faults;
    IF bad > 0 THEN
        RAISE EXCEPTION 'the register would contradict itself on % days 会籍或主会籍自相矛盾 (%)', bad, example
            USING ERRCODE = 'check_violation',
                  HINT = 'a membership is open or closed, and an entity has exactly one home while any membership is open '
                         '会籍要么在册要么不在册；只要有会籍在册，主会籍有且只有一个';
    END IF;
    RETURN NULL;
END $$;

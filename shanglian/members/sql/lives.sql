-- An organisation cannot end, or begin later, while memberships stand at it on those days. Judged at commit, under
-- the ledger lock: a booking that runs at the same time is seen, or waits and then sees the organisation closed.
CREATE FUNCTION ledger_check_lives() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bad bigint;
    example text;
BEGIN
    PERFORM pg_advisory_xact_lock(7310141);
    SELECT count(*), min(format('membership %s open during %s, organisation %s exists during %s', s.membership_id, s.during,
                                o.code, coalesce(f.lives::text, '{}')))
      INTO bad, example
      FROM members_span s
      JOIN directory_org o ON o.id = s.org_id
      LEFT JOIN (SELECT org_id, range_agg(during) AS lives FROM directory_orglife
                  WHERE upper_inf(known) AND org_id = NEW.org_id GROUP BY org_id) f ON f.org_id = s.org_id
     WHERE s.org_id = NEW.org_id AND (f.lives IS NULL OR NOT f.lives @> s.during);
    IF bad > 0 THEN
        RAISE EXCEPTION '% memberships would stand at an organisation that does not exist 仍有会籍在该组织存续期之外 (%)',
            bad, example
            USING ERRCODE = 'check_violation',
                  HINT = 'move or end its members first 请先办理该组织会员的转移或退会';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER orglife_covers_memberships AFTER INSERT OR UPDATE ON directory_orglife
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_lives();

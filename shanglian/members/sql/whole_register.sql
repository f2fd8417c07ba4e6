-- The whole register by day, category and line: it needs no tree, and its size follows the days, not the entries.
-- The ledger lock already queues the writers, so the one hot row of a day costs them nothing more.
CREATE FUNCTION ledger_roll_up_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO members_registerflow AS f (day, category, line, memberships, heads)
    SELECT effective_on, category, line, sum(memberships), sum(heads)
      FROM new_legs GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (day, category, line) DO UPDATE
       SET memberships = f.memberships + excluded.memberships, heads = f.heads + excluded.heads;
    RETURN NULL;
END $$;

INSERT INTO members_registerflow (day, category, line, memberships, heads)
SELECT effective_on, category, line, sum(memberships), sum(heads) FROM members_leg GROUP BY 1, 2, 3;

CREATE TRIGGER leg_4_rolls_up_whole AFTER INSERT ON members_leg REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_roll_up_whole();

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON members_registerflow FROM shanglian_app;

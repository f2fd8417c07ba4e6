-- Figures by an attribute with a closed list of codes (industry, registration type, kind of group): sums of the legs by
-- organisation, category, attribute and code, for each month and at the end of each closed year. Each leg counts once
-- for each attribute, so that another attribute is another line here, and combinations cost nothing.
CREATE FUNCTION profile_attributes(profile members_profile) RETURNS TABLE (attribute text, code text)
LANGUAGE sql IMMUTABLE AS $$
    VALUES ('section', profile.section), ('registration_type', profile.registration_type),
           ('group_kind', profile.group_kind)
$$;

-- Fires before leg_2_rolls_up by its name: that one closes years, and a closing year is summed from these months.
CREATE FUNCTION ledger_roll_up_attributes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO members_attributeflow AS f (org_id, category, attribute, code, month, memberships, heads)
    SELECT n.org_id, n.category, a.attribute, a.code, n.month, sum(n.m), sum(n.h)
      FROM (SELECT org_id, category, profile_id, date_trunc('month', effective_on)::date AS month,
                   sum(memberships) AS m, sum(heads) AS h
              FROM new_legs GROUP BY 1, 2, 3, 4) n
      JOIN members_profile p ON p.id = n.profile_id
     CROSS JOIN LATERAL profile_attributes(p) a
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(n.m) <> 0 OR sum(n.h) <> 0 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (org_id, attribute, category, month, code) DO UPDATE
       SET memberships = f.memberships + excluded.memberships, heads = f.heads + excluded.heads;

    INSERT INTO members_attributebalance AS b (org_id, category, attribute, code, year, memberships, heads)
    SELECT n.org_id, n.category, a.attribute, a.code, y.year, sum(n.m), sum(n.h)
      FROM (SELECT org_id, category, profile_id, extract(year FROM effective_on)::int AS year,
                   sum(memberships) AS m, sum(heads) AS h
              FROM new_legs GROUP BY 1, 2, 3, 4) n
      JOIN members_profile p ON p.id = n.profile_id
     CROSS JOIN LATERAL profile_attributes(p) a
      JOIN members_yearclose y ON y.year >= n.year
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(n.m) <> 0 OR sum(n.h) <> 0 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (org_id, attribute, category, year, code) DO UPDATE
       SET memberships = b.memberships + excluded.memberships, heads = b.heads + excluded.heads;
    RETURN NULL;
END $$;

-- A year that closes gets its balances.
CREATE FUNCTION attributes_close_years() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO members_attributebalance (org_id, category, attribute, code, year, memberships, heads)
    SELECT f.org_id, f.category, f.attribute, f.code, y.year, sum(f.memberships), sum(f.heads)
      FROM closed_years y JOIN members_attributeflow f ON f.month < make_date(y.year + 1, 1, 1)
     GROUP BY 1, 2, 3, 4, 5;
    RETURN NULL;
END $$;

INSERT INTO members_attributeflow (org_id, category, attribute, code, month, memberships, heads)
SELECT n.org_id, n.category, a.attribute, a.code, n.month, sum(n.m), sum(n.h)
  FROM (SELECT org_id, category, profile_id, date_trunc('month', effective_on)::date AS month,
               sum(memberships) AS m, sum(heads) AS h
          FROM members_leg GROUP BY 1, 2, 3, 4) n
  JOIN members_profile p ON p.id = n.profile_id
 CROSS JOIN LATERAL profile_attributes(p) a
 GROUP BY 1, 2, 3, 4, 5;

INSERT INTO members_attributebalance (org_id, category, attribute, code, year, memberships, heads)
SELECT f.org_id, f.category, f.attribute, f.code, y.year, sum(f.memberships), sum(f.heads)
  FROM members_yearclose y JOIN members_attributeflow f ON f.month < make_date(y.year + 1, 1, 1)
 GROUP BY 1, 2, 3, 4, 5;

ANALYZE members_attributeflow, members_attributebalance;

CREATE TRIGGER leg_2_attributes_roll_up AFTER INSERT ON members_leg REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_roll_up_attributes();
CREATE TRIGGER yearclose_balances_attributes AFTER INSERT ON members_yearclose REFERENCING NEW TABLE AS closed_years
    FOR EACH STATEMENT EXECUTE FUNCTION attributes_close_years();

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON members_attributeflow, members_attributebalance FROM shanglian_app;

-- Two-character search in Chinese names: a trigram index cannot serve it, an array of bigrams can.
-- A loop in plpgsql costs a quarter of the same in SQL over generate_series; repeated bigrams do not matter to GIN.
CREATE FUNCTION bigrams(name text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    pieces text[] := '{}';
BEGIN
    FOR i IN 1 .. length(name) - 1 LOOP
        pieces := pieces || substr(name, i, 2);
    END LOOP;
    RETURN pieces;
END $$;
CREATE INDEX entity_name_bigrams ON members_entity USING gin (bigrams(name_key));

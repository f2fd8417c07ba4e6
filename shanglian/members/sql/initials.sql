-- The same initials by a loop: an eighth of the time of the regular expression, which was a tenth of a booking. White
-- space of any kind is between syllables, also at the beginning. The index is made anew because its values might differ.
DROP INDEX entity_initials;
CREATE OR REPLACE FUNCTION initials(sort_key text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    found text := '';
    syllable text;
BEGIN
    FOREACH syllable IN ARRAY string_to_array(translate($1, E'\t\n\r\u00A0\u3000', '     '), ' ') LOOP
        found := found || left(syllable, 1);
    END LOOP;
    RETURN found;
END $$;
CREATE INDEX entity_initials ON members_entity (initials(sort_key) text_pattern_ops);

DROP INDEX entity_initials;
CREATE OR REPLACE FUNCTION initials(sort_key text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT regexp_replace($1, '(\S)\S*(\s+|$)', '\1', 'g') $$;
CREATE INDEX entity_initials ON members_entity (initials(sort_key) text_pattern_ops);

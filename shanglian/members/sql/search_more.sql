-- 'zheng zhou yun tu' → 'zzyt': how a name is looked for by the first letters of its syllables, from its beginning.
CREATE FUNCTION initials(sort_key text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT regexp_replace($1, '(\S)\S*(\s+|$)', '\1', 'g') $$;
CREATE INDEX entity_initials ON members_entity (initials(sort_key) text_pattern_ops);
CREATE INDEX entity_legal_rep ON members_entity (legal_rep text_pattern_ops) WHERE legal_rep <> '';
CREATE INDEX identifier_value ON members_identifier (value text_pattern_ops);

DROP INDEX entity_name_bigrams;
DROP FUNCTION bigrams(text);

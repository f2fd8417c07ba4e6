DROP INDEX identifier_value;
DROP INDEX entity_legal_rep;
DROP INDEX entity_initials;
DROP FUNCTION initials(text);

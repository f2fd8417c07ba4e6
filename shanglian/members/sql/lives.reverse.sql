DROP TRIGGER orglife_covers_memberships ON directory_orglife;
DROP FUNCTION ledger_check_lives();

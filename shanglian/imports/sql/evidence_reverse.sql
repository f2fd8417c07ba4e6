DROP TRIGGER imports_row_is_kept ON imports_row;
DROP FUNCTION imports_keep_evidence();
REVOKE UPDATE (verdict, verdict_reasons) ON imports_row FROM shanglian_app;
GRANT UPDATE ON imports_row TO shanglian_app;
ALTER TABLE imports_row RESET (fillfactor);

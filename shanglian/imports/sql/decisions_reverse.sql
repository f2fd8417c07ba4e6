DROP TRIGGER imports_decision_comes_before_commit ON imports_decision;
DROP TRIGGER imports_decision_is_not_changed ON imports_decision;
DROP TRIGGER imports_decision_is_kept ON imports_decision;
DROP FUNCTION imports_keep_decisions();
REVOKE UPDATE (finding) ON imports_row FROM shanglian_app;

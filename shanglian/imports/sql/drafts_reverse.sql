DROP TRIGGER imports_amendment_comes_before_commit ON imports_amendment;
DROP TRIGGER imports_amendment_is_not_changed ON imports_amendment;
DROP TRIGGER imports_amendment_is_kept ON imports_amendment;
DROP TRIGGER imports_absence_comes_before_commit ON imports_absence;
DROP TRIGGER imports_absence_is_not_changed ON imports_absence;
DROP TRIGGER imports_absence_is_kept ON imports_absence;
DROP FUNCTION imports_keep_amendments();
DROP FUNCTION imports_keep_absences();

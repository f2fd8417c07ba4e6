DROP TRIGGER archive_document_unchanged ON archive_document;
DROP TRIGGER archive_logentry_no_truncate ON archive_logentry;
DROP TRIGGER archive_logentry_append_only ON archive_logentry;
DROP FUNCTION archive_refuse_change();
GRANT UPDATE, DELETE ON archive_logentry TO shanglian_app;
GRANT UPDATE ON archive_document TO shanglian_app;

DROP TRIGGER structure_orgsource_no_truncate ON structure_orgsource;
DROP TRIGGER structure_orgsource_append_only ON structure_orgsource;
GRANT UPDATE, DELETE ON structure_orgsource TO shanglian_app;

DROP INDEX structure_post_known_from;
DROP TRIGGER structure_post_no_truncate ON structure_post;
DROP TRIGGER structure_post_guarded ON structure_post;
GRANT UPDATE, DELETE ON structure_post TO shanglian_app;

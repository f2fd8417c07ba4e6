-- A renamed entity's spans take its new place in lists. Entities change by particulars alone (particulars.sql), under the
-- ledger's lock, so that no booking writes spans meanwhile.
CREATE FUNCTION spans_follow_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE members_span SET sort_key = NEW.sort_key WHERE entity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER entity_moves_its_spans AFTER UPDATE OF sort_key ON members_entity
    FOR EACH ROW WHEN (OLD.sort_key <> NEW.sort_key) EXECUTE FUNCTION spans_follow_name();

-- The walk over all states of a type is for grains whose key is a GUID alone. Without the others in it, the index can't be taken for the search
-- of one grain either: those whose key is a text all have the same halves of a GUID, and the search would read every one of them.
DROP INDEX grain_state_by_type;
CREATE INDEX grain_state_by_type ON grain_state (type, service_id, id_n0, id_n1) WHERE id_extension = '';

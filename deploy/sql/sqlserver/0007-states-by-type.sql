-- What ../postgresql/0007-states-by-type.sql says.
DROP INDEX grain_state_by_type ON grain_state;
CREATE INDEX grain_state_by_type ON grain_state (type, service_id, id_n0, id_n1) WHERE id_extension = N'';

-- A page of any filter is a range of an index, or is merged from a few. Each index ends with the page's order, newest first or by name;
-- where a filter leaves a column of the middle open, there is one range for each value of it: there are few.

DROP INDEX transfers_by_state;
DROP INDEX transfers_by_direction;
DROP INDEX transfers_by_state_and_direction;
CREATE INDEX transfers_by_kind ON transfers (owner, state, direction, priority, id);
CREATE INDEX transfers_by_name ON transfers (owner, name, id);
CREATE INDEX transfers_by_kind_and_name ON transfers (owner, state, direction, priority, name, id);
CREATE INDEX files_by_name ON files (owner, name, id) WHERE deleted = 0;

-- The check that compares the catalogue with what grains keep walks one type of state after the other.
CREATE INDEX grain_state_by_type ON grain_state (type, service_id, id_n0, id_n1);

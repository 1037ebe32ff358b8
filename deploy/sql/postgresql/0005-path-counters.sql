-- More is counted of each path, and a loss that can't be known (as over QUIC) is NULL, where it was 0.

ALTER TABLE paths
    ALTER COLUMN loss_rate DROP NOT NULL,
    ADD COLUMN received_bytes   BIGINT NOT NULL DEFAULT 0,   -- of the bytes, those to clients
    ADD COLUMN received_chunks  BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN resent_chunks    BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN hedged_chunks    BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN cancelled_chunks BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN connections      BIGINT NOT NULL DEFAULT 0;

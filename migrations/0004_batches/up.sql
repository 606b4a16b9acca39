-- Work on many rows, done in small commands by whichever node holds the lease.

CREATE TABLE batches (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    input TEXT NOT NULL,
    state TEXT NOT NULL,
    place TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    holder TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX batches_by_state ON batches (state, leased_until, tenant, id);
CREATE INDEX batches_by_expiry ON batches (expires_at);

-- What goes in and what comes out, in pieces; sealed, since it is people's data.
CREATE TABLE batch_parts (
    tenant TEXT NOT NULL,
    batch TEXT NOT NULL,
    side TEXT NOT NULL,
    seq BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (tenant, batch, side, seq)
);

-- Upstream providers of a tenant, and who is whom there.

CREATE TABLE connections (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    code TEXT /*bytes*/ NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    preset TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    config TEXT NOT NULL,
    sealed_secret BYTEA,
    mapping TEXT NOT NULL,
    mapping_version BIGINT NOT NULL,
    tested_at BIGINT,
    test_code TEXT NOT NULL,
    checked_at BIGINT,
    check_code TEXT NOT NULL,
    secret_expires_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT connections_code UNIQUE (tenant, code)
);
CREATE INDEX connections_by_id ON connections (id);
CREATE INDEX connections_by_code ON connections (code, tenant);
CREATE INDEX connections_by_position ON connections (tenant, position, id);

-- Every mapping a connection ever had.
CREATE TABLE mapping_versions (
    tenant TEXT NOT NULL,
    connection TEXT NOT NULL,
    version BIGINT NOT NULL,
    mapping TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, connection, version)
);

-- The link between a user and one (connection, upstream issuer, upstream subject).
CREATE TABLE identities (
    tenant TEXT NOT NULL,
    connection TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    label TEXT NOT NULL,
    sealed_profile BYTEA NOT NULL,
    mapping_version BIGINT NOT NULL,
    linked_by TEXT NOT NULL,
    linked_from TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, connection, issuer, subject)
);
CREATE INDEX identities_by_id ON identities (tenant, id);
CREATE INDEX identities_of_connection ON identities (tenant, connection, user_id, id);
CREATE INDEX identities_by_user ON identities (tenant, user_id, id);
CREATE INDEX identities_by_use ON identities (tenant, connection, signed_in_at);

-- One run of "test this connection": kept for a day, sealed, worth nothing to a session.
CREATE TABLE connection_tests (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    connection TEXT NOT NULL,
    actor TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX connection_tests_by_connection ON connection_tests (tenant, connection, id);
CREATE INDEX connection_tests_by_expiry ON connection_tests (expires_at);

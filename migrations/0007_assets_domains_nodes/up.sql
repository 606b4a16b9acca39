-- Images a tenant uploaded (made anew by us before they are kept), hosts it proves to be its own,
-- and the nodes that serve the installation.

CREATE TABLE assets (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    media_type TEXT NOT NULL,
    body BYTEA NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX assets_until ON assets (until);

CREATE TABLE domains (
    tenant TEXT NOT NULL,
    host TEXT /*bytes*/ NOT NULL,
    token TEXT NOT NULL,
    proven_at BIGINT,
    proven_by TEXT NOT NULL,
    checked_at BIGINT,
    last_error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    failing_since BIGINT,
    PRIMARY KEY (tenant, host)
);
CREATE INDEX domains_by_due ON domains (due_at);

CREATE TABLE nodes (
    name TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- Tenants and everything that belongs to one. Portable: Text, BigInt, Bool and Binary columns only;
-- every key begins with the tenant; times are microseconds since 1970 UTC, bound by the caller.
-- Text that is listed in order or searched by its beginning is marked: it is ordered by its bytes
-- wherever the database is, not by a language.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE tenants (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT /*bytes*/ NOT NULL,
    name TEXT NOT NULL,
    environment TEXT NOT NULL,
    status TEXT NOT NULL,
    host TEXT,
    brand TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT tenants_slug UNIQUE (slug),
    CONSTRAINT tenants_host UNIQUE (host)
);

CREATE TABLE signing_keys (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    public_jwk TEXT NOT NULL,
    publish_at BIGINT NOT NULL,
    sign_from BIGINT NOT NULL,
    retire_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE applications (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT /*bytes*/ NOT NULL,
    kind TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    first_party BOOLEAN NOT NULL,
    config TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
-- Commands name an application, a user or a session by its id alone.
CREATE INDEX applications_by_id ON applications (id);
CREATE INDEX applications_by_name ON applications (tenant, name_key, id);

CREATE TABLE application_secrets (
    tenant TEXT NOT NULL,
    application TEXT NOT NULL,
    id TEXT NOT NULL,
    hint TEXT NOT NULL,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (tenant, application, id)
);

CREATE TABLE users (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT /*bytes*/ NOT NULL,
    email_verified BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    password TEXT,
    blocked BOOLEAN NOT NULL,
    epoch BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    PRIMARY KEY (tenant, id),
    CONSTRAINT users_email UNIQUE (tenant, email_key)
);
CREATE INDEX users_by_id ON users (id);

CREATE TABLE sessions (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    amr TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    remember BOOLEAN NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_us BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (tenant, id),
    CONSTRAINT sessions_token UNIQUE (tenant, token_hash)
);
CREATE INDEX sessions_by_id ON sessions (id);
CREATE INDEX sessions_by_user ON sessions (tenant, user_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- One redemption. The refresh token is the grant id, this generation and a MAC under the grant's
-- own key, so a rotation touches one row, in place, and no secondary index.
CREATE TABLE grants (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    application TEXT NOT NULL,
    user_id TEXT NOT NULL,
    session TEXT NOT NULL,
    code TEXT NOT NULL,
    scopes TEXT NOT NULL,
    nonce TEXT,
    amr TEXT NOT NULL,
    claims TEXT,
    authenticated_at BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    offline BOOLEAN NOT NULL,
    sealed_key BYTEA NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    idle_us BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_why TEXT,
    PRIMARY KEY (tenant, id)
) /*rowid*/;
CREATE INDEX grants_by_user ON grants (tenant, user_id, id);
CREATE INDEX grants_by_session ON grants (tenant, session);
CREATE INDEX grants_by_application ON grants (tenant, application, id);
CREATE INDEX grants_by_expiry ON grants (expires_at);

-- Whatever may be used once: codes, flows, links. The insert decides; "until" lets a sweep forget.
CREATE TABLE spent (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    result TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (tenant, kind, id)
) /*rowid*/;
CREATE INDEX spent_by_until ON spent (until);

CREATE TABLE consents (
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    application TEXT NOT NULL,
    api TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id, application, api)
);
CREATE INDEX consents_by_application ON consents (tenant, application, user_id, api);

-- Failed guesses in a row, by a MAC of the canonical identifier, whether it exists or not.
CREATE TABLE guesses (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    failures BIGINT NOT NULL,
    refused_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
) /*rowid*/;
CREATE INDEX guesses_by_update ON guesses (updated_at);

-- One-time links (set-up, reset, set password): only the hash of the token is kept.
CREATE TABLE links (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (tenant, id),
    CONSTRAINT links_token UNIQUE (tenant, token_hash)
);
CREATE INDEX links_by_user ON links (tenant, user_id, id);
CREATE INDEX links_by_expiry ON links (expires_at);

-- A right of a person of the system tenant on the tenant of the row.
CREATE TABLE role_assignments (
    tenant TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, actor, role)
);
CREATE INDEX role_assignments_by_actor ON role_assignments (actor, tenant, role);

CREATE TABLE audit (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    request TEXT NOT NULL,
    ip TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX audit_by_object ON audit (tenant, object, id);

-- What happened to each sign-in, step by step. Written in batches.
CREATE TABLE traces (
    tenant TEXT NOT NULL,
    flow TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    step TEXT NOT NULL,
    code TEXT NOT NULL,
    application TEXT NOT NULL,
    user_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (tenant, flow, id)
);
CREATE INDEX traces_by_time ON traces (tenant, at, id);
CREATE INDEX traces_by_age ON traces (at);

-- Requests too long to stand sealed in a URL.
CREATE TABLE flows (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX flows_by_expiry ON flows (expires_at);

CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    ran_at BIGINT NOT NULL,
    last_error TEXT NOT NULL
);

-- What must leave the house after a commit: data only, minted and delivered by a leased job.
CREATE TABLE outbox (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    holder TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX outbox_by_due ON outbox (due_at, tenant, id);

-- What was deleted, until nothing that belonged to it is left: a tenant, an application or a user.
CREATE TABLE deletions (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, kind, id)
);
CREATE INDEX deletions_by_due ON deletions (due_at);

-- Customers of a tenant, who belongs to them, and invitations: to an organization, to a tenant's
-- administration, or to be a user.

CREATE TABLE organizations (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    slug TEXT /*bytes*/ NOT NULL,
    name TEXT NOT NULL,
    metadata TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT organizations_slug UNIQUE (tenant, slug)
);
CREATE INDEX organizations_by_id ON organizations (id);

CREATE TABLE organization_roles (
    tenant TEXT NOT NULL,
    name TEXT /*bytes*/ NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE members (
    tenant TEXT NOT NULL,
    organization TEXT NOT NULL,
    user_id TEXT NOT NULL,
    roles TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, organization, user_id)
);
CREATE INDEX members_by_user ON members (tenant, user_id, organization);

CREATE TABLE invitations (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    organization TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    roles TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    invited_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT invitations_token UNIQUE (tenant, token_hash)
);
CREATE INDEX invitations_by_place ON invitations (tenant, kind, organization, id);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- Documents of settings of a tenant (of the installation: in the system tenant), each with its own
-- optimistic lock; and columns that earlier tables gain. A row from before keeps its meaning.

CREATE TABLE settings (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- The name folded for search and order, the values of the tenant's own fields, where each field
-- came from, and the key other systems know the person by.
ALTER TABLE users ADD COLUMN name_key TEXT /*bytes*/ NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN custom TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN sources TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN external_id TEXT /*bytes*/;
CREATE INDEX users_by_name ON users (tenant, name_key, id);
CREATE UNIQUE INDEX users_external_id ON users (tenant, external_id);
CREATE INDEX users_by_blocked ON users (tenant, blocked, email_key);
CREATE INDEX users_by_verified ON users (tenant, email_verified, email_key);
CREATE INDEX users_never_signed_in ON users (tenant, email_key) WHERE last_sign_in_at IS NULL;

-- What a link carries, sealed: an address to change to, a sign-up that waits for its proof.
ALTER TABLE links ADD COLUMN payload TEXT NOT NULL DEFAULT '';

-- The connection somebody signed in with; empty for a password.
ALTER TABLE sessions ADD COLUMN connection TEXT NOT NULL DEFAULT '';

-- The support code is the flow's id in short form.
ALTER TABLE traces ADD COLUMN support TEXT NOT NULL DEFAULT '';
ALTER TABLE traces ADD COLUMN connection TEXT NOT NULL DEFAULT '';
-- What a step came to for the person: the log shows the steps that came to something.
ALTER TABLE traces ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
CREATE INDEX traces_told ON traces (tenant, at, id) WHERE outcome <> '';
CREATE INDEX traces_by_outcome ON traces (tenant, outcome, at, id);
CREATE INDEX traces_by_support ON traces (tenant, support, id);
CREATE INDEX traces_by_code ON traces (tenant, code, at, id);
CREATE INDEX traces_by_application ON traces (tenant, application, at, id);
CREATE INDEX traces_by_user ON traces (tenant, user_id, at, id);
CREATE INDEX traces_by_connection ON traces (tenant, connection, at, id);
CREATE INDEX audit_by_actor ON audit (tenant, actor, id);
CREATE INDEX audit_by_action ON audit (tenant, action, id);

-- What happened on each day (days since 1970 UTC), counted as it is traced.
CREATE TABLE daily_counts (
    tenant TEXT NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, kind)
) /*rowid*/;
CREATE INDEX daily_counts_by_day ON daily_counts (day);

-- Texts of mails that a tenant wrote itself, what became of each mail, and, in dev mode, the mail.

CREATE TABLE mail_templates (
    tenant TEXT NOT NULL,
    template TEXT NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, template, language)
);

-- The delivery log; the text of a mail is not in it.
CREATE TABLE mails (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    template TEXT NOT NULL,
    language TEXT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    answer TEXT NOT NULL,
    flow TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX mails_by_age ON mails (created_at);
CREATE INDEX mails_by_state ON mails (tenant, state, id);
CREATE INDEX mails_by_recipient ON mails (tenant, recipient, id);

CREATE TABLE inbox (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX inbox_by_age ON inbox (created_at);

//! The tables as diesel sees them. Hand-written and shared by both databases: Text, BigInt, Bool
//! and Binary only. The migrations are the truth; `tests/schema.rs` compares the two.

#![allow(missing_docs)]

diesel::table! { meta (name) { name -> Text, value -> Binary, } }

diesel::table! {
    tenants (id) {
        id -> Text, slug -> Text, name -> Text, environment -> Text, status -> Text,
        host -> Nullable<Text>, brand -> Text, version -> BigInt, created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (tenant, id) {
        tenant -> Text, id -> Text, algorithm -> Text, sealed -> Binary, public_jwk -> Text,
        publish_at -> BigInt, sign_from -> BigInt, retire_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    applications (tenant, id) {
        tenant -> Text, id -> Text, name -> Text, name_key -> Text, kind -> Text,
        disabled -> Bool, first_party -> Bool, config -> Text, version -> BigInt,
        created_at -> BigInt, updated_at -> BigInt,
    }
}

diesel::table! {
    application_secrets (tenant, application, id) {
        tenant -> Text, application -> Text, id -> Text, hint -> Text, hash -> Binary,
        created_at -> BigInt, expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    users (tenant, id) {
        tenant -> Text, id -> Text, email -> Text, email_key -> Text, email_verified -> Bool,
        name -> Text, profile -> Text, password -> Nullable<Text>, blocked -> Bool,
        epoch -> BigInt, version -> BigInt, created_at -> BigInt, updated_at -> BigInt,
        last_sign_in_at -> Nullable<BigInt>, name_key -> Text, custom -> Text, sources -> Text,
        external_id -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (tenant, id) {
        tenant -> Text, id -> Text, user_id -> Text, kind -> Text, token_hash -> Binary,
        amr -> Text, epoch -> BigInt, remember -> Bool, ip -> Text, user_agent -> Text,
        created_at -> BigInt, authenticated_at -> BigInt, seen_at -> BigInt, idle_us -> BigInt,
        expires_at -> BigInt, ended_at -> Nullable<BigInt>, connection -> Text,
    }
}

diesel::table! {
    grants (tenant, id) {
        tenant -> Text, id -> Text, application -> Text, user_id -> Text, session -> Text,
        code -> Text, scopes -> Text, nonce -> Nullable<Text>, amr -> Text,
        claims -> Nullable<Text>, authenticated_at -> BigInt, epoch -> BigInt, offline -> Bool,
        sealed_key -> Binary, generation -> BigInt, rotated_at -> BigInt, idle_us -> BigInt,
        created_at -> BigInt, expires_at -> BigInt, revoked_at -> Nullable<BigInt>,
        revoked_why -> Nullable<Text>,
    }
}

diesel::table! {
    spent (tenant, kind, id) {
        tenant -> Text, kind -> Text, id -> Text, result -> Text, until -> BigInt,
    }
}

diesel::table! {
    consents (tenant, user_id, application, api) {
        tenant -> Text, user_id -> Text, application -> Text, api -> Text, scopes -> Text,
        created_at -> BigInt, updated_at -> BigInt,
    }
}

diesel::table! {
    guesses (tenant, id) {
        tenant -> Text, id -> Text, failures -> BigInt, refused_until -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    links (tenant, id) {
        tenant -> Text, id -> Text, kind -> Text, user_id -> Text, token_hash -> Binary,
        created_at -> BigInt, expires_at -> BigInt, used_at -> Nullable<BigInt>, payload -> Text,
    }
}

diesel::table! {
    role_assignments (tenant, actor, role) {
        tenant -> Text, actor -> Text, role -> Text, created_at -> BigInt,
    }
}

diesel::table! {
    audit (tenant, id) {
        tenant -> Text, id -> Text, at -> BigInt, actor -> Text, actor_kind -> Text,
        action -> Text, object -> Text, detail -> Text, request -> Text, ip -> Text,
    }
}

diesel::table! {
    traces (tenant, flow, id) {
        tenant -> Text, flow -> Text, id -> Text, at -> BigInt, step -> Text, code -> Text,
        application -> Text, user_id -> Text, detail -> Text, times -> BigInt,
        support -> Text, connection -> Text, outcome -> Text,
    }
}

diesel::table! {
    flows (tenant, id) { tenant -> Text, id -> Text, sealed -> Binary, expires_at -> BigInt, }
}

diesel::table! {
    jobs (name) {
        name -> Text, holder -> Text, leased_until -> BigInt, due_at -> BigInt,
        ran_at -> BigInt, last_error -> Text,
    }
}

diesel::table! {
    outbox (tenant, id) {
        tenant -> Text, id -> Text, kind -> Text, payload -> Text, due_at -> BigInt,
        attempts -> BigInt, holder -> Text, leased_until -> BigInt,
    }
}

diesel::table! {
    deletions (tenant, kind, id) { tenant -> Text, kind -> Text, id -> Text, due_at -> BigInt, }
}

diesel::table! {
    settings (tenant, name) {
        tenant -> Text, name -> Text, body -> Text, version -> BigInt, updated_at -> BigInt,
    }
}

diesel::table! {
    daily_counts (tenant, day, kind) {
        tenant -> Text, day -> BigInt, kind -> Text, total -> BigInt,
    }
}

diesel::table! {
    connections (tenant, id) {
        tenant -> Text, id -> Text, code -> Text, name -> Text, kind -> Text, preset -> Text,
        enabled -> Bool, position -> BigInt, config -> Text, sealed_secret -> Nullable<Binary>,
        mapping -> Text, mapping_version -> BigInt, tested_at -> Nullable<BigInt>,
        test_code -> Text, checked_at -> Nullable<BigInt>, check_code -> Text,
        secret_expires_at -> Nullable<BigInt>, version -> BigInt, created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    mapping_versions (tenant, connection, version) {
        tenant -> Text, connection -> Text, version -> BigInt, mapping -> Text, author -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    identities (tenant, connection, issuer, subject) {
        tenant -> Text, connection -> Text, issuer -> Text, subject -> Text, id -> Text,
        user_id -> Text, label -> Text, sealed_profile -> Binary, mapping_version -> BigInt,
        linked_by -> Text, linked_from -> Text, created_at -> BigInt, signed_in_at -> BigInt,
    }
}

diesel::table! {
    connection_tests (tenant, id) {
        tenant -> Text, id -> Text, connection -> Text, actor -> Text, state -> Text,
        sealed -> Binary, created_at -> BigInt, expires_at -> BigInt,
    }
}

diesel::table! {
    batches (tenant, id) {
        tenant -> Text, id -> Text, kind -> Text, input -> Text, state -> Text, place -> Text,
        total -> BigInt, done -> BigInt, failed -> BigInt, last_error -> Text, actor -> Text,
        actor_name -> Text, holder -> Text, leased_until -> BigInt, created_at -> BigInt,
        updated_at -> BigInt, expires_at -> BigInt,
    }
}

diesel::table! {
    batch_parts (tenant, batch, side, seq) {
        tenant -> Text, batch -> Text, side -> Text, seq -> BigInt, sealed -> Binary,
    }
}

diesel::table! {
    mail_templates (tenant, template, language) {
        tenant -> Text, template -> Text, language -> Text, body -> Text, version -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    mails (tenant, id) {
        tenant -> Text, id -> Text, template -> Text, language -> Text, recipient -> Text,
        state -> Text, attempts -> BigInt, answer -> Text, flow -> Text, created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    inbox (tenant, id) {
        tenant -> Text, id -> Text, sealed -> Binary, created_at -> BigInt,
    }
}

diesel::table! {
    organizations (tenant, id) {
        tenant -> Text, id -> Text, slug -> Text, name -> Text, metadata -> Text,
        version -> BigInt, created_at -> BigInt, updated_at -> BigInt,
    }
}

diesel::table! {
    organization_roles (tenant, name) {
        tenant -> Text, name -> Text, description -> Text, created_at -> BigInt,
    }
}

diesel::table! {
    members (tenant, organization, user_id) {
        tenant -> Text, organization -> Text, user_id -> Text, roles -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    invitations (tenant, id) {
        tenant -> Text, id -> Text, kind -> Text, organization -> Text, email -> Text,
        email_key -> Text, roles -> Text, token_hash -> Binary, invited_by -> Text,
        created_at -> BigInt, expires_at -> BigInt, ended_at -> Nullable<BigInt>, outcome -> Text,
    }
}

diesel::table! {
    assets (tenant, id) {
        tenant -> Text, id -> Text, media_type -> Text, body -> Binary, width -> BigInt,
        height -> BigInt, created_at -> BigInt, until -> BigInt,
    }
}

diesel::table! {
    domains (tenant, host) {
        tenant -> Text, host -> Text, token -> Text, proven_at -> Nullable<BigInt>,
        proven_by -> Text, checked_at -> Nullable<BigInt>, last_error -> Text,
        created_at -> BigInt, due_at -> BigInt, failing_since -> Nullable<BigInt>,
    }
}

diesel::table! {
    nodes (name) {
        name -> Text, version -> Text, started_at -> BigInt, seen_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    applications,
    application_secrets,
    users,
    sessions,
    grants,
    consents,
    tenants,
    role_assignments,
    connections,
    identities,
    organizations,
    members
);

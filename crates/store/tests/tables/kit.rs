//! Rows for tests, told apart by a number, and a tenant filled with one of each. Rows of two tenants
//! have the same ids, addresses and tokens, and differ in what else they hold.

mod filled;
mod identities;
mod mails;
mod persons;

pub use filled::fill;
pub use identities::{connection_test, identity};
pub use mails::{domain, entry, link, mail, message, node, role, trace};
pub use persons::{batch, invitation, member, organization, organization_role};

use crate::common::{Scratch, tenant};
use store::applications::{ApplicationRow, SecretRow};
use store::assets::AssetRow;
use store::connections::ConnectionRow;
use store::grants::GrantRow;
use store::mapping_versions::MappingVersionRow;
use store::sessions::SessionRow;
use store::signing_keys::SigningKeyRow;
use store::tenants::Tenant;
use store::users::UserRow;
use store::{
    ApplicationId, AssetId, AuditId, BatchId, ConnectionId, Db, Error, GrantId, IdentityId,
    InvitationId, KeyId, LinkId, MailId, OrganizationId, SecretId, SessionId, TenantId, TestId,
    Timestamp, Tx, UserId, migrate,
};

/// The time of most rows.
pub const NOW: Timestamp = Timestamp(1_000_000_000_000_000);
pub const SECOND: i64 = 1_000_000;

pub fn at(seconds: i64) -> Timestamp {
    NOW.plus_seconds(seconds)
}

macro_rules! id {
    ($($name:ident: $id:ident,)*) => {$(
        pub fn $name(n: u32) -> $id {
            $id::parse(&format!("{}{n:026}", $id::PREFIX)).unwrap()
        }
    )*};
}
id! {
    app: ApplicationId, usr: UserId, ses: SessionId, gra: GrantId, key: KeyId, sec: SecretId,
    lnk: LinkId, aud: AuditId, con: ConnectionId, idn: IdentityId, org: OrganizationId,
    inv: InvitationId, job: BatchId, eml: MailId, img: AssetId, tst: TestId,
}

/// What tells the rows of one tenant from those of another.
pub fn mark(t: &TenantId) -> i64 {
    t.as_str()[4..].parse().unwrap()
}

pub fn hash(n: u32) -> [u8; 32] {
    [n as u8; 32]
}

pub fn tenant_row(n: u32) -> Tenant {
    Tenant {
        id: tenant(n),
        slug: format!("slug-{n}"),
        name: format!("Tenant {n}"),
        environment: "production".into(),
        status: "active".into(),
        host: Some(format!("h{n}.example")),
        brand: "#2f47b0".into(),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn application(t: &TenantId, n: u32) -> ApplicationRow {
    ApplicationRow {
        tenant: t.clone(),
        id: app(n),
        name: format!("App {n} of {}", mark(t)),
        name_key: format!("app {n} of {}", mark(t)),
        kind: "web".into(),
        disabled: false,
        first_party: false,
        config: "{}".into(),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn secret(t: &TenantId, n: u32) -> SecretRow {
    SecretRow {
        tenant: t.clone(),
        application: app(1),
        id: sec(n),
        hint: format!("ts_{}", mark(t)),
        hash: hash(n).to_vec(),
        created_at: NOW,
        expires_at: None,
    }
}

pub fn user(t: &TenantId, n: u32) -> UserRow {
    UserRow {
        tenant: t.clone(),
        id: usr(n),
        email: format!("U{n}@example.org"),
        email_key: format!("u{n}@example.org"),
        email_verified: true,
        name: format!("User {n} of {}", mark(t)),
        profile: "{}".into(),
        password: Some("phc".into()),
        blocked: false,
        epoch: 0,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
        last_sign_in_at: None,
        name_key: format!("user {n} of {}", mark(t)),
        custom: "{}".into(),
        sources: "{}".into(),
        external_id: Some(format!("ext-{n}")),
    }
}

/// A session of user 1: idle after an hour, over after a day.
pub fn session(t: &TenantId, n: u32) -> SessionRow {
    SessionRow {
        tenant: t.clone(),
        id: ses(n),
        user_id: usr(1),
        kind: "sso".into(),
        token_hash: hash(n).to_vec(),
        amr: format!("pwd {}", mark(t)),
        epoch: 0,
        remember: false,
        ip: "192.0.2.1".into(),
        user_agent: "test".into(),
        created_at: NOW,
        authenticated_at: NOW,
        seen_at: NOW,
        idle_us: 3600 * SECOND,
        expires_at: at(86_400),
        ended_at: None,
        connection: String::new(),
    }
}

/// A grant of user 1 to application 1 in session 1.
pub fn grant(t: &TenantId, n: u32) -> GrantRow {
    GrantRow {
        tenant: t.clone(),
        id: gra(n),
        application: app(1),
        user_id: usr(1),
        session: ses(1),
        code: format!("code-{n}"),
        scopes: format!("openid {}", mark(t)),
        nonce: None,
        amr: "pwd".into(),
        claims: None,
        authenticated_at: NOW,
        epoch: 0,
        offline: true,
        sealed_key: vec![1],
        generation: 0,
        rotated_at: NOW,
        idle_us: 3600 * SECOND,
        created_at: at(mark(t)),
        expires_at: at(90 * 86_400),
        revoked_at: None,
        revoked_why: None,
    }
}

pub fn signing_key(t: &TenantId, n: u32) -> SigningKeyRow {
    SigningKeyRow {
        tenant: t.clone(),
        id: key(n),
        algorithm: "ES256".into(),
        sealed: vec![n as u8],
        public_jwk: format!("{{\"of\":{}}}", mark(t)),
        publish_at: NOW,
        sign_from: NOW,
        retire_at: None,
        created_at: NOW,
    }
}

pub fn connection(t: &TenantId, n: u32) -> ConnectionRow {
    ConnectionRow {
        tenant: t.clone(),
        id: con(n),
        code: format!("up-{n}"),
        name: format!("Upstream {n} of {}", mark(t)),
        kind: "oidc".into(),
        preset: String::new(),
        enabled: true,
        position: i64::from(n),
        config: format!("{{\"client_id\":\"of {}\"}}", mark(t)),
        sealed_secret: Some(vec![n as u8]),
        mapping: "{\"rules\":[]}".into(),
        mapping_version: 1,
        tested_at: None,
        test_code: String::new(),
        checked_at: None,
        check_code: String::new(),
        secret_expires_at: None,
        version: 1,
        created_at: at(mark(t)),
        updated_at: NOW,
    }
}

pub fn mapping_version(t: &TenantId, n: u32) -> MappingVersionRow {
    MappingVersionRow {
        tenant: t.clone(),
        connection: con(1),
        version: i64::from(n),
        mapping: format!("{{\"of\":{}}}", mark(t)),
        author: "Ann".into(),
        created_at: NOW,
    }
}

pub fn asset(t: &TenantId, n: u32) -> AssetRow {
    AssetRow {
        tenant: t.clone(),
        id: img(n),
        media_type: "image/png".into(),
        body: format!("of {}", mark(t)).into_bytes(),
        width: 120,
        height: 40,
        created_at: NOW,
        until: at(mark(t) + 100),
    }
}

/// The database, opened and migrated.
pub fn migrated(scratch: &Scratch) -> Db {
    let db = scratch.open();
    migrate::up(&db, Timestamp(1)).unwrap();
    db
}

/// Runs one write of a tenant.
pub fn write<T>(db: &Db, t: &TenantId, f: impl FnMut(&mut Tx) -> Result<T, Error>) -> T {
    db.write(t, f).unwrap()
}

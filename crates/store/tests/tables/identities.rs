//! Rows of identities and of tests of connections; part of `kit`.

use super::{NOW, at, con, idn, mark, tst, usr};
use store::TenantId;
use store::connection_tests::ConnectionTestRow;
use store::identities::IdentityRow;

pub fn identity(t: &TenantId, n: u32) -> IdentityRow {
    IdentityRow {
        tenant: t.clone(),
        connection: con(1),
        issuer: "https://up.example".into(),
        subject: format!("subject-{n}"),
        id: idn(n),
        user_id: usr(1),
        label: format!("of {}", mark(t)),
        sealed_profile: vec![n as u8],
        mapping_version: 1,
        linked_by: "sign_up".into(),
        linked_from: "192.0.2.1".into(),
        created_at: NOW,
        signed_in_at: NOW,
    }
}

pub fn connection_test(t: &TenantId, n: u32) -> ConnectionTestRow {
    ConnectionTestRow {
        tenant: t.clone(),
        id: tst(n),
        connection: con(1),
        actor: usr(1).as_str().into(),
        state: "running".into(),
        sealed: vec![n as u8],
        created_at: NOW,
        expires_at: at(86_400),
    }
}

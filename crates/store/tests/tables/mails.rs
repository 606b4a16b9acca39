//! Rows of mails, nodes and hosts.

use super::{NOW, at, eml, mark};
use store::domains::DomainRow;
use store::mails::MailRow;
use store::nodes::NodeRow;
use store::{TenantId, Timestamp};

pub fn mail(t: &TenantId, n: u32) -> MailRow {
    MailRow {
        tenant: t.clone(),
        id: eml(n),
        template: "test".into(),
        language: "en".into(),
        recipient: "u1@example.org".into(),
        state: "queued".into(),
        attempts: 0,
        answer: format!("of {}", mark(t)),
        flow: String::new(),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn node(name: &str, seen: i64) -> NodeRow {
    NodeRow { name: name.into(), version: "1".into(), started_at: NOW, seen_at: at(seen) }
}

pub fn domain(t: &TenantId, n: u32) -> DomainRow {
    DomainRow {
        tenant: t.clone(),
        host: format!("d{n}.example"),
        token: format!("token of {}", mark(t)),
        proven_at: Some(Timestamp(mark(t))),
        proven_by: "dns".into(),
        checked_at: None,
        last_error: String::new(),
        created_at: NOW,
        due_at: at(60),
        failing_since: None,
    }
}

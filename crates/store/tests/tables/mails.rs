//! Rows of what is noted and of what waits: mails, hosts, links, roles, the audit, traces.

use super::{NOW, at, aud, con, eml, hash, lnk, mark, usr};
use store::audit::AuditRow;
use store::domains::DomainRow;
use store::links::LinkRow;
use store::mails::MailRow;
use store::nodes::NodeRow;
use store::outbox::OutboxRow;
use store::roles::RoleRow;
use store::traces::TraceRow;
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

pub fn link(t: &TenantId, n: u32) -> LinkRow {
    LinkRow {
        tenant: t.clone(),
        id: lnk(n),
        kind: "set_password".into(),
        user_id: usr(1).as_str().into(),
        token_hash: hash(n).to_vec(),
        created_at: at(mark(t)),
        expires_at: at(3600),
        used_at: None,
        payload: String::new(),
    }
}

pub fn role(t: &TenantId, n: u32) -> RoleRow {
    RoleRow { tenant: t.clone(), actor: usr(n), role: "admin".into(), created_at: at(mark(t)) }
}

pub fn entry(t: &TenantId, n: u32) -> AuditRow {
    AuditRow {
        tenant: t.clone(),
        id: aud(n),
        at: NOW,
        actor: "cli".into(),
        actor_kind: "cli".into(),
        action: "user.create".into(),
        object: usr(1).as_str().into(),
        detail: format!("{{\"of\":{}}}", mark(t)),
        request: String::new(),
        ip: String::new(),
    }
}

pub fn trace(t: &TenantId, n: u32) -> TraceRow {
    TraceRow {
        tenant: t.clone(),
        flow: "flow".into(),
        id: format!("trace-{n:04}"),
        at: NOW,
        step: "password".into(),
        code: "ok".into(),
        application: String::new(),
        user_id: usr(1).as_str().into(),
        detail: format!("{{\"of\":{}}}", mark(t)),
        times: 1,
        support: "flow".into(),
        connection: con(1).as_str().into(),
        outcome: "failed".into(),
    }
}

pub fn message(t: &TenantId, n: u32) -> OutboxRow {
    OutboxRow {
        tenant: t.clone(),
        id: format!("message-{n:04}"),
        kind: "mail".into(),
        payload: format!("{{\"of\":{}}}", mark(t)),
        due_at: NOW,
        attempts: 0,
        holder: String::new(),
        leased_until: Timestamp(0),
    }
}

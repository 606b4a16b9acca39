//! Rows about the people of a tenant: organizations, members, invitations, batches.

use super::{NOW, at, hash, inv, job, mark, org, usr};
use store::batches::BatchRow;
use store::invitations::InvitationRow;
use store::members::MemberRow;
use store::organizations::{OrganizationRoleRow, OrganizationRow};
use store::{TenantId, Timestamp};

pub fn organization(t: &TenantId, n: u32) -> OrganizationRow {
    OrganizationRow {
        tenant: t.clone(),
        id: org(n),
        slug: format!("org-{n}"),
        name: format!("Organization {n} of {}", mark(t)),
        metadata: "{}".into(),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn organization_role(t: &TenantId, n: u32) -> OrganizationRoleRow {
    let description = format!("of {}", mark(t));
    let name = format!("role-{n}");
    OrganizationRoleRow { tenant: t.clone(), name, description, created_at: NOW }
}

/// A membership of user 1.
pub fn member(t: &TenantId, n: u32) -> MemberRow {
    MemberRow {
        tenant: t.clone(),
        organization: org(n),
        user_id: usr(1),
        roles: format!("role-{}", mark(t)),
        created_at: at(mark(t)),
    }
}

pub fn invitation(t: &TenantId, n: u32) -> InvitationRow {
    InvitationRow {
        tenant: t.clone(),
        id: inv(n),
        kind: "organization".into(),
        organization: org(1).as_str().into(),
        email: format!("I{n}@example.org"),
        email_key: format!("i{n}@example.org"),
        roles: String::new(),
        token_hash: hash(n).to_vec(),
        invited_by: format!("Ann of {}", mark(t)),
        created_at: NOW,
        expires_at: at(3600),
        ended_at: None,
        outcome: "link".into(),
    }
}

pub fn batch(t: &TenantId, n: u32) -> BatchRow {
    BatchRow {
        tenant: t.clone(),
        id: job(n),
        kind: "user.block".into(),
        input: format!("{{\"of\":{}}}", mark(t)),
        state: "running".into(),
        place: String::new(),
        total: -1,
        done: 0,
        failed: 0,
        last_error: String::new(),
        actor: "cli".into(),
        actor_name: "cli".into(),
        holder: String::new(),
        leased_until: Timestamp(0),
        created_at: NOW,
        updated_at: NOW,
        expires_at: at(86_400),
    }
}

//! What hangs on a user, tab by tab: identities, what they allowed applications, organizations, and
//! what happened lately.

use actix_web::HttpResponse;
use directory::Action;
use directory::users::access::{self, Event};
use protocol::catalogue;
use store::Timestamp;
use store::audit::AuditRow;
use web::Fault;

use super::{HERE, find, head};
use crate::audit;
use crate::desk::InTenant;
use crate::logs::words;
use crate::views::Confirm;
use crate::views::users::{
    Activity, ActivityLine, ConsentLine, Consents, Identities, IdentityLine, MembershipLine,
    Memberships, UserHead,
};
use crate::visit::{Posted, Visit};

/// `GET …/users/{user}/identities`.
pub(crate) async fn identities(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit
        .tenant(move |desk| {
            let head = head(desk, &find(desk, &id)?, "identities");
            let found = access::identities(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            let rows = found.iter().map(|one| identity(desk, &head, one)).collect();
            let may = desk.may(Action::UserUpdate);
            desk.show(&Identities { shell: desk.shell(HERE)?, head, rows, may })
        })
        .await
}

fn identity(desk: &InTenant, head: &UserHead, one: &access::Identity) -> IdentityLine {
    let gone = || "A connection that is gone".to_owned();
    IdentityLine {
        connection: Some(one.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(gone),
        label: if one.label.is_empty() { one.subject.clone() } else { one.label.clone() },
        subject: one.subject.clone(),
        linked: desk.when(Timestamp(one.created_at)),
        used: desk.when(Timestamp(one.signed_in_at)),
        unlink: format!("{}/identities/{}/unlink", head.url, one.id),
    }
}

/// `GET …/users/{user}/identities/{identity}/unlink`.
pub(crate) async fn ask_unlink(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, identity) = (visit.segment("user"), visit.segment("identity"));
    visit.tenant(move |desk| confirm_unlink(desk, &id, &identity)).await
}

fn confirm_unlink(desk: &InTenant, id: &str, identity: &str) -> crate::desk::Outcome {
    let user = find(desk, id)?;
    let head = head(desk, &user, "identities");
    let found = access::identities(desk.ctx, &desk.actor, &desk.tenant.id, id)?;
    let last = found.len() == 1 && user.password.is_none();
    let one = found.into_iter().find(|one| one.id.as_str() == identity);
    let line = self::identity(desk, &head, &one.ok_or_else(Fault::not_found)?);
    let mut effects = vec![
        "Sessions that were signed in with it end at once.".to_owned(),
        "It appears again if they prove both and link it anew.".to_owned(),
    ];
    if last {
        effects.push("They have no password and no other identity: send them a link.".into());
    }
    desk.show(&Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Unlink {} at {}?", line.label, line.connection),
        lead: format!("{} cannot sign in with it any more.", head.name),
        effects,
        action: line.unlink,
        button: "Unlink identity".to_owned(),
        back: format!("{}/identities", head.url),
        ..Confirm::default()
    })
}

/// `POST …/users/{user}/identities/{identity}/unlink`.
pub(crate) async fn unlink(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, identity) = (posted.visit.segment("user"), posted.visit.segment("identity"));
    posted
        .tenant(move |desk, _| {
            find(desk, &id)?;
            access::unlink(desk.ctx, &desk.actor, &desk.tenant.id, &id, &identity)?;
            desk.done(&desk.url(&format!("{HERE}/{id}/identities")), "The identity is unlinked.")
        })
        .await
}

/// `GET …/users/{user}/consents`.
pub(crate) async fn consents(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit
        .tenant(move |desk| {
            let head = head(desk, &find(desk, &id)?, "consents");
            let found = access::consents(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            let row = |one: access::Consent| ConsentLine {
                url: match one.name.is_empty() {
                    true => String::new(),
                    false => desk.url(&format!("/applications/{}", one.application)),
                },
                scopes: one.scopes,
                since: desk.when(Timestamp(one.created_at)),
                last: desk.when(Timestamp(one.updated_at)),
                revoke: format!("{}/consents/{}/revoke", head.url, one.application),
                name: one.name,
            };
            let rows = found.into_iter().map(row).collect();
            let may = desk.may(Action::UserUpdate);
            desk.show(&Consents { shell: desk.shell(HERE)?, head: head.clone(), rows, may })
        })
        .await
}

/// `POST …/users/{user}/consents/{application}/revoke`.
pub(crate) async fn revoke(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, application) = (posted.visit.segment("user"), posted.visit.segment("application"));
    posted.tenant(move |desk, _| take_back(desk, &id, Some(&application))).await
}

/// `POST …/users/{user}/consents/revoke`.
pub(crate) async fn revoke_all(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted.tenant(move |desk, _| take_back(desk, &id, None)).await
}

fn take_back(desk: &InTenant, id: &str, application: Option<&str>) -> crate::desk::Outcome {
    find(desk, id)?;
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    access::revoke_consents(ctx, actor, tenant, id, application)?;
    let text = "It is revoked, and what was issued on it has ended.";
    desk.done(&desk.url(&format!("{HERE}/{id}/consents")), text)
}

/// `GET …/users/{user}/organizations`.
pub(crate) async fn organizations(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit
        .tenant(move |desk| {
            let head = head(desk, &find(desk, &id)?, "organizations");
            let found = access::memberships(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            let row = |one: store::members::Membership| MembershipLine {
                url: desk.url(&format!("/organizations/{}", one.organization)),
                name: one.name,
                roles: one.roles,
                since: desk.when(one.created_at),
            };
            let organizations = desk.url("/organizations");
            let rows = found.into_iter().map(row).collect();
            desk.show(&Memberships { shell: desk.shell(HERE)?, head, rows, organizations })
        })
        .await
}

/// `GET …/users/{user}/activity`.
pub(crate) async fn activity(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit
        .tenant(move |desk| {
            let head = head(desk, &find(desk, &id)?, "activity");
            let found = access::activity(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            let rows = found.iter().map(|event| line(desk, event, &id)).collect();
            desk.show(&Activity { shell: desk.shell(HERE)?, head, rows })
        })
        .await
}

fn line(desk: &InTenant, event: &Event, user: &str) -> ActivityLine {
    let when = desk.when(event.at());
    match event {
        Event::Change(row) => ActivityLine {
            class: "off",
            what: audit::words(&row.action),
            detail: by(row, user).to_owned(),
            when,
        },
        Event::Step(row) if row.code == "ok" => {
            ActivityLine { class: "ok", what: words::step(&row.step), detail: String::new(), when }
        }
        Event::Step(row) => ActivityLine {
            class: "bad",
            what: words::title_of(&row.code),
            detail: catalogue::entry(&row.code).admin.to_owned(),
            when,
        },
    }
}

/// Who did it, where it was not the person themselves.
fn by(row: &AuditRow, user: &str) -> &'static str {
    match row.actor_kind.as_str() {
        "user" if row.actor == user => "",
        "user" => "by an admin",
        "cli" => "on the command line",
        _ => "by Tessera",
    }
}

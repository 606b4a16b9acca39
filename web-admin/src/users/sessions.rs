//! The sessions of a user: ending one, ending all.

use actix_web::HttpResponse;
use directory::Action;
use directory::sessions::{self, Session};
use store::Timestamp;
use web::{Fault, QueryParams};

use super::{HERE, find, head};
use crate::desk::InTenant;
use crate::views::users::{SessionLine, Sessions, UserHead};
use crate::views::{Confirm, Pager, State};
use crate::visit::{Posted, Visit};

fn line(desk: &InTenant, head: &UserHead, session: &Session) -> SessionLine {
    let over = session.ended_at.is_some() || session.expires_at <= desk.now().0;
    SessionLine {
        device: device(&session.user_agent),
        ip: session.ip.clone(),
        state: if over { State::new("off", "Ended") } else { State::new("ok", "Signed in") },
        began: desk.when(Timestamp(session.created_at)),
        seen: desk.when(Timestamp(session.seen_at)),
        end: if over { String::new() } else { format!("{}/sessions/{}/end", head.url, session.id) },
    }
}

/// A browser's own name for itself in two words. It is hostile text: only known words come out.
fn device(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}

/// `GET …/users/{user}/sessions`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, after) = (visit.segment("user"), query.0.get("after").map(str::to_owned));
    visit
        .tenant(move |desk| {
            let head = head(desk, &find(desk, &id)?, "sessions");
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            let after = after.as_deref();
            let page = sessions::list(ctx, actor, tenant, Some(&id), after, Some(25))?;
            let path = format!("{}/sessions", head.url);
            desk.show(&Sessions {
                shell: desk.shell(HERE)?,
                pager: Pager::new(&path, "", after, page.next.as_deref()),
                sessions: page.items.iter().map(|one| line(desk, &head, one)).collect(),
                may_end: desk.may(Action::SessionRevoke),
                head,
            })
        })
        .await
}

/// `POST …/users/{user}/sessions/{session}/end`.
pub(crate) async fn end(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, session) = (posted.visit.segment("user"), posted.visit.segment("session"));
    posted
        .tenant(move |desk, _| {
            find(desk, &id)?;
            sessions::revoke(desk.ctx, &desk.actor, &desk.tenant.id, &session)?;
            desk.done(&desk.url(&format!("{HERE}/{id}/sessions")), "The session is ended.")
        })
        .await
}

/// `GET …/users/{user}/sessions/end`.
pub(crate) async fn ask_end_all(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit
        .tenant(move |desk| {
            let head = head(desk, &find(desk, &id)?, "sessions");
            desk.show(&Confirm {
                shell: desk.shell(HERE)?,
                title: format!("Sign {} out everywhere?", head.name),
                lead: "They can sign in again at once.".to_owned(),
                effects: vec![
                    "Ends every session in every browser.".to_owned(),
                    "Refresh tokens and access tokens they have stop working here.".to_owned(),
                ],
                action: format!("{}/sessions/end", head.url),
                button: "Sign out everywhere".to_owned(),
                back: format!("{}/sessions", head.url),
                ..Confirm::default()
            })
        })
        .await
}

/// `POST …/users/{user}/sessions/end`.
pub(crate) async fn end_all(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted
        .tenant(move |desk, _| {
            let ended = sessions::revoke_all(desk.ctx, &desk.actor, &desk.tenant.id, &id)?;
            let text = match ended {
                1 => "1 session is ended.".to_owned(),
                many => format!("{many} sessions are ended."),
            };
            desk.done(&desk.url(&format!("{HERE}/{id}/sessions")), text)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_named_in_known_words_only() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/1 Safari/537.36";
        assert_eq!(device(chrome), "Chrome on Linux");
        assert_eq!(device("<script>alert(1)</script>"), "Unknown browser");
        assert_eq!(device("curl/8"), "curl");
    }
}

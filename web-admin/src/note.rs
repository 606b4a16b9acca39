//! What an action leaves for the page after it: a sentence, or a secret that is shown once.
//!
//! The browser carries it there in a cookie that is sealed to the session and to the page, lives
//! two minutes and is removed when the page is shown. So a reload repeats nothing, and neither an
//! address nor the database ever holds a secret.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use context::{Ctx, Settings};
use serde::{Deserialize, Serialize};
use store::TenantId;
use vault::Purpose;

/// How long it waits for its page, in seconds.
const LIFETIME_S: i64 = 120;

/// A sentence, or a secret with what it is.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) struct Note {
    #[serde(rename = "p")]
    path: String,
    #[serde(rename = "a")]
    at: i64,
    /// What happened, as a sentence.
    #[serde(rename = "t")]
    pub(crate) text: String,
    /// A secret or a one-time link; usually nothing.
    #[serde(rename = "s", default, skip_serializing_if = "String::is_empty")]
    pub(crate) secret: String,
}

impl Note {
    /// A sentence for the page at `path`.
    pub(crate) fn said(path: &str, text: impl Into<String>) -> Note {
        Note { path: path.to_owned(), at: 0, text: text.into(), secret: String::new() }
    }

    /// With a secret that this page shows and no other.
    pub(crate) fn with_secret(mut self, secret: &str) -> Note {
        secret.clone_into(&mut self.secret);
        self
    }

    /// The value of the cookie; empty when it cannot be made, which leaves the note out.
    pub(crate) fn seal(mut self, ctx: &Ctx, session: &str) -> String {
        self.at = ctx.now_s();
        let Ok(plain) = serde_json::to_vec(&self) else { return String::new() };
        let tenant = TenantId::system();
        let extra = extra(session);
        ctx.vault.seal_text(Purpose::Cookie, tenant.as_str(), &extra, self.at, &plain)
    }

    /// Reads the cookie of a session, if the note is for the page at `path` and still fresh.
    pub(crate) fn open(ctx: &Ctx, session: &str, path: &str, sealed: &str) -> Option<Note> {
        let tenant = TenantId::system();
        let extra = extra(session);
        let opened = ctx.vault.open_text(Purpose::Cookie, tenant.as_str(), &extra, sealed).ok()?;
        let note: Note = serde_json::from_slice(&opened).ok()?;
        let age = ctx.now_s() - note.at;
        ((-60..LIFETIME_S).contains(&age) && note.path == path).then_some(note)
    }
}

fn extra(session: &str) -> Vec<u8> {
    format!("console-note {session}").into_bytes()
}

/// The cookie's name at this installation.
pub(crate) fn cookie_name(settings: &Settings) -> &'static str {
    if settings.https() { "__Host-console-note" } else { "console-note" }
}

/// The cookie with a sealed note; with nothing it removes itself.
pub(crate) fn cookie(settings: &Settings, sealed: &str) -> Cookie<'static> {
    let life = if sealed.is_empty() { 0 } else { LIFETIME_S };
    Cookie::build(cookie_name(settings), sealed.to_owned())
        .path("/")
        .http_only(true)
        .secure(settings.https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(life))
        .finish()
}

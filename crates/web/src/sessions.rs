//! The console's sign-in, kept by actix-session over the rows of the sessions table.
//!
//! The cookie holds a random token, the row its hash; nothing else is stored. `load` reads the row,
//! `save` adopts the token of a session that has been committed, `update` writes nothing and so can
//! bring no ended session back, `delete` ends the row. Making a console session is left to the
//! console's use case; end users' sessions have cookies of their own (`cookies`).

use std::collections::HashMap;

use actix_session::config::{BrowserSession, CookieContentSecurity};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use context::Ctx;
use store::sessions::SessionRow;
use store::{SessionId, TenantId, Timestamp, UserId};
use vault::session_token_hash;

use crate::State;
use crate::runner;

/// `kind` of the console's rows in the sessions table.
pub const CONSOLE_KIND: &str = "console";

const TOKEN: &str = "token";
const USER: &str = "user";
const SESSION: &str = "session";
/// How far behind the note of the last use may be, in microseconds.
const SEEN_EVERY_US: i64 = 5 * 60 * 1_000_000;

/// What went wrong below actix-session. The texts are fixed: the pipeline tells an outage by its.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SessionFault {
    /// The database cannot be asked now.
    #[error("the console's sessions cannot be read now")]
    Outage,
    /// A handler put something into a session that it did not begin.
    #[error("a console session was saved without a token")]
    NoToken,
}

/// Who is signed in to the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleSession {
    /// The session row.
    pub session: SessionId,
    /// The user, of the system tenant.
    pub user: UserId,
}

impl ConsoleSession {
    /// Reads the session of a request; `None` when nobody is signed in.
    pub fn of(session: &Session) -> Option<ConsoleSession> {
        let text = |name: &str| session.get::<String>(name).ok().flatten();
        Some(ConsoleSession {
            session: SessionId::parse(&text(SESSION)?)?,
            user: UserId::parse(&text(USER)?)?,
        })
    }

    /// Begins a session whose row has been committed: the old one of this browser ends, the cookie
    /// takes the new token.
    pub fn begin(session: &Session, token: &str) {
        session.renew();
        // A string always becomes JSON; if not, `save` refuses and the answer is a 500.
        drop(session.insert(TOKEN, token));
    }

    /// Ends the session of this browser and removes its cookie.
    pub fn end(session: &Session) {
        session.purge();
    }
}

/// actix-session's store over the sessions table of the system tenant.
#[derive(Clone)]
pub struct SessionRows {
    state: State,
}

/// The middleware of the console's routes; `mount` puts it before them.
pub(crate) fn middleware(state: &State) -> SessionMiddleware<SessionRows> {
    let secure = state.ctx.settings.https();
    let name = if secure { "__Host-console" } else { "console" };
    let secret = state.ctx.vault.lookup_mac("console-cookie", &[]);
    SessionMiddleware::builder(SessionRows { state: state.clone() }, Key::derive_from(&secret))
        .cookie_name(name.to_owned())
        .cookie_path("/".to_owned())
        .cookie_secure(secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(BrowserSession::default())
        .build()
}

impl SessionStore for SessionRows {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let hash = session_token_hash(key.as_ref());
        let found = self.run(move |ctx| find_live(ctx, &hash)).await;
        let found = found.map_err(|fault| LoadError::Other(fault.into()))?;
        Ok(found.map(|row| {
            HashMap::from([
                (SESSION.to_owned(), json(row.id.as_str())),
                (USER.to_owned(), json(row.user_id.as_str())),
            ])
        }))
    }

    async fn save(
        &self,
        state: HashMap<String, String>,
        _ttl: &Duration,
    ) -> Result<SessionKey, SaveError> {
        let token = state.get(TOKEN).and_then(|text| serde_json::from_str::<String>(text).ok());
        let token = token.ok_or(SessionFault::NoToken).map_err(|e| SaveError::Other(e.into()))?;
        token.try_into().map_err(|_| SaveError::Other(SessionFault::NoToken.into()))
    }

    async fn update(
        &self,
        key: SessionKey,
        _state: HashMap<String, String>,
        _ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        Ok(key)
    }

    async fn update_ttl(&self, _key: &SessionKey, _ttl: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let hash = session_token_hash(key.as_ref());
        Ok(self.run(move |ctx| end(ctx, &hash)).await?)
    }
}

impl SessionRows {
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Ctx) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, SessionFault> {
        match runner::run(&self.state, TenantId::system().as_str(), job).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                tracing::warn!(%error, "console session");
                Err(SessionFault::Outage)
            }
            Err(runner::Busy) => Err(SessionFault::Outage),
        }
    }
}

fn find_live(ctx: &Ctx, hash: &[u8; 32]) -> Result<Option<SessionRow>, store::Error> {
    let now = ctx.now();
    let system = TenantId::system();
    let found = ctx.db.read(&system, |tx| {
        let Some(row) = tx.find_session_by_token(hash)? else { return Ok(None) };
        let user = tx.find_user(&row.user_id)?;
        Ok::<_, store::Error>(user.map(|user| (row, user)))
    })?;
    let live =
        found.filter(|(row, user)| is_live(row, now) && row.epoch == user.epoch && !user.blocked);
    let Some((row, _)) = live else { return Ok(None) };
    if now.0 - row.seen_at.0 >= SEEN_EVERY_US {
        ctx.db.write(&system, |tx| tx.touch_session(&row.id, now))?;
    }
    Ok(Some(row))
}

fn is_live(row: &SessionRow, now: Timestamp) -> bool {
    let idle_until = row.seen_at.0.saturating_add(row.idle_us);
    let open = row.kind == CONSOLE_KIND && row.ended_at.is_none();
    open && now < row.expires_at && now.0 < idle_until
}

fn end(ctx: &Ctx, hash: &[u8; 32]) -> Result<(), store::Error> {
    let now = ctx.now();
    ctx.db.write(&TenantId::system(), |tx| match tx.find_session_by_token(hash)? {
        Some(row) if row.kind == CONSOLE_KIND => tx.end_session(&row.id, now).map(drop),
        _ => Ok(()),
    })
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;

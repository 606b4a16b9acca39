//! Sessions: one browser signed in to one tenant, found by the hash of a random token. Whether a
//! session is good enough for a request is `issuer`'s question; whether it is alive is answered
//! here, together with its user, so that no caller can forget a part.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{SessionId, TenantId, UserId};
use crate::schema::sessions;
use crate::time::Timestamp;

/// A session as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id, the `sid` on the wire.
    pub id: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// `sso` for the tenant's own, `console` for the admin console's.
    pub kind: String,
    /// SHA-256 of the token in the cookie.
    pub token_hash: Vec<u8>,
    /// How they proved it, space-separated (RFC 8176).
    pub amr: String,
    /// The user's epoch at that time.
    pub epoch: i64,
    /// Whether the cookie outlives the browser.
    pub remember: bool,
    /// The address they came from.
    pub ip: String,
    /// The browser's own name for itself, cut to 256 bytes.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When they last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it was last used, to within five minutes.
    pub seen_at: Timestamp,
    /// How long it lives unused, in microseconds.
    pub idle_us: i64,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// The id of the connection they signed in with; empty for a password.
    pub connection: String,
}

/// A live session of a browser, with its user and what they allowed one application.
#[derive(Debug, Clone, QueryableByName)]
pub struct BrowserSession {
    /// The session.
    #[diesel(sql_type = Text)]
    pub id: SessionId,
    /// Which of the browser's tokens it is.
    #[diesel(sql_type = Binary)]
    pub token_hash: Vec<u8>,
    /// Who is signed in.
    #[diesel(sql_type = Text)]
    pub user_id: UserId,
    /// How they proved it.
    #[diesel(sql_type = Text)]
    pub amr: String,
    /// When they last proved who they are.
    #[diesel(sql_type = BigInt)]
    pub authenticated_at: Timestamp,
    /// When it was last used.
    #[diesel(sql_type = BigInt)]
    pub seen_at: Timestamp,
    /// The user's address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// The user's name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Whether the user is blocked.
    #[diesel(sql_type = Bool)]
    pub blocked: bool,
    /// Scopes the user allowed the application; none if they were never asked.
    #[diesel(sql_type = Nullable<Text>)]
    pub consented: Option<String>,
    /// When they last answered.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub consented_at: Option<Timestamp>,
    /// The user's other fields, as JSON.
    #[diesel(sql_type = Text)]
    pub profile: String,
    /// Values of the tenant's own fields, as JSON.
    #[diesel(sql_type = Text)]
    pub custom: String,
}

impl Tx<'_> {
    /// Adds a session.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_session(&mut self, row: &SessionRow) -> Result<(), Error> {
        diesel::insert_into(sessions::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The live sessions behind at most five token hashes, each with its user and their consent to
    /// `application`, in one statement, newest sign-in first. A session is live when it has not
    /// ended, is within its idle and absolute life and of the user's present epoch.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_browser_sessions(
        &mut self,
        hashes: &[[u8; 32]],
        application: &str,
        now: Timestamp,
    ) -> Result<Vec<BrowserSession>, Error> {
        if hashes.is_empty() {
            return Ok(Vec::new());
        }
        let hash = |at: usize| hashes.get(at).unwrap_or(&hashes[0]).to_vec();
        Ok(diesel::sql_query(
            "SELECT s.id, s.token_hash, s.user_id, s.amr, s.authenticated_at, s.seen_at, \
             u.email, u.name, u.blocked, u.profile, u.custom, c.scopes AS consented, \
             c.updated_at AS consented_at FROM sessions s JOIN users u ON u.tenant = s.tenant AND u.id = s.user_id \
             LEFT JOIN consents c ON c.tenant = s.tenant AND c.user_id = s.user_id \
             AND c.application = $1 AND c.api = '' \
             WHERE s.tenant = $2 AND s.token_hash IN ($3, $4, $5, $6, $7) AND s.kind = 'sso' \
             AND s.ended_at IS NULL AND s.expires_at > $8 AND s.seen_at + s.idle_us > $8 \
             AND s.epoch = u.epoch ORDER BY s.authenticated_at DESC, s.id DESC",
        )
        .bind::<Text, _>(application.to_owned())
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Binary, _>(hash(0))
        .bind::<Binary, _>(hash(1))
        .bind::<Binary, _>(hash(2))
        .bind::<Binary, _>(hash(3))
        .bind::<Binary, _>(hash(4))
        .bind::<BigInt, _>(now.0)
        .load(self.conn)?)
    }

    /// The session behind a token, live or not.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_session_by_token(&mut self, hash: &[u8; 32]) -> Result<Option<SessionRow>, Error> {
        Ok(sessions::table
            .filter(sessions::tenant.eq(&self.tenant))
            .filter(sessions::token_hash.eq(hash.as_slice()))
            .first(self.conn)
            .optional()?)
    }

    /// The session with this id, live or not.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_session(&mut self, id: &SessionId) -> Result<Option<SessionRow>, Error> {
        Ok(sessions::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// The sessions of a user, or of everybody, newest first, after the given one; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_sessions(
        &mut self,
        user: Option<&UserId>,
        before: Option<&SessionId>,
        limit: i64,
    ) -> Result<Vec<SessionRow>, Error> {
        let mut query = sessions::table
            .filter(sessions::tenant.eq(&self.tenant))
            .order(sessions::id.desc())
            .limit(limit)
            .into_boxed();
        if let Some(user) = user {
            query = query.filter(sessions::user_id.eq(user.clone()));
        }
        if let Some(before) = before {
            query = query.filter(sessions::id.lt(before.clone()));
        }
        Ok(query.load(self.conn)?)
    }

    /// Ends a session; `false` if there was none that was still open.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn end_session(&mut self, id: &SessionId, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(
            sessions::table.find((&self.tenant, id)).filter(sessions::ended_at.is_null()),
        )
        .set(sessions::ended_at.eq(Some(now)))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Ends the newest sessions of a user, one excepted, at most 500 of them; answers how many. The
    /// caller raises the user's epoch or the rest is old enough to be over: what is left is worth
    /// nothing.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn end_sessions_of(
        &mut self,
        user: &UserId,
        except: Option<&SessionId>,
        now: Timestamp,
    ) -> Result<usize, Error> {
        let except = except.map(SessionId::as_str).unwrap_or_default().to_owned();
        Ok(diesel::sql_query(
            "UPDATE sessions SET ended_at = $1 WHERE tenant = $2 AND id IN \
             (SELECT id FROM sessions WHERE tenant = $3 AND user_id = $4 AND id <> $5 \
             AND ended_at IS NULL AND expires_at > $6 ORDER BY id DESC LIMIT 500)",
        )
        .bind::<BigInt, _>(now.0)
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(user.as_str().to_owned())
        .bind::<Text, _>(except)
        .bind::<BigInt, _>(now.0)
        .execute(self.conn)?)
    }

    /// Takes open sessions of a user along into a new epoch: one of them, or all; answers how many.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn carry_sessions(
        &mut self,
        user: &UserId,
        only: Option<&SessionId>,
        from: i64,
        to: i64,
    ) -> Result<usize, Error> {
        let only = only.map(SessionId::as_str).unwrap_or_default().to_owned();
        Ok(diesel::sql_query(
            "UPDATE sessions SET epoch = $1 WHERE tenant = $2 AND user_id = $3 AND epoch = $4 \
             AND ended_at IS NULL AND ($5 = '' OR id = $5)",
        )
        .bind::<BigInt, _>(to)
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(user.as_str().to_owned())
        .bind::<BigInt, _>(from)
        .bind::<Text, _>(only)
        .execute(self.conn)?)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn touch_session(&mut self, id: &SessionId, now: Timestamp) -> Result<(), Error> {
        diesel::update(sessions::table.find((&self.tenant, id)))
            .set(sessions::seen_at.eq(now))
            .execute(self.conn)?;
        Ok(())
    }

    /// Gives a session a new token and a new proof: signing in again in the same browser keeps the
    /// `sid` and with it what hangs on it. `from` is the hash of the token it had; `false` if it has
    /// another one by now, or has ended.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn renew_session(&mut self, row: &SessionRow, from: &[u8]) -> Result<bool, Error> {
        let changed = diesel::update(
            sessions::table
                .find((&self.tenant, &row.id))
                .filter(sessions::token_hash.eq(from))
                .filter(sessions::ended_at.is_null()),
        )
        .set((
            sessions::token_hash.eq(&row.token_hash),
            sessions::amr.eq(&row.amr),
            sessions::epoch.eq(row.epoch),
            sessions::remember.eq(row.remember),
            sessions::ip.eq(&row.ip),
            sessions::user_agent.eq(&row.user_agent),
            sessions::authenticated_at.eq(row.authenticated_at),
            sessions::seen_at.eq(row.seen_at),
            sessions::idle_us.eq(row.idle_us),
            sessions::expires_at.eq(row.expires_at),
            sessions::connection.eq(&row.connection),
        ))
        .execute(self.conn)?;
        Ok(changed == 1)
    }
}

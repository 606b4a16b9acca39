//! Grants: one redemption of a code, one row, rotated in place. The refresh token is made of the
//! grant's id, its generation and a MAC under its own key, so nothing else is stored of it.
//! Which generation may do what is decided by `issuer`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

mod of_user;
mod state;

pub use state::{GrantState, RedemptionState};

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{ApplicationId, GrantId, SessionId, TenantId, UserId};
use crate::schema::grants;
use crate::time::Timestamp;

/// A grant as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = grants)]
pub struct GrantRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id.
    pub id: GrantId,
    /// Which application redeemed the code.
    pub application: ApplicationId,
    /// Who it speaks for.
    pub user_id: UserId,
    /// The session the code was issued in.
    pub session: SessionId,
    /// The code's id.
    pub code: String,
    /// What was granted, space-separated.
    pub scopes: String,
    /// The request's nonce (OIDC Core §3.1.2.1).
    pub nonce: Option<String>,
    /// How the user proved who they are.
    pub amr: String,
    /// The `claims` parameter, reduced.
    pub claims: Option<String>,
    /// When the user proved it: `auth_time`.
    pub authenticated_at: Timestamp,
    /// The user's epoch at that time.
    pub epoch: i64,
    /// Whether it outlives its session (`offline_access`).
    pub offline: bool,
    /// The key of its refresh tokens, sealed by the vault.
    pub sealed_key: Vec<u8>,
    /// Which refresh token is the present one, from 0.
    pub generation: i64,
    /// When the present one was made.
    pub rotated_at: Timestamp,
    /// How long it lives unused, in microseconds.
    pub idle_us: i64,
    /// When the code was redeemed.
    pub created_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why: `replayed_code`, `replayed_refresh`, `client`, `admin`, `sign_out`.
    pub revoked_why: Option<String>,
}

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = Text)]
    user_id: UserId,
}

impl Tx<'_> {
    /// Adds a grant.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_grant(&mut self, row: &GrantRow) -> Result<(), Error> {
        diesel::insert_into(grants::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Everything a redemption checks again, in one statement; `None` when session, user or
    /// application is gone.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_redemption(
        &mut self,
        session: &SessionId,
        user: &UserId,
        application: &ApplicationId,
        now: Timestamp,
    ) -> Result<Option<RedemptionState>, Error> {
        Ok(diesel::sql_query(
            "SELECT (s.ended_at IS NOT NULL OR s.expires_at <= $1 OR s.seen_at + s.idle_us <= $1) \
             AS session_over, s.seen_at AS session_seen_at, u.epoch, \
             (u.epoch <> s.epoch) AS user_moved_on, u.blocked AS user_blocked, \
             a.disabled AS application_disabled, a.first_party, c.scopes AS consented, \
             u.email, u.email_verified, u.name, u.profile, u.custom, \
             u.updated_at AS user_updated_at \
             FROM sessions s JOIN users u ON u.tenant = s.tenant AND u.id = s.user_id \
             JOIN applications a ON a.tenant = s.tenant AND a.id = $2 \
             LEFT JOIN consents c ON c.tenant = s.tenant AND c.user_id = u.id \
             AND c.application = a.id AND c.api = '' \
             WHERE s.tenant = $3 AND s.id = $4 AND u.id = $5",
        )
        .bind::<BigInt, _>(now.0)
        .bind::<Text, _>(application.as_str().to_owned())
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(session.as_str().to_owned())
        .bind::<Text, _>(user.as_str().to_owned())
        .get_result(self.conn)
        .optional()?)
    }

    /// What a token that names this grant is worth now, in one statement.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_grant_state(
        &mut self,
        id: &GrantId,
        now: Timestamp,
    ) -> Result<Option<GrantState>, Error> {
        Ok(diesel::sql_query(
            "SELECT g.application, g.user_id, g.session, g.scopes, g.nonce, g.amr, g.claims, \
             g.authenticated_at, g.offline, g.sealed_key, g.generation, g.rotated_at, g.idle_us, \
             g.created_at, g.expires_at, g.revoked_at, \
             (s.id IS NULL OR s.ended_at IS NOT NULL OR s.expires_at <= $1) AS session_over, \
             u.blocked AS user_blocked, (u.epoch <> g.epoch) AS user_moved_on, \
             a.disabled AS application_disabled, u.email, u.email_verified, u.name, u.profile, \
             u.custom, u.updated_at AS user_updated_at \
             FROM grants g JOIN users u ON u.tenant = g.tenant AND u.id = g.user_id \
             JOIN applications a ON a.tenant = g.tenant AND a.id = g.application \
             LEFT JOIN sessions s ON s.tenant = g.tenant AND s.id = g.session \
             WHERE g.tenant = $2 AND g.id = $3",
        )
        .bind::<BigInt, _>(now.0)
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(id.as_str().to_owned())
        .get_result(self.conn)
        .optional()?)
    }

    /// Moves a grant from one generation to the next; `false` when it was not there any more.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn rotate_grant(&mut self, id: &GrantId, from: i64, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(
            grants::table
                .find((&self.tenant, id))
                .filter(grants::generation.eq(from))
                .filter(grants::revoked_at.is_null()),
        )
        .set((grants::generation.eq(from + 1), grants::rotated_at.eq(now)))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Revokes a grant; `false` if there was none that was still good.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn revoke_grant(&mut self, id: &GrantId, why: &str, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(
            grants::table.find((&self.tenant, id)).filter(grants::revoked_at.is_null()),
        )
        .set((grants::revoked_at.eq(Some(now)), grants::revoked_why.eq(Some(why))))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// When the newest grant was made, of one application or of all.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_newest_grant(
        &mut self,
        application: Option<&ApplicationId>,
    ) -> Result<Option<Timestamp>, Error> {
        let mut ids = grants::table
            .filter(grants::tenant.eq(&self.tenant))
            .order(grants::id.desc())
            .select(grants::id)
            .limit(1)
            .into_boxed();
        if let Some(application) = application {
            ids = ids.filter(grants::application.eq(application.clone()));
        }
        let Some(id) = ids.first::<GrantId>(self.conn).optional()? else { return Ok(None) };
        let made = grants::table.find((&self.tenant, id)).select(grants::created_at);
        Ok(made.first(self.conn).optional()?)
    }

    /// How many people and how many live grants hang on an application, each counted up to `cap`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_application_grants(
        &mut self,
        application: &ApplicationId,
        now: Timestamp,
        cap: i64,
    ) -> Result<(i64, i64), Error> {
        // Without the join SQLite reads every grant of the tenant: it takes the primary key for as
        // good as the index, which says less.
        let users: Vec<Holder> = diesel::sql_query(
            "SELECT g.user_id FROM grants a JOIN grants g ON g.tenant = a.tenant AND g.id = a.id \
             WHERE a.tenant = $1 AND a.application = $2 AND g.revoked_at IS NULL \
             AND g.expires_at > $3 LIMIT $4",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(application.as_str().to_owned())
        .bind::<BigInt, _>(now.0)
        .bind::<BigInt, _>(cap)
        .load(self.conn)?;
        let count = |n: usize| i64::try_from(n).unwrap_or(cap);
        let distinct: std::collections::HashSet<_> = users.iter().map(|row| &row.user_id).collect();
        Ok((count(distinct.len()), count(users.len())))
    }

    /// Revokes what was issued in a session; answers how many grants.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn revoke_session_grants(
        &mut self,
        session: &SessionId,
        why: &str,
        now: Timestamp,
    ) -> Result<usize, Error> {
        // By their ids first, for the same reason as above.
        Ok(diesel::sql_query(
            "UPDATE grants SET revoked_at = $1, revoked_why = $2 WHERE tenant = $3 AND id IN \
             (SELECT id FROM grants WHERE tenant = $3 AND session = $4) AND revoked_at IS NULL",
        )
        .bind::<BigInt, _>(now.0)
        .bind::<Text, _>(why.to_owned())
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(session.as_str().to_owned())
        .execute(self.conn)?)
    }
}

//! What a grant or a code is worth now: each is one row read by one statement, so that grant,
//! session, user and application are always judged together.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};

use crate::ids::{ApplicationId, SessionId, UserId};
use crate::time::Timestamp;

/// What a token that names a grant is worth now: grant, session, user and application in one row.
#[derive(Debug, Clone, QueryableByName)]
pub struct GrantState {
    /// Which application it belongs to.
    #[diesel(sql_type = Text)]
    pub application: ApplicationId,
    /// Who it speaks for.
    #[diesel(sql_type = Text)]
    pub user_id: UserId,
    /// The session the code was issued in.
    #[diesel(sql_type = Text)]
    pub session: SessionId,
    /// What was granted.
    #[diesel(sql_type = Text)]
    pub scopes: String,
    /// The request's nonce.
    #[diesel(sql_type = Nullable<Text>)]
    pub nonce: Option<String>,
    /// How the user proved who they are.
    #[diesel(sql_type = Text)]
    pub amr: String,
    /// The `claims` parameter, reduced.
    #[diesel(sql_type = Nullable<Text>)]
    pub claims: Option<String>,
    /// `auth_time`.
    #[diesel(sql_type = BigInt)]
    pub authenticated_at: Timestamp,
    /// Whether it outlives its session.
    #[diesel(sql_type = Bool)]
    pub offline: bool,
    /// The key of its refresh tokens, sealed.
    #[diesel(sql_type = Binary)]
    pub sealed_key: Vec<u8>,
    /// Which refresh token is the present one.
    #[diesel(sql_type = BigInt)]
    pub generation: i64,
    /// When the present one was made.
    #[diesel(sql_type = BigInt)]
    pub rotated_at: Timestamp,
    /// How long it lives unused, in microseconds.
    #[diesel(sql_type = BigInt)]
    pub idle_us: i64,
    /// When it was redeemed.
    #[diesel(sql_type = BigInt)]
    pub created_at: Timestamp,
    /// When it ends in any case.
    #[diesel(sql_type = BigInt)]
    pub expires_at: Timestamp,
    /// When it was revoked.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub revoked_at: Option<Timestamp>,
    /// Whether the session has ended or is gone.
    #[diesel(sql_type = Bool)]
    pub session_over: bool,
    /// Whether the user is blocked.
    #[diesel(sql_type = Bool)]
    pub user_blocked: bool,
    /// Whether the user's epoch was raised since.
    #[diesel(sql_type = Bool)]
    pub user_moved_on: bool,
    /// Whether the application is switched off.
    #[diesel(sql_type = Bool)]
    pub application_disabled: bool,
    /// The user's address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Whether it is verified.
    #[diesel(sql_type = Bool)]
    pub email_verified: bool,
    /// The user's name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The user's other fields, as JSON.
    #[diesel(sql_type = Text)]
    pub profile: String,
    /// The values of the tenant's own fields, as JSON.
    #[diesel(sql_type = Text)]
    pub custom: String,
    /// When the user was last changed.
    #[diesel(sql_type = BigInt)]
    pub user_updated_at: Timestamp,
}

/// What a code needs to be redeemed: a live session, its user, and their consent.
#[derive(Debug, Clone, QueryableByName)]
pub struct RedemptionState {
    /// Whether the session has ended.
    #[diesel(sql_type = Bool)]
    pub session_over: bool,
    /// When it was last used.
    #[diesel(sql_type = BigInt)]
    pub session_seen_at: Timestamp,
    /// The user's present epoch.
    #[diesel(sql_type = BigInt)]
    pub epoch: i64,
    /// Whether the user's epoch was raised since the session began.
    #[diesel(sql_type = Bool)]
    pub user_moved_on: bool,
    /// Whether the user is blocked.
    #[diesel(sql_type = Bool)]
    pub user_blocked: bool,
    /// Whether the application is switched off.
    #[diesel(sql_type = Bool)]
    pub application_disabled: bool,
    /// Whether nobody is asked for consent.
    #[diesel(sql_type = Bool)]
    pub first_party: bool,
    /// What the user allowed the application.
    #[diesel(sql_type = Nullable<Text>)]
    pub consented: Option<String>,
    /// The user's address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Whether it is verified.
    #[diesel(sql_type = Bool)]
    pub email_verified: bool,
    /// The user's name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The user's other fields, as JSON.
    #[diesel(sql_type = Text)]
    pub profile: String,
    /// The values of the tenant's own fields, as JSON.
    #[diesel(sql_type = Text)]
    pub custom: String,
    /// When the user was last changed.
    #[diesel(sql_type = BigInt)]
    pub user_updated_at: Timestamp,
}

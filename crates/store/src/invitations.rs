//! Invitations: to an organization, to a tenant's administration. Only a hash of the token is kept;
//! taking one up is a compare-and-set on its row. Who may take it up is decided in `directory`.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{InvitationId, TenantId};
use crate::schema::invitations;
use crate::time::Timestamp;

/// An invitation as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = invitations)]
pub struct InvitationRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id.
    pub id: InvitationId,
    /// `organization`, or `admin` for the tenant's administration.
    pub kind: String,
    /// The organization it invites to; empty for another kind.
    pub organization: String,
    /// Whom it is for.
    pub email: String,
    /// The address in canonical form.
    pub email_key: String,
    /// Roles they get, space-separated.
    pub roles: String,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Who invited: what people call them.
    pub invited_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was taken up or taken back.
    pub ended_at: Option<Timestamp>,
    /// `mail` or `link` while it is open (how it went out), then `accepted` or `revoked`.
    pub outcome: String,
}

impl Tx<'_> {
    /// Adds an invitation.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn insert_invitation(&mut self, row: &InvitationRow) -> Result<(), Error> {
        diesel::insert_into(invitations::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The invitation with this id.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_invitation(&mut self, id: &InvitationId) -> Result<Option<InvitationRow>, Error> {
        Ok(invitations::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// The invitation behind a token, open or not.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_invitation_by_token(
        &mut self,
        token_hash: &[u8; 32],
    ) -> Result<Option<InvitationRow>, Error> {
        Ok(invitations::table
            .filter(invitations::tenant.eq(&self.tenant))
            .filter(invitations::token_hash.eq(token_hash.as_slice()))
            .first(self.conn)
            .optional()?)
    }

    /// Invitations of a kind to one place, newest first, before the given one; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_invitations(
        &mut self,
        kind: &str,
        organization: &str,
        before: Option<&InvitationId>,
        limit: i64,
    ) -> Result<Vec<InvitationRow>, Error> {
        let mut query = invitations::table
            .filter(invitations::tenant.eq(&self.tenant))
            .filter(invitations::kind.eq(kind.to_owned()))
            .filter(invitations::organization.eq(organization.to_owned()))
            .order(invitations::id.desc())
            .limit(limit)
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(invitations::id.lt(before.clone()));
        }
        Ok(query.load(self.conn)?)
    }

    /// Ends an open invitation; `false` when it was over already.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn end_invitation(
        &mut self,
        id: &InvitationId,
        outcome: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let changed = diesel::update(
            invitations::table
                .find((&self.tenant, id))
                .filter(invitations::ended_at.is_null())
                .filter(invitations::expires_at.gt(now)),
        )
        .set((invitations::ended_at.eq(Some(now)), invitations::outcome.eq(outcome)))
        .execute(self.conn)?;
        Ok(changed == 1)
    }
}

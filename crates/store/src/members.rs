//! Members: which user belongs to which organization, and with which of the tenant's organization
//! roles. What a role may do is for applications to say.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Tx;
use crate::error::Error;
use crate::ids::{OrganizationId, TenantId, UserId};
use crate::schema::members;
use crate::time::Timestamp;

/// A membership as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = members)]
pub struct MemberRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// The organization.
    pub organization: OrganizationId,
    /// Who belongs to it.
    pub user_id: UserId,
    /// Names of roles, space-separated, in order.
    pub roles: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// A member with what people know them by.
#[derive(Debug, Clone, QueryableByName)]
pub struct Member {
    /// Who.
    #[diesel(sql_type = Text)]
    pub user_id: UserId,
    /// Their address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Their name; may be empty.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Names of roles, space-separated.
    #[diesel(sql_type = Text)]
    pub roles: String,
    /// Since when.
    #[diesel(sql_type = BigInt)]
    pub created_at: Timestamp,
}

/// An organization that somebody belongs to.
#[derive(Debug, Clone, QueryableByName)]
pub struct Membership {
    /// Which one.
    #[diesel(sql_type = Text)]
    pub organization: OrganizationId,
    /// Its short name.
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Names of roles, space-separated.
    #[diesel(sql_type = Text)]
    pub roles: String,
    /// Since when.
    #[diesel(sql_type = BigInt)]
    pub created_at: Timestamp,
}

impl Tx<'_> {
    /// The membership of a user in an organization.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_member(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Option<MemberRow>, Error> {
        Ok(members::table.find((&self.tenant, organization, user)).first(self.conn).optional()?)
    }

    /// The members of an organization by user id, after the given one; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_members(
        &mut self,
        organization: &OrganizationId,
        after: Option<&UserId>,
        limit: i64,
    ) -> Result<Vec<Member>, Error> {
        Ok(diesel::sql_query(
            "SELECT m.user_id, u.email, u.name, m.roles, m.created_at FROM members m \
             JOIN users u ON u.tenant = m.tenant AND u.id = m.user_id \
             WHERE m.tenant = $1 AND m.organization = $2 AND m.user_id > $3 \
             ORDER BY m.user_id LIMIT $4",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(organization.as_str().to_owned())
        .bind::<Text, _>(after.map(UserId::as_str).unwrap_or_default().to_owned())
        .bind::<BigInt, _>(limit)
        .load(self.conn)?)
    }

    /// How many members an organization has, counted up to `cap`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn count_members(&mut self, organization: &OrganizationId, cap: i64) -> Result<i64, Error> {
        let ids: Vec<UserId> = members::table
            .filter(members::tenant.eq(&self.tenant))
            .filter(members::organization.eq(organization))
            .select(members::user_id)
            .limit(cap)
            .load(self.conn)?;
        Ok(i64::try_from(ids.len()).unwrap_or(cap))
    }

    /// The organizations of a user by id; at most `limit`.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_memberships(
        &mut self,
        user: &UserId,
        limit: i64,
    ) -> Result<Vec<Membership>, Error> {
        Ok(diesel::sql_query(
            "SELECT m.organization, o.slug, o.name, m.roles, m.created_at FROM members m \
             JOIN organizations o ON o.tenant = m.tenant AND o.id = m.organization \
             WHERE m.tenant = $1 AND m.user_id = $2 ORDER BY m.organization LIMIT $3",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(user.as_str().to_owned())
        .bind::<BigInt, _>(limit)
        .load(self.conn)?)
    }

    /// Makes somebody a member, or gives a member other roles.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_member(&mut self, row: &MemberRow) -> Result<(), Error> {
        diesel::sql_query(
            "INSERT INTO members (tenant, organization, user_id, roles, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, organization, user_id) \
             DO UPDATE SET roles = excluded.roles",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(row.organization.as_str().to_owned())
        .bind::<Text, _>(row.user_id.as_str().to_owned())
        .bind::<Text, _>(row.roles.clone())
        .bind::<BigInt, _>(row.created_at.0)
        .execute(self.conn)?;
        Ok(())
    }

    /// Ends a membership; `false` if there was none.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_member(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<bool, Error> {
        let gone = diesel::delete(members::table.find((&self.tenant, organization, user)))
            .execute(self.conn)?;
        Ok(gone == 1)
    }
}

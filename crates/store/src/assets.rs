//! Images that tenants uploaded, as they were made anew: never what came in. A row nothing refers
//! to is forgotten after a day. What an image may be is decided in `directory`.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::conn::Conn;
use crate::db::{SystemTx, Tx};
use crate::error::Error;
use crate::ids::{AssetId, TenantId};
use crate::schema::assets;
use crate::time::Timestamp;

/// How long an image that nothing refers to is kept, in seconds.
pub const ORPHAN_S: i64 = 86_400;

/// After how long an image that is in use is looked at again, in seconds: 30 days.
const LOOK_AGAIN_S: i64 = 30 * 86_400;

/// An image as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = assets)]
pub struct AssetRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its id, made from its content: the same image twice is one row.
    pub id: AssetId,
    /// `image/png`.
    pub media_type: String,
    /// The file.
    pub body: Vec<u8>,
    /// Width in pixels.
    pub width: i64,
    /// Height in pixels.
    pub height: i64,
    /// When it was first uploaded.
    pub created_at: Timestamp,
    /// When it is looked at next: in use it stays, otherwise it goes.
    pub until: Timestamp,
}

#[derive(QueryableByName)]
struct Used {
    #[diesel(sql_type = Bool)]
    used: bool,
}

/// Whether the branding or an application of the tenant refers to an image. An id is letters,
/// digits and one underscore, and the underscore standing for any letter finds nothing else.
const USED: &str = "SELECT (EXISTS (SELECT 1 FROM settings WHERE tenant = $1 AND name = 'branding' \
     AND body LIKE '%' || $2 || '%') OR EXISTS (SELECT 1 FROM applications WHERE tenant = $1 \
     AND config LIKE '%' || $2 || '%')) AS used";

impl Tx<'_> {
    /// Adds an image; one that is there already is kept a while longer.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_asset(&mut self, row: &AssetRow) -> Result<(), Error> {
        let standing = assets::table.find((&self.tenant, &row.id));
        let known = diesel::update(standing).set(assets::until.eq(row.until)).execute(self.conn)?;
        if known == 0 {
            diesel::insert_into(assets::table).values(row).execute(self.conn)?;
        }
        Ok(())
    }

    /// An image with its content.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_asset(&mut self, id: &AssetId) -> Result<Option<AssetRow>, Error> {
        Ok(assets::table.find((&self.tenant, id)).first(self.conn).optional()?)
    }

    /// Keeps an image from being forgotten for as long as something refers to it; `false` when
    /// there is none.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn keep_asset(&mut self, id: &AssetId, now: Timestamp) -> Result<bool, Error> {
        let changed = diesel::update(assets::table.find((&self.tenant, id)))
            .set(assets::until.eq(now.plus_seconds(LOOK_AGAIN_S)))
            .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Lets an image go unless something else refers to it.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn release_asset(&mut self, id: &AssetId, now: Timestamp) -> Result<(), Error> {
        diesel::update(assets::table.find((&self.tenant, id)))
            .set(assets::until.eq(now.plus_seconds(ORPHAN_S)))
            .execute(self.conn)?;
        Ok(())
    }
}

impl SystemTx<'_> {
    /// Looks at images whose time has come, at most `limit`: what something refers to stays.
    /// Answers how many it looked at.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn sweep_assets(&mut self, now: Timestamp, limit: i64) -> Result<usize, Error> {
        let due: Vec<(TenantId, AssetId)> = assets::table
            .filter(assets::until.le(now))
            .order(assets::until)
            .limit(limit)
            .select((assets::tenant, assets::id))
            .load(self.conn)?;
        for (tenant, id) in &due {
            let row = assets::table.find((tenant, id));
            if is_used(self.conn, tenant, id)? {
                let later = now.plus_seconds(LOOK_AGAIN_S);
                diesel::update(row).set(assets::until.eq(later)).execute(self.conn)?;
            } else {
                diesel::delete(row).execute(self.conn)?;
            }
        }
        Ok(due.len())
    }
}

fn is_used(conn: &mut Conn, tenant: &TenantId, id: &AssetId) -> Result<bool, Error> {
    let found: Used = diesel::sql_query(USED)
        .bind::<Text, _>(tenant.as_str().to_owned())
        .bind::<Text, _>(id.as_str().to_owned())
        .get_result(conn)?;
    Ok(found.used)
}

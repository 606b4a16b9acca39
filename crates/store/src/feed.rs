//! The change feed: which things changed, in the order of their commits, without gaps.
//!
//! Owns the tables `changes` and `feed_heads`. A row's number is taken from its shard's head as
//! the last statement before COMMIT, so the lock on the head makes number order commit order on
//! both databases. Leaves what to drop on a change to `context`.

mod prune;

pub use prune::Pruner;

use crate::conn::Conn;
use crate::tx::{Report, Reports};
use crate::{Db, Error, TenantId};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Into how many sequences the changes are spread, by tenant.
pub const SHARDS: usize = 16;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The sequence it belongs to, 0..16.
    pub shard: usize,
    /// Its number there, from 1, without gaps.
    pub seq: i64,
    /// The tenant whose thing changed.
    pub tenant: TenantId,
    /// What kind of thing.
    pub kind: String,
    /// Which one.
    pub id: String,
}

/// The shard of a tenant: FNV-1a over its id. Stored data depends on it; it never changes.
pub(crate) fn shard(tenant: &TenantId) -> usize {
    (fnv(tenant.as_str().as_bytes()) % SHARDS as u64) as usize
}

/// 64-bit FNV-1a.
pub(crate) const fn fnv(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Writes the reported changes; must be the last statements of the command. Shards are taken in
/// ascending order, so that two commands over several tenants cannot wait for each other.
pub(crate) fn flush(conn: &mut Conn, reports: Reports) -> Result<Vec<Change>, Error> {
    let mut reports = reports.into_vec();
    reports.sort_by_key(|report| shard(&report.tenant));
    let mut written = Vec::with_capacity(reports.len());
    for group in reports.chunk_by(|a, b| shard(&a.tenant) == shard(&b.tenant)) {
        written.extend(flush_shard(conn, shard(&group[0].tenant), group)?);
    }
    Ok(written)
}

fn flush_shard(conn: &mut Conn, shard: usize, group: &[Report]) -> Result<Vec<Change>, Error> {
    let count = group.len() as i64;
    let head =
        diesel::sql_query("UPDATE feed_heads SET seq = seq + $1 WHERE shard = $2 RETURNING seq");
    let head: Head =
        head.bind::<BigInt, _>(count).bind::<BigInt, _>(shard as i64).get_result(conn)?;
    let mut written = Vec::with_capacity(group.len());
    for (at, report) in group.iter().enumerate() {
        let seq = head.seq - count + 1 + at as i64;
        diesel::sql_query(
            "INSERT INTO changes (shard, seq, tenant, kind, id) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind::<BigInt, _>(shard as i64)
        .bind::<BigInt, _>(seq)
        .bind::<Text, _>(&report.tenant)
        .bind::<Text, _>(report.kind)
        .bind::<Text, _>(&report.id)
        .execute(conn)?;
        let Report { tenant, kind, id } = report.clone();
        written.push(Change { shard, seq, tenant, kind: kind.to_owned(), id });
    }
    Ok(written)
}

/// The number of the latest change of each shard.
pub type Heads = [i64; SHARDS];

/// The kind of a [`Change`] that stands for changes nobody can list any more, because they were
/// pruned or the database was restored: let go of everything cached that belongs to its shard.
pub const LOST: &str = "*";

/// Changes a poll returns at most for each shard; a full answer means: poll again at once.
pub const BATCH: i64 = 1000;

#[derive(QueryableByName)]
struct HeadRow {
    #[diesel(sql_type = BigInt)]
    shard: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[derive(QueryableByName)]
struct ChangeRow {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    tenant: TenantId,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    id: String,
}

/// Where each shard stands now; what a node that starts polls from.
///
/// # Errors
/// As [`Db::read`].
pub fn heads(db: &Db) -> Result<Heads, Error> {
    db.system_read(|system| read_heads(system.conn))
}

fn read_heads(conn: &mut Conn) -> Result<Heads, Error> {
    let rows: Vec<HeadRow> = diesel::sql_query("SELECT shard, seq FROM feed_heads").load(conn)?;
    let mut heads = [0; SHARDS];
    for row in rows {
        if let Some(head) = usize::try_from(row.shard).ok().and_then(|s| heads.get_mut(s)) {
            *head = row.seq;
        }
    }
    Ok(heads)
}

/// The changes after `after`: by shard, in the order of their commits, none left out. Afterwards
/// the caller's place in a shard is the `seq` of its last change. One statement when nothing
/// happened.
///
/// # Errors
/// As [`Db::read`].
pub fn poll(db: &Db, after: Heads) -> Result<Vec<Change>, Error> {
    db.system_read(|system| {
        let heads = read_heads(system.conn)?;
        let mut found = Vec::new();
        for shard in (0..SHARDS).filter(|&shard| heads[shard] != after[shard]) {
            found.append(&mut poll_shard(system.conn, shard, after[shard], heads[shard])?);
        }
        Ok(found)
    })
}

fn poll_shard(conn: &mut Conn, shard: usize, after: i64, head: i64) -> Result<Vec<Change>, Error> {
    let rows: Vec<ChangeRow> = diesel::sql_query(
        "SELECT seq, tenant, kind, id FROM changes WHERE shard = $1 AND seq > $2 \
         ORDER BY seq LIMIT $3",
    )
    .bind::<BigInt, _>(shard as i64)
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(BATCH)
    .load(conn)?;
    if rows.first().is_none_or(|row| row.seq != after + 1) {
        let (tenant, kind) = (TenantId::system(), LOST.to_owned());
        return Ok(vec![Change { shard, seq: head, tenant, kind, id: String::new() }]);
    }
    let change = |row: ChangeRow| {
        let ChangeRow { seq, tenant, kind, id } = row;
        Change { shard, seq, tenant, kind, id }
    };
    Ok(rows.into_iter().map(change).collect())
}

//! Forgetting old changes. A change carries no time, so the pruner remembers where the shards stood
//! and deletes what was already there an hour ago.
//!
//! Owns how long changes are kept. Leaves running it, every few minutes on one node, to the jobs.

use super::{Heads, heads};
use crate::{Db, Error, Timestamp};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::VecDeque;

/// How long a change can be polled, in seconds. A node that slept longer lets go of all it cached.
const KEEP: i64 = 3600;
/// Seconds between two marks.
const STEP: i64 = 300;
/// Rows deleted in one write.
const CHUNK: i64 = 500;

/// Remembers where the feed stood; lives as long as the process.
#[derive(Debug, Default)]
pub struct Pruner {
    marks: VecDeque<(Timestamp, Heads)>,
}

#[derive(QueryableByName)]
struct First {
    #[diesel(sql_type = diesel::sql_types::Nullable<BigInt>)]
    seq: Option<i64>,
}

impl Pruner {
    /// Remembers where the feed stands and deletes the changes that are more than an hour old, in
    /// small writes; how many it deleted.
    ///
    /// # Errors
    /// As [`Db::read`] and [`Db::write`]; what was deleted until then stays deleted.
    pub fn run(&mut self, db: &Db, now: Timestamp) -> Result<u64, Error> {
        self.mark(now, heads(db)?);
        let old = now.plus_seconds(-KEEP);
        let Some((_, upto)) = self.marks.iter().rev().find(|(at, _)| *at <= old).copied() else {
            return Ok(0);
        };
        self.marks.retain(|(at, heads)| *at > old || *heads == upto);
        let mut deleted = 0;
        for (shard, &upto) in upto.iter().enumerate() {
            deleted += prune_shard(db, shard, upto)?;
        }
        Ok(deleted)
    }

    fn mark(&mut self, now: Timestamp, heads: Heads) {
        // A clock that went back would make young changes look old.
        self.marks.retain(|(at, _)| *at <= now);
        let due = |(at, _): &(Timestamp, Heads)| at.plus_seconds(STEP) <= now;
        if self.marks.back().is_none_or(due) {
            self.marks.push_back((now, heads));
        }
    }
}

fn prune_shard(db: &Db, shard: usize, upto: i64) -> Result<u64, Error> {
    let mut deleted = 0;
    loop {
        let rows = db.system_write(|system| {
            let first: First =
                diesel::sql_query("SELECT min(seq) AS seq FROM changes WHERE shard = $1")
                    .bind::<BigInt, _>(shard as i64)
                    .get_result(system.conn)?;
            let Some(first) = first.seq.filter(|first| *first <= upto) else { return Ok(0) };
            let last = upto.min(first + CHUNK - 1);
            Ok::<_, Error>(
                diesel::sql_query("DELETE FROM changes WHERE shard = $1 AND seq <= $2")
                    .bind::<BigInt, _>(shard as i64)
                    .bind::<BigInt, _>(last)
                    .execute(system.conn)?,
            )
        })?;
        if rows == 0 {
            return Ok(deleted);
        }
        deleted += rows as u64;
    }
}

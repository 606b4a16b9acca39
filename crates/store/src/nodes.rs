//! The nodes that serve the installation: each tells every few seconds that it is there. And how
//! large the database is that they share.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::conn::Conn;
use crate::db::SystemTx;
use crate::error::Error;
use crate::schema::nodes;
use crate::time::Timestamp;

/// A node as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct NodeRow {
    /// Its name.
    pub name: String,
    /// The version it runs.
    pub version: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it was last heard of.
    pub seen_at: Timestamp,
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

impl SystemTx<'_> {
    /// Says that a node is there.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_node(&mut self, node: &NodeRow) -> Result<(), Error> {
        diesel::sql_query(
            "INSERT INTO nodes (name, version, started_at, seen_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO UPDATE SET version = excluded.version, \
             started_at = excluded.started_at, seen_at = excluded.seen_at",
        )
        .bind::<Text, _>(node.name.clone())
        .bind::<Text, _>(node.version.clone())
        .bind::<BigInt, _>(node.started_at.0)
        .bind::<BigInt, _>(node.seen_at.0)
        .execute(self.conn)?;
        Ok(())
    }

    /// The nodes by name; at most 100.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_nodes(&mut self) -> Result<Vec<NodeRow>, Error> {
        Ok(nodes::table.order(nodes::name).limit(100).load(self.conn)?)
    }

    /// How large the database is, in bytes.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn database_bytes(&mut self) -> Result<i64, Error> {
        let sql = match self.conn {
            Conn::Pg(_) => "SELECT pg_database_size(current_database()) AS bytes",
            Conn::Sqlite(_) => {
                "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
            }
        };
        let size: Size = diesel::sql_query(sql).get_result(self.conn)?;
        Ok(size.bytes)
    }

    /// Forgets nodes that were last heard of before a time.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_nodes(&mut self, before: Timestamp) -> Result<usize, Error> {
        Ok(diesel::delete(nodes::table.filter(nodes::seen_at.lt(before))).execute(self.conn)?)
    }

    /// Forgets a node that stops.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_node(&mut self, name: &str) -> Result<(), Error> {
        diesel::delete(nodes::table.find(name)).execute(self.conn)?;
        Ok(())
    }
}

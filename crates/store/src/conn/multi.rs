//! The two-armed connection and its two escapes: `Multi` for upserts and batch inserts, and
//! `each_backend!` for everything else that only the real backends can say.
//!
//! Never use the derived `Conn::establish`: it goes on to SQLite when PostgreSQL is down.

#![allow(missing_docs)] // of what the derive writes

use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel::{QueryResult, RunQueryDsl};

/// A connection to whichever database the installation runs on.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs a query that is valid on both real backends on a `Conn`: upsert, do-nothing, batch insert,
/// each with `returning(columns)`.
#[derive(Debug, Clone, Copy)]
pub struct Multi<Q>(pub Q);

impl<Q: QueryId> QueryId for Multi<Q> {
    type QueryId = Multi<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Multi<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }
}

impl<Q: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Multi<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }
}

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Multi<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q: Query> Query for Multi<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Conn> for Multi<Q> {}

/// Runs `$body` on the real connection inside a `&mut Conn`; the body is compiled once for each.
macro_rules! each_backend {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::conn::Conn::Pg($c) => $body,
            $crate::conn::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use each_backend;

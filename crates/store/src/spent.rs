//! What may be used once. The insert decides: who inserts first has it, everybody after is told
//! what the first one made of it. Never a read followed by a write.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Tx;
use crate::error::Error;
use crate::schema::spent;
use crate::time::Timestamp;

/// Kinds of things that may be used once; part of the key, so that ids never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpentKind {
    /// An authorization code.
    Code,
    /// A sign-in flow, at the end of a sign-in.
    Flow,
    /// A one-time link.
    Link,
    /// A sign-in at a provider, when it comes back.
    Upstream,
    /// A form that creates something, so that sending it twice creates one.
    Form,
}

impl SpentKind {
    fn as_str(self) -> &'static str {
        match self {
            SpentKind::Code => "code",
            SpentKind::Flow => "flow",
            SpentKind::Link => "link",
            SpentKind::Upstream => "upstream",
            SpentKind::Form => "form",
        }
    }
}

/// The answer of [`Tx::spend`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spend {
    /// It was unused until now.
    Fresh,
    /// It was used before.
    Replayed {
        /// What its first use made, such as a grant's id.
        result: String,
    },
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = Text)]
    #[allow(dead_code)]
    id: String,
}

impl Tx<'_> {
    /// Uses something up, in the write that has its effect. `result` is what this use makes;
    /// `until` says how long the memory must last.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn spend(
        &mut self,
        kind: SpentKind,
        id: &str,
        result: &str,
        until: Timestamp,
    ) -> Result<Spend, Error> {
        let rows: Vec<Inserted> = diesel::sql_query(
            "INSERT INTO spent (tenant, kind, id, result, until) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (tenant, kind, id) DO NOTHING RETURNING id",
        )
        .bind::<Text, _>(self.tenant.as_str().to_owned())
        .bind::<Text, _>(kind.as_str())
        .bind::<Text, _>(id.to_owned())
        .bind::<Text, _>(result.to_owned())
        .bind::<BigInt, _>(until.0)
        .load(self.conn)?;
        if rows.len() == 1 {
            return Ok(Spend::Fresh);
        }
        let result: Option<String> = self.find_spent(kind, id)?;
        Ok(Spend::Replayed { result: result.unwrap_or_default() })
    }

    /// What the first use of something made; `None` while it is unused.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_spent(&mut self, kind: SpentKind, id: &str) -> Result<Option<String>, Error> {
        Ok(spent::table
            .find((&self.tenant, kind.as_str(), id))
            .select(spent::result)
            .first(self.conn)
            .optional()?)
    }
}

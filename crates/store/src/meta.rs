//! Facts about the installation itself: its sealed key and the proof that a master key is the
//! right one. Small named values, written once.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};

use crate::db::SystemTx;
use crate::error::Error;
use crate::schema::meta;

impl SystemTx<'_> {
    /// The value of a name.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_meta(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(meta::table.find(name).select(meta::value).first(self.conn).optional()?)
    }

    /// Sets a value that is not set yet and answers the one that stands: two nodes that start at
    /// once agree on the first.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn init_meta(&mut self, name: &str, value: &[u8]) -> Result<Vec<u8>, Error> {
        diesel::sql_query(
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        )
        .bind::<Text, _>(name.to_owned())
        .bind::<Binary, _>(value.to_vec())
        .execute(self.conn)?;
        Ok(self.find_meta(name)?.unwrap_or_else(|| value.to_vec()))
    }

    /// Replaces a value.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_meta(&mut self, name: &str, value: &[u8]) -> Result<(), Error> {
        diesel::sql_query(
            "INSERT INTO meta (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind::<Text, _>(name.to_owned())
        .bind::<Binary, _>(value.to_vec())
        .execute(self.conn)?;
        Ok(())
    }
}

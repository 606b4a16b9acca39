//! `tessera mapping …`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::PageArgs;

/// The connection whose mapping it is.
#[derive(Debug, Clone, ClapArgs)]
pub struct OneMapping {
    /// The connection, by id or code; a code that several tenants use needs --tenant.
    #[arg(long, value_name = "CONNECTION")]
    pub connection: String,
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum MappingCommand {
    /// Print the mapping as JSON, in the form that `set` reads.
    Show {
        #[command(flatten)]
        one: OneMapping,
        /// An earlier version.
        #[arg(long)]
        version: Option<i64>,
    },
    /// Save a mapping as the next version.
    Set {
        #[command(flatten)]
        one: OneMapping,
        /// The mapping, or - for standard input.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Save only if the mapping still stands at this version.
        #[arg(long)]
        version: Option<i64>,
    },
    /// Show what the mapping would make of a profile; nothing is written.
    Preview {
        #[command(flatten)]
        one: OneMapping,
        /// A profile as the provider sends it, or - for standard input.
        #[arg(long, value_name = "FILE")]
        profile: PathBuf,
        /// Try this mapping instead of the saved one.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// List the versions of a mapping, the newest first.
    Versions {
        #[command(flatten)]
        one: OneMapping,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Make an earlier version the next one.
    Rollback {
        #[command(flatten)]
        one: OneMapping,
        /// The version to go back to.
        #[arg(long)]
        version: i64,
    },
}

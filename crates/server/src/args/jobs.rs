//! `tessera job …`.

use clap::Subcommand;

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum JobCommand {
    /// List the jobs of a tenant: imports, exports, blocking many.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show a job with its problems.
    Show {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        id: String,
    },
    /// Start an import that was looked at.
    Start {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        id: String,
    },
    /// Stop a job where it stands.
    Cancel {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        id: String,
    },
}

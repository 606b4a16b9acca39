//! `tessera session …`.

use clap::Subcommand;

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// List the sessions of a user, or of a tenant.
    List {
        /// The user's id.
        #[arg(long, required_unless_present = "tenant")]
        user: Option<String>,
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
    /// End a session.
    Revoke { id: String },
}

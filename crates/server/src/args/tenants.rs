//! `tessera tenant …`.

use clap::Subcommand;

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Create a tenant.
    Create {
        /// Short name in URLs.
        #[arg(long)]
        slug: String,
        /// Name people read.
        #[arg(long)]
        name: String,
        /// A host of its own.
        #[arg(long)]
        host: Option<String>,
        /// development, staging or production.
        #[arg(long, default_value = "production")]
        environment: String,
    },
    /// List tenants.
    List(PageArgs),
    /// Show a tenant by id or slug.
    Show { tenant: String },
    /// Delete a tenant and everything in it.
    Delete { tenant: String },
}

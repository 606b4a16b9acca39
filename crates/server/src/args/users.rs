//! `tessera user …`.

use std::path::PathBuf;

use clap::Subcommand;

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a user; the answer has a link to set a password.
    Create {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Address they sign in with.
        #[arg(long)]
        email: String,
        /// Name people read.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from a file, or - for standard input (development tenants only).
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// List the users of a tenant.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show a user.
    Show { id: String },
    /// Keep a user out: their sessions and tokens end.
    Block { id: String },
    /// Let a user in again.
    Unblock { id: String },
    /// Delete a user.
    Delete { id: String },
}

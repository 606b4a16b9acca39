//! `tessera log …` and `tessera audit …`.

use clap::Subcommand;

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// List what happened, newest first.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// signed_in, signed_up, returned, signed_out or failed.
        #[arg(long)]
        outcome: Option<String>,
        /// A code of the error catalogue.
        #[arg(long)]
        code: Option<String>,
        /// An application's id.
        #[arg(long)]
        application: Option<String>,
        /// A user's id.
        #[arg(long)]
        user: Option<String>,
        /// A connection's id.
        #[arg(long)]
        connection: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one sign-in step by step, by its support code or its request id.
    Show {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// The code that the person saw.
        code: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List changes, newest first.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// What it was done to: an id.
        #[arg(long)]
        object: Option<String>,
        /// Who did it: a user's id, or cli.
        #[arg(long)]
        actor: Option<String>,
        /// What was done, such as application.update.
        #[arg(long)]
        action: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Print changes as a file, newest first, at most 10,000.
    Export {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// csv or json.
        #[arg(long, default_value = "csv")]
        format: String,
    },
}

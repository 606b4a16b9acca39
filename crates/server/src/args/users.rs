//! `tessera user …`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a user; the answer has a link to set a password.
    Create(CreateUserArgs),
    /// Create a user and send them a link to set a password by mail.
    Invite {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Address they sign in with.
        #[arg(long)]
        email: String,
        /// Name people read.
        #[arg(long)]
        name: Option<String>,
    },
    /// List the users of a tenant.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        #[command(flatten)]
        which: ListUsersArgs,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show a user with their fields and where these came from.
    Show { id: String },
    /// Change fields: `tessera user set ID given_name=Ann email_verified=true nickname=`.
    Set {
        id: String,
        /// FIELD=VALUE; an empty value takes the field away.
        #[arg(required = true, value_name = "FIELD=VALUE")]
        changes: Vec<String>,
        /// Refuse if somebody changed the user since this version.
        #[arg(long)]
        version: Option<i64>,
    },
    /// Keep a user out: their sessions and tokens end.
    Block { id: String },
    /// Let a user in again.
    Unblock { id: String },
    /// Delete a user.
    Delete { id: String },
    /// Print a link with which a user sets a password, or send it by mail.
    Link {
        id: String,
        /// Send it; it is not printed then.
        #[arg(long)]
        mail: bool,
    },
    /// List the identities of a user.
    Identities { id: String },
    /// Unlink an identity of a user.
    Unlink { id: String, identity: String },
    /// List the sessions of a user.
    Sessions {
        id: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Import users from a file; with --dry-run only look at the rows.
    Import(ImportArgs),
    /// Export users to standard output.
    Export {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// csv or ndjson.
        #[arg(long, default_value = "csv")]
        format: String,
        #[command(flatten)]
        which: ListUsersArgs,
    },
}

/// What a new user needs.
#[derive(Debug, Clone, ClapArgs)]
pub struct CreateUserArgs {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// Address they sign in with.
    #[arg(long)]
    pub email: String,
    /// Name people read.
    #[arg(long)]
    pub name: Option<String>,
    /// Read the password from a file, or - for standard input (development tenants only).
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// Which users.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ListUsersArgs {
    /// Those whose address, name or external ID begins so.
    #[arg(long, default_value = "")]
    pub query: String,
    /// blocked, unverified, never_signed_in, or the id of a connection.
    #[arg(long, default_value = "")]
    pub filter: String,
    /// email, name or created.
    #[arg(long, default_value = "email")]
    pub sort: String,
    /// From the end.
    #[arg(long)]
    pub desc: bool,
}

/// What an import needs.
#[derive(Debug, Clone, ClapArgs)]
pub struct ImportArgs {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// The file, or - for standard input.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
    /// csv, json or ndjson; found out if it is not said.
    #[arg(long)]
    pub format: Option<String>,
    /// skip leaves users who exist as they are, update changes them.
    #[arg(long, default_value = "skip")]
    pub if_exists: String,
    /// Say what would happen and stop.
    #[arg(long)]
    pub dry_run: bool,
}

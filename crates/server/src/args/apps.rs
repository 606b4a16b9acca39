//! `tessera app …`.

use clap::{Args as ClapArgs, Subcommand};

use super::{AppSignInCommand, PageArgs};

/// What a new application needs.
#[derive(Debug, Clone, ClapArgs)]
pub struct CreateApp {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// web, spa, native or machine.
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: String,
    /// Name people read when they sign in.
    #[arg(long)]
    pub name: String,
    /// Where people may be sent back; repeatable.
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out; repeatable.
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    pub post_logout_redirect_uris: Vec<String>,
    /// It is the tenant's own: nobody is asked for consent.
    #[arg(long)]
    pub first_party: bool,
}

#[derive(Debug, Subcommand)]
pub enum AppCommand {
    /// Register an application.
    Create(CreateApp),
    /// List the applications of a tenant.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show an application.
    Show { id: String },
    /// Make another client secret; it is shown once.
    RotateSecret { id: String },
    /// Switch an application off.
    Disable { id: String },
    /// Switch an application on again.
    Enable { id: String },
    /// What its sign-in page shows.
    #[command(subcommand)]
    SignIn(AppSignInCommand),
    /// Delete an application.
    Delete { id: String },
}

//! Flags and commands. Help leads with what the command does; every noun has the same verbs.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

/// Tessera, a multi-tenant identity platform.
#[derive(Debug, Parser)]
#[command(name = "tessera", version, about, arg_required_else_help = true)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, ClapArgs)]
pub struct Global {
    /// Configuration file; without it, TESSERA_CONFIG or ./tessera.toml if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Do what is destructive without asking.
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server.
    Serve(ServeArgs),
    /// Start a server for development: no questions, a demo tenant, one URL.
    Dev(DevArgs),
    /// Bring the database to this version, or see where it stands.
    #[command(subcommand)]
    Migrate(MigrateCommand),
    /// Check configuration, database, keys and clock.
    Doctor,
    /// Links for operators.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Tenants.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Applications.
    #[command(subcommand)]
    App(AppCommand),
    /// Users.
    #[command(subcommand)]
    User(UserCommand),
    /// Sessions.
    #[command(subcommand)]
    Session(SessionCommand),
    /// Signing keys and the master key.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Every route with verb, path, face, role and scope.
    Routes,
    /// Every setting with its default and what it does.
    Settings,
}

#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ServeArgs {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Where people reach the installation.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// PEM file with the certificate chain.
    #[arg(long, value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file with the private key.
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, ClapArgs)]
pub struct DevArgs {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Keep everything in a fresh directory instead of ./.dev.
    #[arg(long)]
    pub ephemeral: bool,
    /// Once requests are answered, write addresses and credentials here as JSON.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Use this database instead of a file in the data directory.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Where people reach this server, if not at http://localhost:PORT.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// PEM file with the certificate chain.
    #[arg(long, value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file with the private key.
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Start another node of the server that wrote this ready file.
    #[arg(long, value_name = "FILE")]
    pub join: Option<PathBuf>,
    /// Read an offset in seconds from this file and add it to the clock (development builds).
    #[cfg(debug_assertions)]
    #[arg(long, value_name = "FILE")]
    pub clock_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum MigrateCommand {
    /// Apply what is missing.
    Up,
    /// Show what is applied and what is missing.
    Status,
}

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Print a one-time link to create the first operator; links printed before stop working.
    SetupLink,
    /// Print a one-time link with which an operator sets a new password.
    ResetLink {
        /// The operator's e-mail address.
        email: String,
    },
}

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

#[derive(Debug, Clone, Default, ClapArgs)]
pub struct PageArgs {
    /// How many at most, up to 100.
    #[arg(long)]
    pub limit: Option<i64>,
    /// Where the page before ended: its `next`.
    #[arg(long)]
    pub after: Option<String>,
}

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
    /// Delete an application.
    Delete { id: String },
}

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

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a new signing key for a tenant; it is published at once and signs ten minutes later.
    Rotate {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// ES256, RS256 or EdDSA.
        #[arg(long, default_value = "ES256")]
        algorithm: String,
    },
    /// Add a master key to the master key file; nodes seal with it five seconds later.
    RotateMaster,
    /// Seal everything anew under the present master key, so that older ones may be removed.
    Reseal,
}

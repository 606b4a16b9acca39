//! Flags and commands. Help leads with what the command does; every noun has the same verbs and a
//! file of its own.

mod apps;
mod connections;
mod domains;
mod fields;
mod installation;
mod jobs;
mod logs;
mod looks;
mod mail;
mod mappings;
mod organizations;
mod serve;
mod sessions;
mod tenants;
mod users;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

pub use apps::{AppCommand, CreateApp};
pub use connections::{ConnectionCommand, CreateConnectionArgs, OneConnection, ProviderArgs};
pub use domains::DomainCommand;
pub use fields::{CreateField, FieldCommand};
pub use installation::{AdminCommand, KeyCommand, MigrateCommand};
pub use jobs::JobCommand;
pub use logs::{AuditCommand, LogCommand};
pub use looks::{
    AppSignInCommand, BrandingCommand, SetAppSignIn, SetBranding, SetSignIn, SignInCommand,
};
pub use mail::{
    MailCommand, SenderCommand, ServerCommand, SetSenderArgs, SetServerArgs, TemplateArgs,
    TemplateCommand,
};
pub use mappings::{MappingCommand, OneMapping};
pub use organizations::{MemberCommand, OrgCommand};
pub use serve::{DevArgs, ServeArgs};
pub use sessions::SessionCommand;
pub use tenants::TenantCommand;
pub use users::{CreateUserArgs, ImportArgs, ListUsersArgs, UserCommand};

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
    /// Connections: the providers people sign in with.
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Mappings: rules from a provider's profile to user fields.
    #[command(subcommand)]
    Mapping(MappingCommand),
    /// The fields of users that a tenant defined itself.
    #[command(subcommand)]
    Field(FieldCommand),
    /// How the pages of a tenant look.
    #[command(subcommand)]
    Branding(BrandingCommand),
    /// How people get in at a tenant.
    #[command(subcommand)]
    SignIn(SignInCommand),
    /// Users.
    #[command(subcommand)]
    User(UserCommand),
    /// Organizations and their roles.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Members of organizations, and invitations.
    #[command(subcommand)]
    Member(MemberCommand),
    /// Work on many users.
    #[command(subcommand)]
    Job(JobCommand),
    /// Sessions.
    #[command(subcommand)]
    Session(SessionCommand),
    /// Hosts of a tenant's own.
    #[command(subcommand)]
    Domain(DomainCommand),
    /// Mail: server, sender, texts, log.
    #[command(subcommand)]
    Mail(MailCommand),
    /// What happened to people who sign in.
    #[command(subcommand)]
    Log(LogCommand),
    /// What admins and commands changed.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Signing keys and the master key.
    #[command(subcommand)]
    Key(KeyCommand),
    /// The installation at a glance: database, nodes, jobs, keys, mail.
    Status,
    /// Every route with verb, path, face, role and scope.
    Routes,
    /// Every setting with its default and what it does.
    Settings,
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

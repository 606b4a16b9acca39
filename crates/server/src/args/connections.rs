//! `tessera connection …`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::OneMapping;

/// What is known of a provider. A preset fills in what is not given.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ProviderArgs {
    /// Begin with what is known of a provider: google, microsoft, github, gitlab, linkedin,
    /// discord.
    #[arg(long, value_name = "PRESET")]
    pub preset: Option<String>,
    /// What the preset has to ask, such as tenant_id=…; repeatable.
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "preset")]
    pub inputs: Vec<String>,
    /// Issuer of an OpenID Connect provider.
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// Where people are sent to sign in.
    #[arg(long, value_name = "URL")]
    pub authorization_endpoint: Option<String>,
    /// Where codes are exchanged.
    #[arg(long, value_name = "URL")]
    pub token_endpoint: Option<String>,
    /// Where the profile is asked for.
    #[arg(long, value_name = "URL")]
    pub userinfo_endpoint: Option<String>,
    /// Where the provider's keys are, for an issuer without discovery.
    #[arg(long, value_name = "URL")]
    pub jwks_uri: Option<String>,
    /// What to ask for; repeatable, instead of the preset's.
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// What stands between scopes.
    #[arg(long, value_name = "TEXT")]
    pub scope_separator: Option<String>,
    /// client_secret_basic, client_secret_post or none.
    #[arg(long, value_name = "METHOD")]
    pub token_auth: Option<String>,
    /// Leave PKCE out, for a provider that refuses it.
    #[arg(long)]
    pub no_pkce: bool,
    /// Where the profile comes from: id_token, both or userinfo.
    #[arg(long, value_name = "SOURCE")]
    pub profile_from: Option<String>,
    /// Which member of the profile never changes, for a provider without ID tokens.
    #[arg(long, value_name = "PATH")]
    pub subject_path: Option<String>,
    /// Which member of the profile an identity is listed under.
    #[arg(long, value_name = "PATH")]
    pub label_path: Option<String>,
    /// Another parameter of the authorization request; repeatable.
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub params: Vec<String>,
    /// Another header of profile requests; repeatable.
    #[arg(long = "header", value_name = "NAME=VALUE")]
    pub headers: Vec<String>,
    /// One more request, whose answer joins the profile as NAME; repeatable.
    #[arg(long = "extra-request", value_name = "NAME=URL")]
    pub extra_requests: Vec<String>,
    /// A mail domain whose addresses the provider may vouch for; repeatable, any without it.
    #[arg(long = "email-domain", value_name = "DOMAIN")]
    pub email_domains: Vec<String>,
    /// Strangers who come through it get no account.
    #[arg(long)]
    pub no_sign_up: bool,
    /// Offer it to this application only; repeatable, all without it.
    #[arg(long = "application", value_name = "ID")]
    pub applications: Vec<String>,
}

/// What a new connection needs.
#[derive(Debug, Clone, ClapArgs)]
pub struct CreateConnectionArgs {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// Short name in URLs; the preset's name without it.
    #[arg(long, required_unless_present = "preset")]
    pub code: Option<String>,
    /// Name people read on its button.
    #[arg(long)]
    pub name: Option<String>,
    /// Our id at the provider.
    #[arg(long)]
    pub client_id: String,
    /// Read our secret at the provider from a file, or - for standard input.
    #[arg(long, value_name = "FILE")]
    pub client_secret_file: Option<PathBuf>,
    /// When the secret expires, YYYY-MM-DD.
    #[arg(long, value_name = "DATE", requires = "client_secret_file")]
    pub secret_expires: Option<String>,
    #[command(flatten)]
    pub provider: ProviderArgs,
    /// Begin with this mapping, from a file or - for standard input.
    #[arg(long, value_name = "FILE")]
    pub mapping_file: Option<PathBuf>,
    /// Do not offer it yet.
    #[arg(long)]
    pub disabled: bool,
}

/// A connection by its id or its code; a code that several tenants use needs the tenant.
#[derive(Debug, Clone, ClapArgs)]
pub struct OneConnection {
    /// The connection, by id or code; a code that several tenants use needs --tenant.
    pub connection: String,
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum ConnectionCommand {
    /// Add a connection; the answer has the callback URL to register at the provider.
    #[command(group = clap::ArgGroup::new("provider").required(true).multiple(true)
        .args(["preset", "issuer", "authorization_endpoint"]))]
    Create(Box<CreateConnectionArgs>),
    /// List the connections of a tenant in the order in which they are offered.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Show a connection.
    Show(OneConnection),
    /// Change a connection: settings as JSON, as `show --json` prints them under `settings`.
    Set {
        #[command(flatten)]
        one: OneConnection,
        /// Name people read on its button.
        #[arg(long)]
        name: Option<String>,
        /// Replace these members of the settings, from a file or - for standard input.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Read another client secret from a file, or - for standard input.
        #[arg(long, value_name = "FILE")]
        client_secret_file: Option<PathBuf>,
        /// When the secret expires, YYYY-MM-DD, or never.
        #[arg(long, value_name = "DATE")]
        secret_expires: Option<String>,
    },
    /// Look at the provider, its keys, and whether it takes our credentials; nobody signs in.
    Test(OneMapping),
    /// Offer a connection.
    Enable(OneConnection),
    /// Offer a connection no longer.
    Disable(OneConnection),
    /// Put the connections of a tenant in order: codes or ids, the first on top.
    Order {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Codes or ids; those left out follow.
        #[arg(required = true)]
        connections: Vec<String>,
    },
    /// Delete a connection with the identities that were made through it.
    Delete(OneConnection),
    /// List the presets.
    Presets,
}

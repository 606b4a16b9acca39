//! `tessera branding …`, `tessera sign-in …`, `tessera app sign-in …`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

/// What may change about how pages look.
#[derive(Debug, Clone, ClapArgs)]
pub struct SetBranding {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// Brand colour, # and six hexadecimal digits; `default` for the product's.
    #[arg(long, value_name = "COLOUR")]
    pub brand: Option<String>,
    /// Brand colour on dark pages; `default` makes it from the other one.
    #[arg(long, value_name = "COLOUR")]
    pub brand_dark: Option<String>,
    /// Roundness of corners in pixels, 0 to 16; `default` for the product's.
    #[arg(long, value_name = "PIXELS")]
    pub radius: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum BrandingCommand {
    /// Show how a tenant's pages look, and how its colours read.
    Show {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Change colours and roundness; what is not named stays.
    Set(SetBranding),
    /// Upload the logo, or remove it.
    Logo {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// A PNG, JPEG or WebP image of at most 512 KB; - reads standard input.
        #[arg(long, value_name = "FILE", required_unless_present = "remove")]
        file: Option<PathBuf>,
        /// Remove it instead.
        #[arg(long, conflicts_with = "file")]
        remove: bool,
        /// The logo of dark pages.
        #[arg(long)]
        dark: bool,
    },
}

/// What may change about how people get in.
#[derive(Debug, Clone, ClapArgs)]
pub struct SetSignIn {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// on or off.
    #[arg(long, value_name = "on|off")]
    pub password: Option<String>,
    /// open or closed.
    #[arg(long, value_name = "open|closed")]
    pub sign_up: Option<String>,
    /// Fields that everybody needs besides the email, separated by commas; `none` for no others.
    #[arg(long, value_name = "FIELDS")]
    pub require: Option<String>,
    /// Codes of connections in their order, separated by commas.
    #[arg(long, value_name = "CODES")]
    pub order: Option<String>,
    /// The privacy notice; `none` removes it.
    #[arg(long, value_name = "URL")]
    pub privacy_url: Option<String>,
    /// The terms; `none` removes them.
    #[arg(long, value_name = "URL")]
    pub terms_url: Option<String>,
    /// Where to find help; `none` removes it.
    #[arg(long, value_name = "URL")]
    pub help_url: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum SignInCommand {
    /// Show how people get in at a tenant.
    Show {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Change it; what is not named stays.
    Set(SetSignIn),
}

/// What the sign-in page of an application may show differently.
#[derive(Debug, Clone, ClapArgs)]
pub struct SetAppSignIn {
    /// The application.
    pub id: String,
    /// Codes of connections and `password`, separated by commas; `tenant` for the tenant's.
    #[arg(long, value_name = "WAYS")]
    pub ways: Option<String>,
    /// open, closed or tenant.
    #[arg(long, value_name = "open|closed|tenant")]
    pub sign_up: Option<String>,
    /// Fields that everybody needs, separated by commas; `none`, or `tenant` for the tenant's.
    #[arg(long, value_name = "FIELDS")]
    pub require: Option<String>,
    /// Colour, # and six hexadecimal digits; `tenant` for the tenant's.
    #[arg(long, value_name = "COLOUR")]
    pub brand: Option<String>,
    /// Its own logo: a PNG, JPEG or WebP image; - reads standard input.
    #[arg(long, value_name = "FILE")]
    pub logo: Option<PathBuf>,
    /// Show the tenant's logo again.
    #[arg(long, conflicts_with = "logo")]
    pub no_logo: bool,
    /// Its own privacy notice; `none` removes it.
    #[arg(long, value_name = "URL")]
    pub privacy_url: Option<String>,
    /// Its own terms; `none` removes them.
    #[arg(long, value_name = "URL")]
    pub terms_url: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum AppSignInCommand {
    /// Show what the sign-in page of an application shows differently from the tenant's.
    Show { id: String },
    /// Change it; what is not named stays.
    Set(SetAppSignIn),
}

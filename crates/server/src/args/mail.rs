//! `tessera mail …`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// The server that mails go through.
    #[command(subcommand)]
    Server(ServerCommand),
    /// Who a tenant's mails come from.
    #[command(subcommand)]
    Sender(SenderCommand),
    /// The texts of a tenant's mails.
    #[command(subcommand)]
    Template(TemplateCommand),
    /// What became of a tenant's mails, newest first.
    Log {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// queued, sending, retrying, sent, given_up or suppressed.
        #[arg(long)]
        state: Option<String>,
        /// Only those to this address.
        #[arg(long)]
        to: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
}

#[derive(Debug, Subcommand)]
pub enum ServerCommand {
    /// Show it, without its password.
    Show,
    /// Set it; what is left out stays. `--host ''` removes it.
    Set(SetServerArgs),
    /// Send a test mail at once and print what the server answers.
    Test {
        /// Where to.
        #[arg(long)]
        to: String,
    },
}

#[derive(Debug, ClapArgs)]
pub struct SetServerArgs {
    /// Host name or address.
    #[arg(long)]
    pub host: Option<String>,
    /// Port, usually 587, with tls 465.
    #[arg(long)]
    pub port: Option<u16>,
    /// starttls, tls or none (only to this machine, or in development).
    #[arg(long)]
    pub tls: Option<String>,
    /// Who to sign in as.
    #[arg(long)]
    pub user: Option<String>,
    /// Read the password from a file, or - for standard input.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Address mails come from when a tenant has none of its own.
    #[arg(long)]
    pub from: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum SenderCommand {
    /// Show it.
    Show {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Set it; what is left out stays, an empty value takes the default again.
    Set(SetSenderArgs),
}

#[derive(Debug, ClapArgs)]
pub struct SetSenderArgs {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// Name before the address.
    #[arg(long)]
    pub name: Option<String>,
    /// Address.
    #[arg(long)]
    pub address: Option<String>,
    /// Where answers go.
    #[arg(long)]
    pub reply_to: Option<String>,
    /// Language of mails to people whose language is unknown.
    #[arg(long)]
    pub language: Option<String>,
}

/// Which text.
#[derive(Debug, ClapArgs)]
pub struct TemplateArgs {
    /// Tenant, by id or slug.
    #[arg(long)]
    pub tenant: String,
    /// Which mail, such as reset_password.
    #[arg(long)]
    pub template: String,
    /// Its language.
    #[arg(long, default_value = "en")]
    pub language: String,
}

#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// List the mails, their languages and which the tenant wrote itself.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Show a text with its placeholders.
    Show(TemplateArgs),
    /// Write a text of the tenant's own.
    Set {
        #[command(flatten)]
        of: TemplateArgs,
        /// The subject; the one that stands when left out.
        #[arg(long)]
        subject: Option<String>,
        /// File with the text, or - for standard input.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Go back to the text that came with the server.
    Reset(TemplateArgs),
    /// Print what a mail would look like, with example values.
    Preview {
        #[command(flatten)]
        of: TemplateArgs,
        /// File with a text to try, or - for standard input; the one that stands when left out.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Send a mail with example values.
    Send {
        #[command(flatten)]
        of: TemplateArgs,
        /// Where to.
        #[arg(long)]
        to: String,
    },
}

//! Flags of the two ways to start a server. What they mean is `serve` and `dev`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

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
    /// Trust this PEM file of certificate authorities when a provider is called; repeatable.
    #[arg(long = "trust-ca", value_name = "FILE")]
    pub trust_ca: Vec<PathBuf>,
    /// Call this host although its addresses are private, and over plain http; repeatable.
    #[arg(long = "allow-host", value_name = "HOST[:PORT]")]
    pub allow_host: Vec<String>,
    /// Answer in place of the name service (development builds); repeatable.
    #[cfg(debug_assertions)]
    #[arg(long, value_name = "NAME=ADDR[,ADDR…]")]
    pub resolve: Vec<String>,
    /// Read an offset in seconds from this file and add it to the clock (development builds).
    #[cfg(debug_assertions)]
    #[arg(long, value_name = "FILE")]
    pub clock_file: Option<PathBuf>,
    /// Take TXT records of hosts from this file instead of DNS (development builds).
    #[cfg(debug_assertions)]
    #[arg(long, value_name = "FILE")]
    pub txt_file: Option<PathBuf>,
}

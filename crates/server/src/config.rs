//! Configuration: a TOML file, then the environment (`TESSERA_…`), then flags; the later wins.
//! Unknown keys are refused with the nearest name, so that a spelling mistake is not a default.

#[cfg(test)]
mod docs_test;
mod keys;
mod mail;
mod read;

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use context::{Addressing, Settings};

pub use keys::{KEYS, Key};
pub use mail::MailConfig;
pub use read::load;

use crate::fail::Fail;
use crate::upstream;

/// Everything that can be configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the values come from; relative paths are relative to it.
    pub file: Option<PathBuf>,
    pub listen: String,
    pub base_url: Option<String>,
    pub base_domain: Option<String>,
    pub tenant_addressing: Addressing,
    pub database: Option<String>,
    pub database_pool_size: u32,
    pub master_key_file: Option<PathBuf>,
    pub master_key: Option<String>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub trusted_proxies: Vec<(IpAddr, u8)>,
    /// PEM files of certificate authorities that providers may be signed by.
    pub trust_ca: Vec<PathBuf>,
    /// Hosts that may be reached although their addresses are not public.
    pub allow_hosts: Vec<String>,
    /// Development builds only: `NAME=ADDR[,ADDR…]`, in place of the name service.
    pub resolve: Vec<String>,
    pub workers: usize,
    pub password_min: usize,
    pub log: String,
    pub log_format: String,
    pub node: String,
    pub mail: MailConfig,
    /// Written by `tessera dev` only.
    pub development: bool,
    /// Development builds only.
    pub clock_file: Option<PathBuf>,
    /// Development builds only: TXT records from a file instead of DNS.
    pub txt_file: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            file: None,
            listen: "127.0.0.1:8080".into(),
            base_url: None,
            base_domain: None,
            tenant_addressing: Addressing::Host,
            database: None,
            database_pool_size: 16,
            master_key_file: None,
            master_key: None,
            tls_cert: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            trust_ca: Vec::new(),
            allow_hosts: Vec::new(),
            resolve: Vec::new(),
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            password_min: 15,
            log: "info".into(),
            log_format: "text".into(),
            node: format!("node-{}", std::process::id()),
            mail: MailConfig::default(),
            development: false,
            clock_file: None,
            txt_file: None,
        }
    }
}

impl Config {
    /// The database, or what to do when none is named.
    ///
    /// # Errors
    /// Names the setting.
    pub fn database(&self) -> Result<&str, Fail> {
        self.database.as_deref().ok_or_else(|| {
            Fail::usage("no database is configured. Set database = \"sqlite:/var/lib/tessera/tessera.db\" or \"postgres://…\" in the configuration file, TESSERA_DATABASE, or --database")
        })
    }

    /// What use cases see.
    ///
    /// # Errors
    /// Names the setting that is missing or does not fit.
    pub fn settings(&self) -> Result<Settings, Fail> {
        let base_url = self.base_url()?;
        if self.tenant_addressing == Addressing::Host && self.base_domain.is_none() {
            return Err(Fail::usage(
                "tenant_addressing = \"host\" needs base_domain, the domain tenants' hosts hang under. Set it, or set tenant_addressing = \"path\" (tenants then share one origin and are one trust domain)",
            ));
        }
        Ok(Settings {
            base_url,
            base_domain: self.base_domain.clone(),
            addressing: self.tenant_addressing,
            dev: self.development,
            plain_hosts: upstream::plain_hosts(self)?,
            password_min: self.password_min,
            trusted_proxies: self.trusted_proxies.clone(),
            node: self.node.clone(),
            mail_server: self.mail_server()?,
        })
    }

    fn base_url(&self) -> Result<String, Fail> {
        let url = self.base_url.as_deref().ok_or_else(|| {
            Fail::usage("base_url is not configured: where people reach the installation, such as https://id.example.com")
        })?;
        let url = url.trim_end_matches('/').to_owned();
        let rest = url.strip_prefix("https://").or_else(|| {
            url.strip_prefix("http://").filter(|rest| self.development || is_loopback(rest))
        });
        match rest {
            Some(rest) if !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ']) => Ok(url),
            Some(_) => Err(Fail::usage(
                "base_url is scheme, host and port only, such as https://id.example.com",
            )),
            None => Err(Fail::usage(
                "base_url must begin with https://; plain http is for loopback addresses only",
            )),
        }
    }

    /// A path of the configuration, relative to its file.
    pub fn path(&self, path: &Path) -> PathBuf {
        match self.file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(path),
            None => path.to_owned(),
        }
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) { host } else { authority }
    });
    matches!(host, "localhost" | "[::1]") || host.starts_with("127.")
}

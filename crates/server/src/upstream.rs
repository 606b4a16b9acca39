//! The HTTP client of the installation, from its settings: which authorities are trusted, and
//! which hosts may be called although they are inside. Without settings the guard is closed,
//! loopback included.

use std::net::IpAddr;

use context::PlainHosts;
use outbound::{AllowedHost, Outbound, Policy};

use crate::config::Config;
use crate::fail::Fail;

/// The client.
///
/// # Errors
/// Names the setting and what is wrong with it.
pub fn client(config: &Config) -> Result<Outbound, Fail> {
    let policy = Policy {
        allow: config.allow_hosts.iter().map(|text| allowed(text)).collect::<Result<_, _>>()?,
        trust_ca: config.trust_ca.iter().map(|f| authority(config, f)).collect::<Result<_, _>>()?,
        resolve: config.resolve.iter().map(|text| resolved(text)).collect::<Result<_, _>>()?,
        dev: config.development,
        ..Policy::default()
    };
    Outbound::new(policy).map_err(Fail::usage)
}

/// The hosts that the guard lets through over plain http.
///
/// # Errors
/// As [`client`].
pub fn plain_hosts(config: &Config) -> Result<PlainHosts, Fail> {
    if !config.development {
        return Ok(PlainHosts::default());
    }
    let hosts: Result<Vec<_>, Fail> = config.allow_hosts.iter().map(|t| allowed(t)).collect();
    Ok(PlainHosts::new(hosts?.iter().map(|host| (host.host(), host.port())).collect()))
}

fn allowed(text: &str) -> Result<AllowedHost, Fail> {
    AllowedHost::parse(text).map_err(|why| Fail::usage(format!("allow_hosts: {why}")))
}

fn authority(config: &Config, file: &std::path::Path) -> Result<Vec<u8>, Fail> {
    let path = config.path(file);
    std::fs::read(&path)
        .map_err(|e| Fail::usage(format!("trust_ca: {} cannot be read: {e}", path.display())))
}

fn resolved(text: &str) -> Result<(String, Vec<IpAddr>), Fail> {
    let read = || {
        let (name, list) = text.split_once('=')?;
        let addresses: Option<Vec<IpAddr>> = list.split(',').map(|a| a.parse().ok()).collect();
        Some((name.to_owned(), addresses?))
    };
    read().ok_or_else(|| {
        Fail::usage(format!("resolve: {text:?} is not NAME=ADDR[,ADDR…], such as a.test=10.0.0.1"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_be_used_are_named() {
        let with = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            client(&config).err().map(|fail| fail.to_string()).unwrap_or_default()
        };
        assert_eq!(with(|_| ()), "");
        assert!(with(|c| c.allow_hosts = vec!["http://x".into()]).contains("allow_hosts"));
        assert!(with(|c| c.trust_ca = vec!["/no/such/file".into()]).contains("trust_ca"));
        assert!(with(|c| c.resolve = vec!["x".into()]).contains("resolve"));
        assert_eq!(with(|c| c.resolve = vec!["a.test=127.0.0.1,::1".into()]), "");
    }
}

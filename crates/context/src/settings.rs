//! Settings of the installation that a use case may need. Where they come from (file, environment,
//! flags) is `server`'s.

use std::net::IpAddr;

/// Which address of a tenant is its canonical one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressing {
    /// `{base}/t/{slug}`: tenants share an origin and are one trust domain.
    Path,
    /// `{slug}.{base domain}`: each tenant has an origin of its own.
    Host,
}

/// The server mails go through, when the configuration names it; then nobody changes it elsewhere.
#[derive(Debug, Clone)]
pub struct MailServerSetting {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `starttls`, `tls` or `none`.
    pub tls: String,
    /// Who to sign in as; nobody when empty.
    pub user: String,
    /// The password.
    pub password: vault::SecretString,
    /// The address mails come from when a tenant has none of its own.
    pub from: String,
}

/// Hosts that may be called over plain http: what the guard of outbound requests lets through, so
/// that nothing is saved which it would refuse. Empty but in development.
#[derive(Debug, Clone, Default)]
pub struct PlainHosts(Vec<(String, Option<u16>)>);

impl PlainHosts {
    /// These hosts, as URLs write them, each at one port or at any.
    pub fn new(hosts: Vec<(String, Option<u16>)>) -> PlainHosts {
        PlainHosts(hosts)
    }

    /// Whether a host at a port is one of them.
    pub fn has(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|(own, at)| own == host && at.is_none_or(|at| at == port))
    }
}

/// Settings of the installation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach the installation: scheme, host and port, no trailing slash.
    pub base_url: String,
    /// The domain tenants' hosts hang under; none when there are no such hosts.
    pub base_domain: Option<String>,
    /// Which address of a tenant is canonical when it has no host of its own.
    pub addressing: Addressing,
    /// Whether this is `tessera dev`: plain http and loopback are fine, a demo tenant exists.
    pub dev: bool,
    /// Providers that may be reached over plain http.
    pub plain_hosts: PlainHosts,
    /// The least number of code points of a password that is the only factor.
    pub password_min: usize,
    /// Networks whose forwarding headers are believed, as (address, prefix length).
    pub trusted_proxies: Vec<(IpAddr, u8)>,
    /// This node's name in leases and logs.
    pub node: String,
    /// The server mails go through, when the configuration names it.
    pub mail_server: Option<MailServerSetting>,
}

impl Settings {
    /// Whether people reach us over TLS.
    pub fn https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// Scheme of the base URL.
    pub fn scheme(&self) -> &str {
        self.base_url.split("://").next().unwrap_or("https")
    }

    /// Host and port of the base URL.
    pub fn authority(&self) -> &str {
        self.base_url.split("://").nth(1).unwrap_or_default()
    }

    /// `:port` of the base URL, or nothing.
    fn port(&self) -> &str {
        let authority = self.authority();
        let after = authority.rfind(']').map_or(0, |at| at + 1);
        authority[after..].find(':').map_or("", |at| &authority[after + at..])
    }

    /// Where the admin console is.
    pub fn console_url(&self) -> String {
        format!("{}/console", self.base_url)
    }

    /// The canonical address of a tenant: its issuer and the prefix of all its URLs.
    pub fn issuer(&self, slug: &str, host: Option<&str>) -> String {
        match (host, self.addressing, &self.base_domain) {
            (Some(host), _, _) => format!("{}://{host}{}", self.scheme(), self.port()),
            (None, Addressing::Host, Some(domain)) => {
                format!("{}://{slug}.{domain}{}", self.scheme(), self.port())
            }
            _ => format!("{}/t/{slug}", self.base_url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(addressing: Addressing) -> Settings {
        Settings {
            base_url: "https://id.example.com:8443".into(),
            base_domain: Some("id.example.com".into()),
            addressing,
            dev: false,
            plain_hosts: PlainHosts::default(),
            password_min: 15,
            trusted_proxies: Vec::new(),
            node: "n1".into(),
            mail_server: None,
        }
    }

    #[test]
    fn an_issuer_follows_the_installation_and_the_tenants_own_host() {
        assert_eq!(
            settings(Addressing::Path).issuer("acme", None),
            "https://id.example.com:8443/t/acme"
        );
        assert_eq!(
            settings(Addressing::Host).issuer("acme", None),
            "https://acme.id.example.com:8443"
        );
        let own = settings(Addressing::Path).issuer("acme", Some("login.acme.test"));
        assert_eq!(own, "https://login.acme.test:8443");
    }
}

//! The table of settings: name, default, meaning. The reader takes the names from here, and the
//! reference page is compared with it by a test.

/// A setting.
pub struct Key {
    /// Its name in the file; in the environment `TESSERA_` and the name in capitals.
    pub name: &'static str,
    /// Its default, as text.
    pub default: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

const fn key(name: &'static str, default: &'static str, meaning: &'static str) -> Key {
    Key { name, default, meaning }
}

/// Every setting.
pub const KEYS: &[Key] = &[
    key("listen", "127.0.0.1:8080", "Address and port to listen on."),
    key(
        "base_url",
        "none, required",
        "Where people reach the installation: scheme, host and port. https, except on loopback.",
    ),
    key("base_domain", "none", "The domain tenants' hosts hang under: {slug}.{base_domain}."),
    key(
        "tenant_addressing",
        "host",
        "Which address of a tenant is its issuer: host ({slug}.{base_domain}) or path ({base_url}/t/{slug}). By path, tenants share one origin and are one trust domain.",
    ),
    key("database", "none, required", "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME."),
    key(
        "database_pool_size",
        "16",
        "Connections at most: on PostgreSQL all of them, on SQLite those that read.",
    ),
    key(
        "master_key_file",
        "none, required",
        "File with the master keys, one a line; made by tessera key rotate-master.",
    ),
    key(
        "master_key",
        "none",
        "The content of such a file, for the environment (TESSERA_MASTER_KEY).",
    ),
    key(
        "tls_cert",
        "none",
        "PEM file with the certificate chain. Without it the server speaks plain http to a proxy.",
    ),
    key("tls_key", "none", "PEM file with the private key of tls_cert."),
    key(
        "trusted_proxies",
        "[]",
        "Networks whose forwarding headers are believed, such as 10.0.0.0/8.",
    ),
    key(
        "trust_ca",
        "[]",
        "PEM files of certificate authorities that are trusted besides the system's when a provider is called.",
    ),
    key(
        "allow_hosts",
        "[]",
        "Hosts, as HOST or HOST:PORT, that may be called although their addresses are not public.",
    ),
    key(
        "resolve",
        "[]",
        "Development builds only: NAME=ADDR[,ADDR…] in place of the name service; a name given twice answers in turn.",
    ),
    key("workers", "number of cores", "Threads that serve connections."),
    key(
        "password_min",
        "15",
        "Least number of characters of a password that is the only factor; 15 or more.",
    ),
    key(
        "log",
        "info",
        "What is logged: error, warn, info, debug, or a filter such as web=debug,info.",
    ),
    key("log_format", "text", "text or json."),
    key("node", "node-PID", "This node's name in leases and logs."),
    key(
        "smtp_host",
        "none",
        "Host of the mail server. Set here, the console shows the mail server and cannot change it.",
    ),
    key("smtp_port", "587, or 465 with smtp_tls = tls", "Its port."),
    key(
        "smtp_tls",
        "starttls",
        "starttls, tls (from the first byte) or none (only to this machine, or in development).",
    ),
    key("smtp_user", "none", "Who to sign in to the mail server as."),
    key("smtp_password_file", "none", "File with the password of smtp_user."),
    key("smtp_password", "none", "The password itself, for the environment."),
    key(
        "mail_from",
        "none, required with smtp_host",
        "Address mails come from when a tenant has none of its own.",
    ),
    key("development", "false", "Written by tessera dev; serve refuses it."),
    key(
        "txt_file",
        "none",
        "Development builds only: a file with lines of a TXT record's name and its text, instead of DNS.",
    ),
    key("clock_file", "none", "Development builds only: a file with seconds to add to the clock."),
];

/// The nearest known name to an unknown one.
pub fn nearest(unknown: &str) -> Option<&'static str> {
    KEYS.iter()
        .map(|key| (strsim::damerau_levenshtein(unknown, key.name), key.name))
        .filter(|(distance, _)| *distance <= 4)
        .min()
        .map(|(_, name)| name)
}

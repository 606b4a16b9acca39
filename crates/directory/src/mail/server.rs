//! The server that mails go through: the operator's alone, since whoever sets it chooses a machine
//! that this one talks to. The configuration file wins over what was saved here. Talking to it is
//! `server`'s.

use context::Ctx;
use context::settings::MailServerSetting;
use serde::{Deserialize, Serialize};
use store::settings::MailServer;
use store::{Error as StoreError, TenantId};
use vault::{Purpose, SecretString};

use super::sender::address;
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::rights::Action;

/// How the connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Plain at first, then TLS, or nothing is sent (RFC 3207).
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// None: to this machine, or in development.
    None,
}

impl Tls {
    /// Every way.
    pub const ALL: [Tls; 3] = [Tls::Starttls, Tls::Tls, Tls::None];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Tls::Starttls => "starttls",
            Tls::Tls => "tls",
            Tls::None => "none",
        }
    }

    /// The way with this name.
    pub fn parse(name: &str) -> Option<Tls> {
        Tls::ALL.into_iter().find(|tls| tls.as_str() == name)
    }
}

/// The server as it is used.
#[derive(Debug, Clone)]
pub struct Effective {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: Tls,
    /// Who to sign in as; nobody when empty.
    pub user: String,
    /// The password.
    pub password: SecretString,
    /// The address mails come from when a tenant has none of its own.
    pub from: String,
}

/// The server as an operator sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// Whether one is set up.
    pub configured: bool,
    /// Where the values come from: `console` or `configuration`.
    pub origin: &'static str,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `starttls`, `tls` or `none`.
    pub tls: String,
    /// Who to sign in as.
    pub user: String,
    /// Whether a password is kept.
    pub has_password: bool,
    /// The address mails come from.
    pub from: String,
    /// The version a change is based on.
    pub version: i64,
}

/// A change of the server. An empty host means that there is none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetServer {
    /// The version the change is based on.
    pub version: i64,
    /// Host name or address.
    pub host: String,
    /// Port, from 1.
    pub port: u16,
    /// `starttls`, `tls` or `none`.
    pub tls: String,
    /// Who to sign in as; nobody when empty.
    #[serde(default)]
    pub user: String,
    /// A new password; the one that is kept stays when unset.
    #[serde(default, skip_serializing)]
    pub password: Option<String>,
    /// The address mails come from.
    pub from: String,
}

/// The server as an operator sees it.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor) -> Result<Shown, Error> {
    actor.check_installation(Action::InstallationRead)?;
    let (saved, version) =
        ctx.db.read(&TenantId::system(), |tx| tx.find_setting::<MailServer>())?;
    if let Some(fixed) = &ctx.settings.mail_server {
        return Ok(shown_fixed(fixed, version));
    }
    Ok(Shown {
        configured: !saved.host.is_empty(),
        origin: "console",
        host: saved.host,
        port: if saved.port == 0 { 587 } else { saved.port },
        tls: if saved.tls.is_empty() { Tls::Starttls.as_str().into() } else { saved.tls },
        user: saved.user,
        has_password: !saved.password.is_empty(),
        from: saved.from,
        version,
    })
}

fn shown_fixed(fixed: &MailServerSetting, version: i64) -> Shown {
    Shown {
        configured: true,
        origin: "configuration",
        host: fixed.host.clone(),
        port: fixed.port,
        tls: fixed.tls.clone(),
        user: fixed.user.clone(),
        has_password: !fixed.password.expose().is_empty(),
        from: fixed.from.clone(),
        version,
    }
}

/// Changes the server.
///
/// # Errors
/// [`Error::Form`], [`Error::Stale`], [`Error::Forbidden`], or whatever the database reports.
pub fn set(ctx: &Ctx, actor: &Actor, input: &SetServer) -> Result<Shown, Error> {
    actor.check_installation(Action::InstallationUpdate)?;
    none(problems(ctx, input))?;
    let system = TenantId::system();
    let password = input.password.as_deref().filter(|password| !password.is_empty());
    let sealed = password.map(|password| {
        let plain = password.as_bytes();
        ctx.vault.seal_text(Purpose::MailServer, system.as_str(), b"", ctx.now_s(), plain)
    });
    ctx.db.write(&system, |tx| {
        let (before, version) = tx.find_setting::<MailServer>()?;
        let after = changed(&before, input, sealed.clone());
        if version != input.version || !tx.put_setting(&after, version, ctx.now())? {
            return Err(Error::Stale { current: version });
        }
        let detail = audit::diff(&told(&before), &told(&after));
        audit::record(tx, ctx, actor, "mail_server.update", "mail_server", &detail)
    })?;
    show(ctx, actor)
}

/// A password belongs to a user at a host: with another of either the old one is forgotten.
fn changed(before: &MailServer, input: &SetServer, sealed: Option<String>) -> MailServer {
    let host = input.host.trim().to_ascii_lowercase();
    let user = input.user.trim().to_owned();
    let same = before.host == host && before.user == user;
    let kept = if same { before.password.clone() } else { String::new() };
    let password =
        if user.is_empty() || host.is_empty() { String::new() } else { sealed.unwrap_or(kept) };
    let from = input.from.trim().to_owned();
    MailServer { host, port: input.port, tls: input.tls.clone(), user, password, from }
}

/// What the audit says: a password is named, never shown.
fn told(server: &MailServer) -> serde_json::Value {
    serde_json::json!({
        "host": server.host, "port": server.port, "tls": server.tls, "user": server.user,
        "from": server.from,
        "password": vault::fingerprint(server.password.as_bytes()).get(..8).filter(|_| !server.password.is_empty()),
    })
}

fn problems(ctx: &Ctx, input: &SetServer) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let host = input.host.trim();
    if ctx.settings.mail_server.is_some() {
        let said =
            "The mail server is set in the configuration file or the environment; change it there.";
        errors.push(FieldError::new("host", "fixed", said));
        return errors;
    }
    if host.is_empty() {
        return errors;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.len() > 253 || !host.chars().all(plain) {
        let said = "Write a host name or an address only, such as smtp.example.com.";
        errors.push(FieldError::new("host", "host", said));
    }
    if input.port == 0 {
        errors.push(FieldError::new("port", "port", "Enter a port from 1 to 65535, usually 587."));
    }
    match Tls::parse(&input.tls) {
        None => errors.push(FieldError::new("tls", "choice", "Choose starttls, tls or none.")),
        Some(Tls::None) if !ctx.settings.dev && !is_loopback(host) => {
            let said = "Without TLS, mails and the password cross the network readable. Choose STARTTLS or TLS; none is for a server on this machine.";
            errors.push(FieldError::new("tls", "tls_required", said));
        }
        Some(_) => {}
    }
    if input.user.chars().any(char::is_control) || input.user.len() > 320 {
        errors.push(FieldError::new("user", "characters", "Remove control characters."));
    }
    if input.password.as_ref().is_some_and(|p| p.len() > 1_024 || p.chars().any(char::is_control)) {
        errors.push(FieldError::new("password", "characters", "Enter the password in one line."));
    }
    if address("from", Some(&input.from), &mut errors).is_none() && input.from.trim().is_empty() {
        let said = "Enter the address mails come from, such as no-reply@example.com.";
        errors.push(FieldError::new("from", "required", said));
    }
    errors
}

/// Whether a host is this machine, however it resolves elsewhere.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The server mails go through; none when none is set up.
///
/// # Errors
/// Whatever the database reports, or [`StoreError::Internal`] when the password cannot be opened.
pub fn effective(ctx: &Ctx) -> Result<Option<Effective>, StoreError> {
    if let Some(fixed) = &ctx.settings.mail_server {
        return Ok(Some(Effective {
            host: fixed.host.clone(),
            port: fixed.port,
            tls: Tls::parse(&fixed.tls).unwrap_or(Tls::Starttls),
            user: fixed.user.clone(),
            password: fixed.password.clone(),
            from: fixed.from.clone(),
        }));
    }
    let system = TenantId::system();
    let (saved, _) = ctx.db.read(&system, |tx| tx.find_setting::<MailServer>())?;
    if saved.host.is_empty() {
        return Ok(None);
    }
    let password = match saved.password.as_str() {
        "" => String::new(),
        sealed => {
            let opened = ctx.vault.open_text(Purpose::MailServer, system.as_str(), b"", sealed);
            let bytes = opened.map_err(|e| StoreError::Internal(format!("mail server: {e}")))?;
            String::from_utf8(bytes).unwrap_or_default()
        }
    };
    Ok(Some(Effective {
        host: saved.host,
        port: saved.port,
        tls: Tls::parse(&saved.tls).unwrap_or(Tls::Starttls),
        user: saved.user,
        password: SecretString::new(password),
        from: saved.from,
    }))
}

/// Seals the password anew under the present master key.
///
/// # Errors
/// As [`effective`], or when it was changed meanwhile.
pub fn reseal(ctx: &Ctx) -> Result<(), Error> {
    let system = TenantId::system();
    let (mut saved, version) = ctx.db.read(&system, |tx| tx.find_setting::<MailServer>())?;
    if saved.password.is_empty() {
        return Ok(());
    }
    let opened = ctx.vault.open_text(Purpose::MailServer, system.as_str(), b"", &saved.password);
    let plain = opened.map_err(|e| StoreError::Internal(format!("mail server: {e}")))?;
    saved.password =
        ctx.vault.seal_text(Purpose::MailServer, system.as_str(), b"", ctx.now_s(), &plain);
    let written = ctx.db.write(&system, |tx| tx.put_setting(&saved, version, ctx.now()))?;
    if written { Ok(()) } else { Err(Error::Stale { current: version + 1 }) }
}

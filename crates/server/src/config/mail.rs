//! The mail server as the configuration names it: all of it or nothing, checked at start.

use std::path::PathBuf;

use context::settings::MailServerSetting;
use directory::mail::server::{Tls, is_loopback};
use vault::SecretString;

use super::Config;
use crate::fail::Fail;

/// What the configuration says about mail.
#[derive(Debug, Clone, Default)]
pub struct MailConfig {
    pub host: Option<String>,
    pub port: Option<u16>,
    pub tls: Option<String>,
    pub user: Option<String>,
    pub password_file: Option<PathBuf>,
    pub password: Option<SecretString>,
    pub from: Option<String>,
}

impl Config {
    /// The mail server, when one is named.
    ///
    /// # Errors
    /// Names the setting that is missing or does not fit.
    pub(super) fn mail_server(&self) -> Result<Option<MailServerSetting>, Fail> {
        let mail = &self.mail;
        let Some(host) = mail.host.clone().filter(|host| !host.is_empty()) else {
            return Ok(None);
        };
        let name = mail.tls.as_deref().unwrap_or("starttls");
        let tls = Tls::parse(name)
            .ok_or_else(|| Fail::usage("smtp_tls must be starttls, tls or none"))?;
        if tls == Tls::None && !self.development && !is_loopback(&host) {
            return Err(Fail::usage(
                "smtp_tls = \"none\" is for a mail server on this machine: mails and the password would cross the network readable. Set starttls or tls",
            ));
        }
        let from = mail.from.as_deref().unwrap_or_default();
        let from = protocol::email::canonical_email(from).map_err(|problem| {
            Fail::usage(format!("mail_from, the address mails come from: {problem}"))
        })?;
        Ok(Some(MailServerSetting {
            host,
            port: mail.port.unwrap_or(if tls == Tls::Tls { 465 } else { 587 }),
            tls: tls.as_str().into(),
            user: mail.user.clone().unwrap_or_default(),
            password: self.mail_password()?,
            from: from.display,
        }))
    }

    fn mail_password(&self) -> Result<SecretString, Fail> {
        let Some(file) = &self.mail.password_file else {
            return Ok(self.mail.password.clone().unwrap_or_default());
        };
        let path = self.path(file);
        let text = std::fs::read_to_string(&path)
            .map_err(|e| Fail::usage(format!("smtp_password_file {}: {e}", path.display())))?;
        Ok(SecretString::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

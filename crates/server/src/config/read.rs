//! Reading the file and the environment into [`Config`]. Every refusal names the key, where it
//! stands and what would be accepted.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use context::Addressing;
use toml::Value;

use super::{Config, keys};
use crate::fail::Fail;

const PREFIX: &str = "TESSERA_";

/// Reads the configuration: the named file, or `TESSERA_CONFIG`, or `./tessera.toml` if it is
/// there; then the environment.
///
/// # Errors
/// Names the key and the cure.
pub fn load(file: Option<&Path>) -> Result<Config, Fail> {
    let mut config = Config::default();
    let named =
        file.map(Path::to_owned).or_else(|| std::env::var_os("TESSERA_CONFIG").map(PathBuf::from));
    let default = PathBuf::from("tessera.toml");
    let path = named.or_else(|| default.exists().then_some(default));
    if let Some(path) = path {
        let text = std::fs::read_to_string(&path).map_err(|e| {
            Fail::usage(format!("the configuration file {} cannot be read: {e}", path.display()))
        })?;
        let table: toml::Table = text.parse().map_err(|e| {
            Fail::usage(format!("the configuration file {} is not TOML: {e}", path.display()))
        })?;
        config.file = Some(std::path::absolute(&path).unwrap_or(path.clone()));
        for (name, value) in &table {
            set(&mut config, name, value, &path.display().to_string())?;
        }
    }
    environment(&mut config, std::env::vars())?;
    Ok(config)
}

fn environment(
    config: &mut Config,
    vars: impl Iterator<Item = (String, String)>,
) -> Result<(), Fail> {
    for (name, value) in vars {
        let Some(key) = name.strip_prefix(PREFIX).filter(|key| *key != "CONFIG") else { continue };
        // Names of tests and tools that are not settings are nobody's mistake.
        if ["TEST_", "BIN"].iter().any(|other| key.starts_with(other)) {
            continue;
        }
        let key = key.to_ascii_lowercase();
        let value = match value.parse::<i64>() {
            Ok(number) => Value::Integer(number),
            Err(_) if value == "true" || value == "false" => Value::Boolean(value == "true"),
            Err(_) => Value::String(value),
        };
        set(config, &key, &value, &format!("environment variable {name}"))?;
    }
    Ok(())
}

/// A value as it was given, and where.
struct Given<'a> {
    name: &'a str,
    value: &'a Value,
    place: &'a str,
}

impl Given<'_> {
    fn wrong(&self, expected: &str) -> Fail {
        Fail::usage(format!("{}: {} must be {expected}", self.place, self.name))
    }

    fn text(&self) -> Result<String, Fail> {
        match self.value {
            Value::String(text) => Ok(text.clone()),
            // From the environment everything that looks like a number is one.
            Value::Integer(number) => Ok(number.to_string()),
            _ => Err(self.wrong("text in quotes")),
        }
    }

    fn path(&self) -> Result<Option<PathBuf>, Fail> {
        self.text().map(|text| Some(text.into()))
    }

    fn flag(&self) -> Result<bool, Fail> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    fn number<T: TryFrom<i64>>(&self, least: i64, most: i64) -> Result<T, Fail> {
        let number = self.value.as_integer().filter(|n| (least..=most).contains(n));
        number
            .and_then(|n| T::try_from(n).ok())
            .ok_or_else(|| self.wrong(&format!("a number from {least} to {most}")))
    }

    fn choice<T: Copy>(&self, choices: [(&str, T); 2]) -> Result<T, Fail> {
        let text = self.text()?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        let [(first, _), (second, _)] = choices;
        found.ok_or_else(|| self.wrong(&format!("\"{first}\" or \"{second}\"")))
    }

    /// A list of texts; from the environment, with commas between them.
    fn list(&self) -> Result<Vec<String>, Fail> {
        let wrong = || self.wrong("a list of texts");
        match self.value {
            Value::Array(list) => {
                list.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
            }
            Value::String(text) => Ok(text
                .split(',')
                .map(|item| item.trim().to_owned())
                .filter(|item| !item.is_empty())
                .collect()),
            _ => Err(wrong()),
        }
    }

    fn networks(&self) -> Result<Vec<(IpAddr, u8)>, Fail> {
        networks(self.value)
            .ok_or_else(|| self.wrong("a list of networks such as [\"10.0.0.0/8\"]"))
    }
}

fn set(config: &mut Config, name: &str, value: &Value, place: &str) -> Result<(), Fail> {
    let given = Given { name, value, place };
    let addressing = [("host", Addressing::Host), ("path", Addressing::Path)];
    match name {
        "listen" => config.listen = given.text()?,
        "base_url" => config.base_url = Some(given.text()?),
        "base_domain" => config.base_domain = Some(given.text()?.to_ascii_lowercase()),
        "tenant_addressing" => config.tenant_addressing = given.choice(addressing)?,
        "database" => config.database = Some(given.text()?),
        "database_pool_size" => config.database_pool_size = given.number(1, 256)?,
        "master_key_file" => config.master_key_file = given.path()?,
        "master_key" => config.master_key = Some(given.text()?),
        "tls_cert" => config.tls_cert = given.path()?,
        "tls_key" => config.tls_key = given.path()?,
        "trusted_proxies" => config.trusted_proxies = given.networks()?,
        "trust_ca" => config.trust_ca = given.list()?.into_iter().map(PathBuf::from).collect(),
        "allow_hosts" => config.allow_hosts = given.list()?,
        "resolve" if cfg!(debug_assertions) => config.resolve = given.list()?,
        "workers" => config.workers = given.number(1, 256)?,
        "password_min" => config.password_min = given.number(15, 64)?,
        "log" => config.log = given.text()?,
        "log_format" => {
            config.log_format = given.choice([("text", "text"), ("json", "json")])?.into();
        }
        "node" => config.node = given.text()?,
        "smtp_host" => config.mail.host = Some(given.text()?),
        "smtp_port" => config.mail.port = Some(given.number(1, 65_535)?),
        "smtp_tls" => config.mail.tls = Some(given.text()?),
        "smtp_user" => config.mail.user = Some(given.text()?),
        "smtp_password_file" => config.mail.password_file = given.path()?,
        "smtp_password" => config.mail.password = Some(given.text()?.into()),
        "mail_from" => config.mail.from = Some(given.text()?),
        "development" => config.development = given.flag()?,
        "txt_file" if cfg!(debug_assertions) => config.txt_file = given.path()?,
        "clock_file" if cfg!(debug_assertions) => config.clock_file = given.path()?,
        _ => return Err(unknown(name, place)),
    }
    Ok(())
}

fn unknown(name: &str, place: &str) -> Fail {
    match keys::nearest(name) {
        Some(near) => {
            Fail::usage(format!("{place}: there is no setting {name}; did you mean {near}?"))
        }
        None => Fail::usage(format!(
            "{place}: there is no setting {name}. See the configuration reference"
        )),
    }
}

fn networks(value: &Value) -> Option<Vec<(IpAddr, u8)>> {
    let network = |text: &str| {
        let (address, bits) = text.split_once('/').unwrap_or((text, ""));
        let address: IpAddr = address.trim().parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { most } else { bits.parse().ok()? };
        (bits <= most).then_some((address, bits))
    };
    match value {
        Value::Array(list) => list.iter().map(|item| network(item.as_str()?)).collect(),
        Value::String(list) => {
            list.split(',').filter(|n| !n.trim().is_empty()).map(network).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        let table: toml::Table = text.parse().expect("TOML");
        let mut config = Config::default();
        for (name, value) in &table {
            set(&mut config, name, value, "test").map_err(|e| e.to_string())?;
        }
        Ok(config)
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_name() {
        let refusal = read("databse = \"sqlite:x\"").unwrap_err();
        assert!(refusal.contains("did you mean database?"), "{refusal}");
        assert!(read("colour = 1").unwrap_err().contains("no setting colour"));
    }

    #[test]
    fn a_wrong_value_names_the_key_and_what_would_be_accepted() {
        assert!(
            read("workers = 0").unwrap_err().contains("workers must be a number from 1 to 256")
        );
        assert!(read("tenant_addressing = \"x\"").unwrap_err().contains("\"host\" or \"path\""));
        assert!(read("password_min = 8").is_err(), "8 is not enough for a password alone");
    }

    #[test]
    fn every_documented_key_is_read() {
        for key in keys::KEYS {
            let refusal = set(
                &mut Config::default(),
                key.name,
                &Value::Datetime("2026-01-01".parse().expect("a date")),
                "test",
            );
            let refusal = refusal.expect_err("a date fits no setting").to_string();
            assert!(!refusal.contains("no setting"), "{}: {refusal}", key.name);
        }
    }

    #[test]
    fn the_environment_overrides_and_is_checked_too() {
        let mut config = Config::default();
        let vars = [
            ("TESSERA_WORKERS", "3"),
            ("TESSERA_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("HOME", "/"),
        ];
        let vars = vars.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned()));
        environment(&mut config, vars).expect("good settings");
        assert_eq!(config.workers, 3);
        assert_eq!(config.trusted_proxies.len(), 2);
        let vars = [("TESSERA_WORKRS".to_owned(), "3".to_owned())];
        assert!(environment(&mut config, vars.into_iter()).is_err());
    }
}

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

fn set(config: &mut Config, name: &str, value: &Value, place: &str) -> Result<(), Fail> {
    let wrong = |expected: &str| Fail::usage(format!("{place}: {name} must be {expected}"));
    let text = || value.as_str().map(str::to_owned).ok_or_else(|| wrong("text in quotes"));
    let number = |least: i64, most: i64| {
        value
            .as_integer()
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(|| wrong(&format!("a number from {least} to {most}")))
    };
    match name {
        "listen" => config.listen = text()?,
        "base_url" => config.base_url = Some(text()?),
        "base_domain" => config.base_domain = Some(text()?.to_ascii_lowercase()),
        "tenant_addressing" => {
            config.tenant_addressing = match text()?.as_str() {
                "host" => Addressing::Host,
                "path" => Addressing::Path,
                _ => return Err(wrong("\"host\" or \"path\"")),
            }
        }
        "database" => config.database = Some(text()?),
        "database_pool_size" => {
            config.database_pool_size = u32::try_from(number(1, 256)?).unwrap_or(16)
        }
        "master_key_file" => config.master_key_file = Some(text()?.into()),
        "master_key" => config.master_key = Some(text()?),
        "tls_cert" => config.tls_cert = Some(text()?.into()),
        "tls_key" => config.tls_key = Some(text()?.into()),
        "trusted_proxies" => {
            config.trusted_proxies = networks(value)
                .ok_or_else(|| wrong("a list of networks such as [\"10.0.0.0/8\"]"))?
        }
        "workers" => config.workers = usize::try_from(number(1, 256)?).unwrap_or(2),
        "password_min" => config.password_min = usize::try_from(number(15, 64)?).unwrap_or(15),
        "log" => config.log = text()?,
        "log_format" => {
            config.log_format = text()?;
            if !matches!(config.log_format.as_str(), "text" | "json") {
                return Err(wrong("\"text\" or \"json\""));
            }
        }
        "node" => config.node = text()?,
        "development" => {
            config.development = value.as_bool().ok_or_else(|| wrong("true or false"))?
        }
        "clock_file" if cfg!(debug_assertions) => config.clock_file = Some(text()?.into()),
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

//! The data directory of a development server: master key, database file and a configuration that
//! every other command can use.

use std::path::{Path, PathBuf};

use vault::Random;

use crate::args::DevArgs;
use crate::fail::Fail;
use crate::masters;

/// The directory: `./.dev`, or a fresh one under the system's temporary directory.
pub fn folder(ephemeral: bool) -> Result<PathBuf, Fail> {
    let path = if ephemeral {
        let mut random = [0u8; 8];
        vault::SystemRandom.fill(&mut random);
        let name = random.iter().map(|b| format!("{b:02x}")).collect::<String>();
        std::env::temp_dir().join(format!("tessera-{name}"))
    } else {
        std::env::current_dir()?.join(".dev")
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&path).map_err(|e| Fail::new(format!("{}: {e}", path.display())))?;
    Ok(path)
}

/// Writes the configuration and, if there is none yet, the master key.
pub fn write_config(args: &DevArgs, folder: &Path, port: u16) -> Result<PathBuf, Fail> {
    let key = folder.join("master.key");
    if !key.exists() {
        masters::add(&key, 0)?;
    }
    let scheme = if args.tls_cert.is_some() { "https" } else { "http" };
    let base_url = match &args.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("{scheme}://localhost:{port}"),
    };
    let database = match &args.database {
        Some(url) => url.clone(),
        None => format!("sqlite:{}", folder.join("tessera.db").display()),
    };
    let mut table = toml::Table::new();
    let mut put = |name: &str, value: toml::Value| table.insert(name.to_owned(), value);
    put("development", true.into());
    put("listen", format!("127.0.0.1:{port}").into());
    put("base_url", base_url.clone().into());
    put("tenant_addressing", "path".into());
    put("base_domain", host(&base_url).into());
    put("database", database.into());
    put("master_key_file", key.display().to_string().into());
    put("log", std::env::var("TESSERA_LOG").unwrap_or_else(|_| "warn".into()).into());
    for (name, path) in files(args) {
        if let Some(path) = path {
            put(name, std::path::absolute(path)?.display().to_string().into());
        }
    }
    table.extend(calls(args)?);
    let file = folder.join("tessera.toml");
    masters::write_private(&file, &table.to_string())?;
    Ok(file)
}

/// The files that flags name, by their settings.
fn files(args: &DevArgs) -> Vec<(&'static str, &Option<PathBuf>)> {
    #[cfg_attr(not(debug_assertions), allow(unused_mut))]
    let mut files = vec![("tls_cert", &args.tls_cert), ("tls_key", &args.tls_key)];
    #[cfg(debug_assertions)]
    files.extend([("clock_file", &args.clock_file), ("txt_file", &args.txt_file)]);
    files
}

/// What flags say of the calls that the server makes, by their settings.
fn calls(args: &DevArgs) -> Result<toml::Table, Fail> {
    let absolute = |path: &PathBuf| std::path::absolute(path).map(|p| p.display().to_string());
    let authorities = args.trust_ca.iter().map(absolute).collect::<Result<Vec<_>, _>>()?;
    let mut table = toml::Table::new();
    table.insert("trust_ca".to_owned(), authorities.into());
    table.insert("allow_hosts".to_owned(), args.allow_host.clone().into());
    #[cfg(debug_assertions)]
    table.insert("resolve".to_owned(), args.resolve.clone().into());
    Ok(table)
}

fn host(base_url: &str) -> &str {
    let authority = base_url.split("://").nth(1).unwrap_or_default();
    authority.split(':').next().unwrap_or_default()
}

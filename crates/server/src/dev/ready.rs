//! The ready file: what automation needs to use a development server, written once it answers.
//! Its shape is a contract; see the reference page.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use context::Ctx;
use serde::{Deserialize, Serialize};

use super::seed::{Login, Seeded, SeededApplication, SeededUser};
use crate::boot;
use crate::config::Config;
use crate::fail::Fail;

/// What stands in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ready {
    pub base_url: String,
    pub listen_url: String,
    pub console_url: String,
    pub inbox_url: Option<String>,
    pub database: String,
    pub master_key_file: String,
    pub config: String,
    pub pid: u32,
    pub operator: Login,
    pub tenant: ReadyTenant,
    pub applications: Vec<SeededApplication>,
    pub users: Vec<SeededUser>,
}

/// The demo tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadyTenant {
    pub slug: String,
    pub issuer: String,
}

/// Builds the content.
pub fn content(
    config: &Config,
    file: &Path,
    ctx: &Ctx,
    listen_url: &str,
    seeded: &Seeded,
) -> Result<Ready, Fail> {
    let master = config.master_key_file.as_deref().map(|path| config.path(path));
    Ok(Ready {
        base_url: ctx.settings.base_url.clone(),
        listen_url: listen_url.to_owned(),
        console_url: ctx.settings.console_url(),
        inbox_url: Some(format!("{}/dev/inbox", ctx.settings.base_url)),
        database: boot::database_url(config)?,
        master_key_file: master.unwrap_or_default().display().to_string(),
        config: std::path::absolute(file)?.display().to_string(),
        pid: std::process::id(),
        operator: seeded.operator.clone(),
        tenant: ReadyTenant {
            slug: seeded.tenant.clone(),
            issuer: ctx.settings.issuer(&seeded.tenant, None),
        },
        applications: seeded.applications.clone(),
        users: seeded.users.clone(),
    })
}

/// Reads the ready file of another node.
///
/// # Errors
/// Names the file.
pub fn read(path: &Path) -> Result<Ready, Fail> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Fail::usage(format!("{}: {e}", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|e| Fail::usage(format!("{} is no ready file: {e}", path.display())))
}

/// Writes the file as soon as the server answers, from a thread of its own.
pub fn write_when_answering(path: PathBuf, content: Ready, address: SocketAddr) {
    let write = move || {
        let deadline = Instant::now() + Duration::from_secs(30);
        let host = content.base_url.split("://").nth(1).unwrap_or_default().to_owned();
        let plain = content.listen_url.starts_with("http://");
        while Instant::now() < deadline && !answers(address, &host, plain) {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        let text = serde_json::to_string_pretty(&content).unwrap_or_default();
        if let Err(error) = crate::masters::write_private(&path, &text) {
            tracing::error!(%error, path = %path.display(), "the ready file cannot be written");
        }
    };
    if std::thread::Builder::new().name("ready".into()).spawn(write).is_err() {
        tracing::error!("no thread for the ready file");
    }
}

fn answers(address: SocketAddr, host: &str, plain: bool) -> bool {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else {
        return false;
    };
    if !plain {
        return true; // it listens; the handshake is the client's
    }
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut head = [0u8; 12];
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_exact(&mut head).is_ok()
        && &head == b"HTTP/1.1 200"
}

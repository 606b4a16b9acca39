//! `tessera dev`: a server without questions. It makes its master key, its configuration, an
//! operator and a demo tenant, prints one URL, and tells automation everything in a ready file.

mod data;
pub mod demo;
pub mod inbox;
mod ready;
mod seed;

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::path::{Path, PathBuf};

use context::Ctx;

use crate::args::DevArgs;
use crate::boot::{self, For};
use crate::config::{self, Config};
use crate::fail::Fail;
use crate::{lock, routes, serve};

/// Runs a development server.
///
/// # Errors
/// Says what is wrong and what to do.
pub fn run(args: &DevArgs) -> Result<(), Fail> {
    match &args.join {
        Some(first) => join(args, first),
        None => start(args),
    }
}

fn start(args: &DevArgs) -> Result<(), Fail> {
    let folder = data::folder(args.ephemeral)?;
    let listeners = bind(args.port)?;
    let port = listeners[0].local_addr()?.port();
    let file = data::write_config(args, &folder, port)?;
    let config = config::load(Some(&file))?;
    let _lock = lock::take(&boot::database_url(&config)?)?;
    let clock = boot::clock(&config);
    store::migrate::up(&boot::database(&config)?, clock.now())?;
    let ctx = boot::open(&config, For::Server)?;
    directory::setup::ensure_system(&ctx)?;
    let seeded = seed::seed(&ctx, &folder)?;
    serve_until_stopped(args, &config, &file, ctx, listeners, &seeded)
}

/// Another node: same database, keys, issuer and public address; its own port.
fn join(args: &DevArgs, first: &Path) -> Result<(), Fail> {
    let ready = ready::read(first)?;
    let file = PathBuf::from(&ready.config);
    let mut config = config::load(Some(&file))?;
    let listeners = bind(args.port)?;
    config.node = format!("{}-{}", config.node, std::process::id());
    let ctx = boot::open(&config, For::Server)?;
    let seeded = seed::read(file.parent().unwrap_or(Path::new(".")))?;
    serve_until_stopped(args, &config, &file, ctx, listeners, &seeded)
}

fn serve_until_stopped(
    args: &DevArgs,
    config: &Config,
    file: &Path,
    ctx: Ctx,
    listeners: Vec<TcpListener>,
    seeded: &seed::Seeded,
) -> Result<(), Fail> {
    let scheme = if config.tls_cert.is_some() { "https" } else { "http" };
    let listen_url = format!("{scheme}://{}", listeners[0].local_addr()?);
    let content = ready::content(config, file, &ctx, &listen_url, seeded)?;
    let ready_file = args.ready_file.clone();
    let address = listeners[0].local_addr()?;
    demo::install(seeded.clone());
    let welcome = welcome(&ctx);
    serve::listen(config, ctx, listeners, routes::all(true), move || match ready_file {
        Some(path) => ready::write_when_answering(path, content, address),
        None => println!("{welcome}"),
    })
}

/// One address; everything else is on the page behind it.
fn welcome(ctx: &Ctx) -> String {
    let base = &ctx.settings.base_url;
    format!("\n  Tessera runs for development. Keep it off networks.\n\n  Open  {base}/demo\n")
}

/// Loopback only; both families where the machine has both, for `localhost` means either.
fn bind(port: u16) -> Result<Vec<TcpListener>, Fail> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| {
        Fail::new(format!("cannot listen on port {port}: {e}. Choose another with --port"))
    })?;
    let port = first.local_addr()?.port();
    let mut all = vec![first];
    all.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok());
    Ok(all)
}

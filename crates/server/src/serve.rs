//! Running the server: listening, the workers, an orderly stop.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web as actix};
use context::Ctx;
use context::feed::FeedThread;
use web::{Route, Runner, State};

use crate::boot::{self, For};
use crate::config::Config;
use crate::domains::Checker;
use crate::fail::Fail;
use crate::jobs::Jobs;
use crate::mail::Delivery;
use crate::{cli, lock, masters, routes, tls, upstream};

/// Jobs waiting for a thread at most.
const QUEUE: usize = 2_048;

/// `tessera serve`.
///
/// # Errors
/// Says what is wrong and what to do.
pub fn run(config: &Config) -> Result<(), Fail> {
    if config.development {
        return Err(Fail::usage(
            "this configuration was written by `tessera dev`; serve is for production. Write a configuration of its own",
        ));
    }
    masters::read(&masters::source(config)?)?;
    boot::database(config)?.ping()?;
    let _lock = lock::take(&boot::database_url(config)?)?;
    let ctx = boot::open(config, For::Server)?;
    directory::setup::ensure_system(&ctx)?;
    let listeners = vec![bind(&config.listen)?];
    tracing::info!(base_url = ctx.settings.base_url, listen = config.listen, "tessera serves");
    if directory::setup::open(&ctx)? {
        println!("Set up the first operator: {}", directory::setup::setup_link(&ctx)?);
    }
    listen(config, ctx, listeners, routes::all(false), || {})
}

/// Binds an address.
///
/// # Errors
/// Names the address.
pub fn bind(address: &str) -> Result<TcpListener, Fail> {
    let parsed: SocketAddr = address.parse().map_err(|_| {
        Fail::usage(format!(
            "listen must be an address and a port, such as 127.0.0.1:8080, not {address}"
        ))
    })?;
    TcpListener::bind(parsed).map_err(|e| Fail::new(format!("cannot listen on {address}: {e}")))
}

/// Serves on bound listeners until it is told to stop; `started` is called once it accepts.
///
/// # Errors
/// Says what went wrong.
pub fn listen(
    config: &Config,
    ctx: Ctx,
    listeners: Vec<TcpListener>,
    table: Vec<Route>,
    started: impl FnOnce(),
) -> Result<(), Fail> {
    let outbound = upstream::client(config)?;
    let feed = FeedThread::start(ctx.db.clone(), ctx.snapshots.clone())?;
    let jobs = Jobs::start(ctx.clone(), masters::source(config)?)?;
    let delivery = Delivery::start(ctx.clone())?;
    let checker = Checker::start(ctx.clone(), cli::texts(config))?;
    let runner = Runner::start(Runner::default_threads(), QUEUE)?;
    let state = State::new(ctx.clone(), runner.clone(), outbound);
    let tls = tls::config(config)?;
    let workers = config.workers;
    actix_web::rt::System::new().block_on(async move {
        let running = http(state, table, workers, listeners, tls)?;
        started();
        running.await
    })?;
    runner.stop();
    drop(checker);
    drop(delivery);
    drop(jobs);
    drop(feed);
    ctx.traces.flush();
    Ok(())
}

fn http(
    state: State,
    table: Vec<Route>,
    workers: usize,
    listeners: Vec<TcpListener>,
    tls: Option<rustls::ServerConfig>,
) -> std::io::Result<Server> {
    let mut server = HttpServer::new(move || {
        let (state, table) = (state.clone(), table.clone());
        App::new()
            .app_data(actix::Data::new(state.clone()))
            .wrap(web::edge())
            .configure(move |cfg| web::mount(cfg, &state, &table))
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(15);
    for listener in listeners {
        server = match &tls {
            Some(tls) => server.listen_rustls_0_23(listener, tls.clone())?,
            None => server.listen(listener)?,
        };
    }
    Ok(server.run())
}

//! The command line: each command is a twin of what the console does, through the same functions.
//! Human output by default, `--json` for scripts; a destructive command asks on a terminal.

mod admins;
mod apps;
mod batches;
mod connections;
mod doctor;
mod domains;
mod fields;
mod keys;
mod logs;
mod looks;
mod mail;
mod mail_server;
mod mappings;
mod organizations;
mod output;
mod sessions;
mod status;
mod tenants;
mod users;

use std::path::PathBuf;

use context::{Ctx, Tenant, TenantAddress};
use directory::Actor;
use store::TenantId;

pub use domains::source as texts;
pub use output::moment;
use output::say;

use crate::args::{Args, Command, Global, MigrateCommand};
use crate::boot::{self, For};
use crate::config::{self, Config};
use crate::domains::Source;
use crate::fail::Fail;
use crate::{dev, serve};

/// Runs a command.
///
/// # Errors
/// One sentence that says what happened and what to do.
pub fn run(args: Args) -> Result<(), Fail> {
    let global = &args.global;
    match args.command {
        Command::Dev(dev) => {
            log_from(&config::Config {
                log: std::env::var("TESSERA_LOG").unwrap_or("warn".into()),
                ..Config::default()
            });
            dev::run(&dev)
        }
        Command::Serve(serve) => serve_with(global, serve),
        Command::Migrate(command) => migrate(global, &command),
        Command::Doctor => doctor::run(global),
        Command::Routes => routes(global),
        Command::Settings => {
            settings(global);
            Ok(())
        }
        Command::Admin(command) => admins::run(&Session::open(global)?, command),
        Command::Tenant(command) => tenants::run(&Session::open(global)?, command),
        Command::App(command) => apps::run(&Session::open(global)?, command),
        Command::Connection(command) => connections::run(&Session::open(global)?, command),
        Command::Mapping(command) => mappings::run(&Session::open(global)?, command),
        Command::Field(command) => fields::run(&Session::open(global)?, command),
        Command::Branding(command) => looks::branding(&Session::open(global)?, command),
        Command::SignIn(command) => looks::sign_in(&Session::open(global)?, command),
        Command::User(command) => users::run(&Session::open(global)?, command),
        Command::Org(command) => organizations::run(&Session::open(global)?, command),
        Command::Member(command) => organizations::run_member(&Session::open(global)?, command),
        Command::Job(command) => batches::run(&Session::open(global)?, command),
        Command::Session(command) => sessions::run(&Session::open(global)?, command),
        Command::Domain(command) => domains::run(&Session::open(global)?, command),
        Command::Status => status::run(&Session::open(global)?),
        Command::Mail(command) => mail::run(&Session::open(global)?, command),
        Command::Log(command) => logs::run(&Session::open(global)?, command),
        Command::Audit(command) => logs::run_audit(&Session::open(global)?, command),
        Command::Key(command) => keys::run(global, command),
    }
}

/// An open installation and who acts on it.
pub struct Session {
    pub ctx: Ctx,
    pub actor: Actor,
    pub json: bool,
    pub yes: bool,
    /// Where TXT records of hosts come from.
    pub texts: Source,
    /// Where the installation is and whom it may call.
    pub config: Config,
}

impl Session {
    /// Opens the installation of the configuration.
    pub fn open(global: &Global) -> Result<Session, Fail> {
        let config = config::load(global.config.as_deref())?;
        let ctx = boot::open(&config, For::Command)?;
        directory::setup::ensure_system(&ctx)?;
        let actor = Actor::cli(&ctx);
        let (json, yes, texts) = (global.json, global.yes, texts(&config));
        Ok(Session { ctx, actor, json, yes, texts, config })
    }

    /// A tenant by id or slug.
    pub fn tenant(&self, id_or_slug: &str) -> Result<std::sync::Arc<Tenant>, Fail> {
        let at = match TenantId::parse(id_or_slug) {
            Some(id) => TenantAddress::Id(id),
            None => TenantAddress::Slug(id_or_slug.to_owned()),
        };
        self.ctx
            .snapshots
            .tenant(&self.ctx, &at)?
            .ok_or_else(|| Fail::not_found(format!("there is no tenant {id_or_slug}")))
    }

    /// The tenant an application, a user or a session is in.
    pub fn owner(&self, what: &str, id: &str) -> Result<TenantId, Fail> {
        self.ctx
            .db
            .system_read(|tx| tx.find_tenant_of(id))?
            .ok_or_else(|| Fail::not_found(format!("there is no {what} {id}")))
    }

    /// Asks before something is destroyed.
    pub fn confirm(&self, what: &str) -> Result<(), Fail> {
        output::confirm(what, self.yes)
    }
}

fn serve_with(global: &Global, args: crate::args::ServeArgs) -> Result<(), Fail> {
    let mut config = config::load(global.config.as_deref())?;
    let here = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    config.listen = args.listen.unwrap_or(config.listen);
    config.base_url = args.base_url.or(config.base_url);
    config.database = args.database.or(config.database);
    config.tls_cert = args.tls_cert.map(here).or(config.tls_cert);
    config.tls_key = args.tls_key.map(here).or(config.tls_key);
    log_from(&config);
    serve::run(&config)
}

fn log_from(config: &Config) {
    use std::io::IsTerminal;

    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.log_format.as_str() {
        "json" => builder.json().try_init(),
        _ => builder.try_init(),
    };
    if let Err(error) = started {
        eprintln!("warning: no log: {error}");
    }
}

fn migrate(global: &Global, command: &MigrateCommand) -> Result<(), Fail> {
    let config = config::load(global.config.as_deref())?;
    let db = boot::database(&config)?;
    let applied = match command {
        MigrateCommand::Up => store::migrate::up(&db, boot::clock(&config).now())?,
        MigrateCommand::Status => Vec::new(),
    };
    let status = store::migrate::status(&db)?;
    let rows: Vec<serde_json::Value> = status
        .iter()
        .map(|m| serde_json::json!({ "name": m.name, "applied_at": m.applied_at.map(|at| at.0) }))
        .collect();
    if global.json {
        output::json(&serde_json::json!({ "applied": applied, "migrations": rows }));
        return Ok(());
    }
    for migration in &status {
        let state = if migration.applied_at.is_some() { "applied" } else { "missing" };
        say!("{state}  {}", migration.name);
    }
    Ok(())
}

fn routes(global: &Global) -> Result<(), Fail> {
    let rows = web::table(&[crate::routes::all(false)]);
    if global.json {
        output::json(&serde_json::to_value(&rows).map_err(|e| Fail::new(e.to_string()))?);
        return Ok(());
    }
    for row in rows {
        say!("{:8}{:52}{:14}{:14}{}", row.verb, row.path, row.face, row.scope, row.role);
    }
    Ok(())
}

fn settings(global: &Global) {
    let row = |key: &config::Key| serde_json::json!({ "name": key.name, "default": key.default, "meaning": key.meaning });
    let rows: Vec<serde_json::Value> = config::KEYS.iter().map(row).collect();
    output::answer(global.json, &rows.clone().into(), || {
        output::table(&["name", "default", "meaning"], &rows);
    });
}

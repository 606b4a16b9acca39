//! The installation at a glance, for operators; the facts are `directory::installation`'s.

use actix_web::HttpResponse;
use directory::installation::{self, Installation, Job, Key, Master, Node};
use store::Timestamp;
use web::{Fault, QueryParams};

use crate::desk::{Desk, Outcome};
use crate::mails::banner;
use crate::views::installation::{JobLine, KeyLine, NodeLine, Overview};
use crate::views::{State, Twin, capped};
use crate::visit::Visit;

/// `GET /console/system`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let twin = query.0.has("command");
    visit.system(move |desk| page(desk, twin)).await
}

fn page(desk: &Desk, twin: bool) -> Outcome {
    let is = installation::show(desk.ctx, &desk.actor)?;
    let settings = &desk.ctx.settings;
    desk.show(&Overview {
        shell: desk.shell("/console/system")?,
        banner: banner(desk)?,
        version: env!("CARGO_PKG_VERSION"),
        database: if is.database.kind == "sqlite" { "SQLite" } else { "PostgreSQL" },
        size: is.database.bytes.map(size).unwrap_or_default(),
        migration: is.database.migration.clone(),
        base_url: settings.base_url.clone(),
        by_path: settings.addressing == context::Addressing::Path,
        plain_http: !settings.https(),
        dev: settings.dev,
        node: is.here.node.clone(),
        // The built-in tenant is not one of theirs.
        tenants: capped(is.tenants.min(1_001) - 1),
        first: is.tenants <= 1,
        waiting: capped(is.waiting),
        nodes: is.nodes.iter().map(|node| node_line(desk, node)).collect(),
        jobs: is.jobs.iter().map(|job| job_line(desk, job)).collect(),
        keys: keys(desk, &is),
        hashes: is.here.hashes,
        cached: is.here.cached,
        fresh: is.here.fresh,
        twin: twin.then(|| Twin {
            text: "Prints the same facts.",
            command: "tessera status --json".to_owned(),
        }),
    })
}

/// Bytes as people read them.
fn size(bytes: i64) -> String {
    const MIB: i64 = 1 << 20;
    match bytes {
        ..MIB => format!("{} KiB", bytes / 1_024),
        _ if bytes < 1_024 * MIB => format!("{} MiB", bytes / MIB),
        _ => format!("{:.1} GiB", bytes as f64 / (1_024 * MIB) as f64),
    }
}

fn node_line(desk: &Desk, node: &Node) -> NodeLine {
    NodeLine {
        name: node.name.clone(),
        here: node.name == desk.ctx.settings.node,
        version: node.version.clone(),
        state: if node.alive { State::new("ok", "Running") } else { State::new("off", "Silent") },
        started: desk.when(Timestamp(node.started_at)),
        seen: desk.when(Timestamp(node.seen_at)),
    }
}

fn job_line(desk: &Desk, job: &Job) -> JobLine {
    let (name, what) = match job.name.as_str() {
        "sweep" => ("Sweep", "forgets what has expired"),
        "domains" => ("Domains", "looks up the TXT records of hosts"),
        other => (other, ""),
    };
    JobLine {
        name: name.to_owned(),
        what,
        node: job.node.clone(),
        state: match (job.ran_at, job.last_error.is_empty()) {
            (0, _) => State::new("off", "Not run yet"),
            (_, true) => State::new("ok", "Fine"),
            (_, false) => State::new("bad", "Failed"),
        },
        error: job.last_error.clone(),
        ran: (job.ran_at > 0).then(|| desk.when(Timestamp(job.ran_at))),
    }
}

fn keys(desk: &Desk, is: &Installation) -> Vec<KeyLine> {
    let now = desk.now();
    let signing = |key: &Key| KeyLine {
        name: key.id.clone(),
        kind: format!("Signing key of the console, {}", key.algorithm),
        state: match key.retire_at {
            Some(_) => State::new("off", "Retired"),
            None if key.sign_from > now.0 => State::new("warn", "Published"),
            None => State::new("ok", "Signs"),
        },
        from: Some(desk.when(Timestamp(key.sign_from))),
        until: key.retire_at.map(|at| desk.when(Timestamp(at))),
    };
    let master = |master: &Master| KeyLine {
        name: master.kid.clone(),
        kind: "Master key".to_owned(),
        state: if master.seals {
            State::new("ok", "Seals")
        } else {
            State::new("off", "Opens only")
        },
        from: (master.from_s > 0).then(|| desk.when(Timestamp::from_seconds(master.from_s))),
        until: None,
    };
    is.masters.iter().map(master).chain(is.keys.iter().map(signing)).collect()
}

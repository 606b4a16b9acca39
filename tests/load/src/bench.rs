//! `make bench`: one run, one table. Run through tests/load/bench.sh, which builds what is
//! needed and pins this process to core 1.

use harness::{Application, Browser, Database, Options, RelyingParty, Request, Server};
use load::floors::Floors;
use load::generator::Round;
use load::refresh::{self, Users};
use load::report::{Row, machine, print};
use load::rounds::{Comparison, Plan, Spread};
use load::target::{Target, get, post};
use load::{disk, startup};
use std::time::Duration;
use url::Url;

/// Client applications that take turns in the client-credentials load.
const CLIENTS: usize = 100;

/// Virtual users of the refresh load.
const USERS: usize = 64;

fn basic(application: &Application) -> String {
    use base64::Engine as _;
    let secret = application.client_secret.as_deref().unwrap_or_default();
    let pair = format!("{}:{secret}", application.client_id);
    base64::engine::general_purpose::STANDARD.encode(pair)
}

fn path_of(url: &str) -> String {
    Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default()
}

/// The server on core 0 with quiet logs; the harness starts it, `taskset` pins it.
fn pinned_server() -> Server {
    let options = Options::new(Database::sqlite()).env("TESSERA_LOG", "error").on_cores("0");
    Server::with(options)
}

struct Bench {
    server: Server,
    plan: Plan,
    host: String,
    floors: Floors,
}

impl Bench {
    fn target(&self, requests: Vec<Vec<u8>>) -> Target {
        Target { pid: self.server.ready().pid, address: self.server.address(), requests }
    }

    fn client_credentials(&self) -> Comparison {
        let slug = &self.server.ready().tenant.slug;
        let cli = self.server.cli();
        let party = RelyingParty::new(&self.server, &self.server.application("machine"));
        let path = path_of(&party.endpoint("token_endpoint"));
        let requests: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let application = cli.create_application(slug, "machine", &[]);
                let body = "grant_type=client_credentials";
                post(&path, &self.host, &basic(&application), body)
            })
            .collect();
        let floor = self.floors.target(1, &requests);
        Comparison::run(self.plan, &self.target(requests), &floor)
    }

    fn documents(&self) -> Comparison {
        let party = RelyingParty::new(&self.server, &self.server.application("web"));
        let issuer = path_of(&party.issuer);
        let requests = vec![
            get(&format!("{issuer}/.well-known/openid-configuration"), &self.host),
            get(&path_of(&party.endpoint("jwks_uri")), &self.host),
        ];
        let floor = self.floors.target(0, &requests);
        Comparison::run(self.plan, &self.target(requests), &floor)
    }

    fn first_party(&self) -> RelyingParty {
        let more = ["--redirect-uri", "https://bench.example.test/callback", "--first-party"];
        let slug = &self.server.ready().tenant.slug;
        RelyingParty::new(&self.server, &self.server.cli().create_application(slug, "web", &more))
    }

    /// Without `openid`: a rotation and an access token, not the RSA signature of an ID token.
    fn users(&self) -> Users {
        let party = self.first_party().with("scope", "email offline_access");
        let mut browser = Browser::new(&self.server);
        party.sign_in(&mut browser, &self.server.user(0));
        let tokens = (0..USERS).map(|_| party.tokens(&party.sign_in_again(&mut browser)).refresh);
        Users {
            pid: self.server.ready().pid,
            address: self.server.address(),
            path: path_of(&party.endpoint("token_endpoint")),
            host: self.host.clone(),
            basic: basic(&party.application),
            tokens: tokens.collect(),
        }
    }

    fn counters(&self) -> [i64; 3] {
        let body = self.server.send(&Request::get("/dev/counters")).expect(200).json();
        ["write_transactions", "statements", "commits"]
            .map(|name| body[name].as_i64().unwrap_or_default())
    }

    /// The least a piece of work costs over some repeats: writes and statements.
    fn cost(&self, mut work: impl FnMut()) -> (i64, i64) {
        let costs = (0..6).map(|_| {
            let before = self.counters();
            work();
            let after = self.counters();
            (after[0] - before[0], after[1] - before[1])
        });
        let costs: Vec<_> = costs.collect();
        let least = |pick: fn(&(i64, i64)) -> i64| costs.iter().map(pick).min().unwrap_or_default();
        (least(|cost| cost.0), least(|cost| cost.1))
    }
}

/// A ratio to a floor. The gate holds when what may be claimed reaches it.
fn comparison_row(
    goal: &'static str,
    what: &str,
    c: &Comparison,
    gate: (&'static str, f64),
) -> Row {
    let (cpu, rate, claim) = (c.by_cpu(), c.by_rate(), c.claim());
    let mut figure = format!(
        "claim {:.0} %; CPU {}; throughput {}",
        (claim * 100.0).floor(),
        cpu.percent(),
        rate.percent()
    );
    let median = |rounds: &[Round], of: fn(&Round) -> f64| {
        Spread::of(rounds.iter().map(of).collect()).median
    };
    figure += &format!(
        "; {:.1} vs {:.1} µs and {:.0} vs {:.0} per s",
        median(&c.ours, |round| round.cpu_us),
        median(&c.floor, |round| round.cpu_us),
        median(&c.ours, Round::rate),
        median(&c.floor, Round::rate),
    );
    if c.generator_bound() {
        figure += "; generator-bound, CPU decides";
    }
    if c.dropped > 0 {
        figure += &format!("; {} unsteady pairs dropped", c.dropped);
    }
    if !c.enough() {
        figure += &format!("; only {} of {} pairs count", c.ours.len(), c.wanted);
    }
    figure += &format!("; {} wrong", c.wrong);
    let holds = Some(c.enough() && claim >= gate.1 && c.wrong == 0);
    Row { goal, what: what.to_owned(), figure, gate: gate.0, holds }
}

fn counted_rows(bench: &Bench) -> Vec<Row> {
    let party = bench.first_party();
    let user = bench.server.user(0);
    let machine = RelyingParty::new(&bench.server, &bench.server.application("machine"));
    let mut browser = Browser::new(&bench.server);
    let first = party.tokens(&party.sign_in(&mut browser, &user));
    let credentials = bench.cost(|| drop(machine.token(&[("grant_type", "client_credentials")])));
    let sso = bench.cost(|| drop(party.tokens(&party.sign_in_again(&mut browser))));
    let login = bench.cost(|| drop(party.sign_in_fresh(&bench.server, &user)));
    let mut token = first.refresh;
    let refresh = bench.cost(|| {
        token = harness::Tokens::from(party.refresh(&token)).refresh;
    });
    let looking = bench.cost(|| {
        party.userinfo(&first.access);
        party.introspect(&first.access);
    });
    let writes = [credentials.0, looking.0, sso.0, login.0, refresh.0];
    vec![
        Row {
            goal: "G8",
            what: "write transactions: CC / introspect+userinfo / SSO / login+code / refresh"
                .into(),
            figure: writes.map(|count| count.to_string()).join(" / "),
            gate: "0/0/2/2/1 / 0/0/1/2/1",
            holds: Some(writes.iter().zip([0, 0, 1, 2, 1]).all(|(have, most)| *have <= most)),
        },
        Row {
            goal: "G9",
            what: "statements: SSO code flow / refresh (sign-in with code apart)".into(),
            figure: format!("{} / {} ({})", sso.1, refresh.1, login.1),
            gate: "≤ 8 / ≤ 3; ≤ 4 / ≤ 3",
            holds: Some(sso.1 <= 4 && refresh.1 <= 3),
        },
    ]
}

fn refresh_rows(bench: &Bench, notes: &mut Vec<String>) -> Row {
    let forced = disk::forced_writes(bench.server.folder(), 300);
    let (p50, p95) = (forced[forced.len() / 2], forced[forced.len() * 95 / 100]);
    let naive = 1e3 / (forced.iter().sum::<f64>() / forced.len() as f64);
    let mut users = bench.users();
    refresh::run(&mut users, Duration::from_secs(1));
    let before = bench.counters();
    let round = refresh::run(&mut users, bench.plan.round * 3);
    let after = bench.counters();
    let (writes, commits) = (after[0] - before[0], after[2] - before[2]);
    let group = writes as f64 / commits.max(1) as f64;
    notes.push(format!("fdatasync here: p50 {p50:.2} ms, p95 {p95:.2} ms; naive {naive:.0} per s"));
    let ratio = round.rate() / naive;
    let slow_disk = p50 >= 2.0;
    Row {
        goal: "G10",
        what: format!("durable refreshes, {USERS} users / one forced write per request"),
        figure: format!(
            "{ratio:.1}x: {:.0} vs {naive:.0} per s; p50 {:.1} ms, p99 {:.1} ms; {:.0} µs CPU; \
             {group:.1} commands per commit (1/{group:.0} forced writes each); {} wrong",
            round.rate(),
            round.p50_us / 1e3,
            round.p99_us / 1e3,
            round.cpu_us,
            round.wrong
        ),
        gate: "10x / 25x at fdatasync ≥ 2 ms, else 1/8 / 1/32 forced writes",
        holds: Some(round.wrong == 0 && if slow_disk { ratio >= 10.0 } else { group >= 8.0 }),
    }
}

fn startup_rows() -> Vec<Row> {
    let folder = harness::process::fresh_folder();
    let existing = startup::cold_start(&folder, true, 20);
    let empty = startup::cold_start(&folder, false, 20);
    let idle = startup::idle_memory(&folder, Duration::from_secs(20)) as f64 / (1 << 20) as f64;
    let _ = std::fs::remove_dir_all(&folder);
    vec![
        Row {
            goal: "G24",
            what: "exec to first 200, existing / empty database".into(),
            figure: format!("{existing:.0} / {empty:.0} ms"),
            gate: "150 / 400 ms; 40 / 120 ms",
            holds: Some(existing <= 150.0 && empty <= 400.0),
        },
        Row {
            goal: "G25",
            what: "idle resident memory (SQLite, 2 workers)".into(),
            figure: format!("{idle:.1} MiB"),
            gate: "40 / 20 MiB",
            holds: Some(idle <= 40.0),
        },
    ]
}

/// `bench floors`: the two floors against each other, which needs no server.
fn compare_floors() {
    let floors = Floors::start();
    let like = [post("/x", "localhost", "eDp5", "grant_type=client_credentials")];
    let (one, zero) = (floors.target(1, &like), floors.target(0, &like));
    let compared = Comparison::run(Plan::from_environment(), &one, &zero);
    let row = comparison_row("floors", "floor-1 / floor-0", &compared, ("none", 0.0));
    print(&[row], &[machine()]);
}

/// The goals that are ratios to a floor.
fn ratio_rows(bench: &Bench) -> Vec<Row> {
    let (g1, g7) = (("70 % / 85 %", 0.70), ("85 % / 95 %", 0.85));
    vec![
        comparison_row("G1", "client credentials ES256 / floor-1", &bench.client_credentials(), g1),
        comparison_row("G7", "JWKS + discovery / floor-0", &bench.documents(), g7),
    ]
}

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    if only == "floors" {
        return compare_floors();
    }
    let server = pinned_server();
    let host = harness::browser::authority(&server.base());
    let bench = Bench { server, plan: Plan::from_environment(), host, floors: Floors::start() };
    let mut notes = vec![
        machine(),
        format!("{:?}", bench.plan),
        "server on core 0, generator on core 1; keep-alive, plain HTTP; ratios per pair of \
         interleaved rounds: median (least to most; bootstrap interval of the median), the lower \
         end is claimed"
            .to_owned(),
    ];
    let mut rows = ratio_rows(&bench);
    if only == "ratios" {
        return print(&rows, &notes);
    }
    rows.extend(counted_rows(&bench));
    rows.push(refresh_rows(&bench, &mut notes));
    drop(bench);
    rows.extend(startup_rows());
    print(&rows, &notes);
    let failed = rows.iter().filter(|row| row.holds == Some(false)).count();
    std::process::exit(i32::from(failed > 0));
}

//! A state over a fresh SQLite file with one tenant, and answers taken apart: for the tests of this
//! crate and of the faces. Compiled only for tests; problems panic.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::App;
use actix_web::http::header::{self, HeaderMap};
use actix_web::test::{self, TestRequest};
use actix_web::web::Data;
use context::feed::FeedThread;
use context::{Addressing, Clock, Ctx, Settings, Snapshots, TraceSink};
use directory::actor::Actor;
use directory::applications::Created;
use directory::{applications, tenants};
use protocol::redirect_uri::{ApplicationType, Environment};
use store::{Config, Db};
use vault::{HashPool, Masters, RsaPool, SystemRandom, Vault};

use crate::routes::Route;
use crate::runner::Runner;
use crate::{State, edge, mount};

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A state with one tenant, `acme`; its file goes when this is dropped.
pub struct Fixture {
    /// The state.
    pub state: State,
    _feed: FeedThread,
    directory: PathBuf,
}

impl Fixture {
    /// An installation at `base_url` with the tenant `acme`.
    pub fn new(base_url: &str, addressing: Addressing) -> Fixture {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let directory =
            std::env::temp_dir().join(format!("tessera-web-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let db = Db::open(&Config::new(format!("sqlite:{}/t.db", directory.display()))).unwrap();
        let clock = Clock::System;
        store::migrate::up(&db, clock.now()).unwrap();
        let random = Arc::new(SystemRandom);
        let now_s = clock.now().seconds();
        let masters = Masters::parse(&Masters::generate(now_s, &*random)).unwrap();
        let vault = Vault::new(masters, random);
        context::installation::open(&db, &vault, now_s).unwrap();
        let snapshots = Snapshots::default();
        let own = snapshots.clone();
        db.on_commit(Box::new(move |changes| own.apply(changes)));
        let feed = FeedThread::start(db.clone(), snapshots.clone()).unwrap();
        let traces = TraceSink::start(db.clone()).unwrap();
        let ctx = Ctx {
            db,
            vault,
            clock,
            settings: Arc::new(settings(base_url, addressing)),
            snapshots,
            traces,
            hashes: HashPool::start(1, 4),
            rsa: RsaPool::start(),
        };
        let state = State::new(ctx, Runner::start(2, 16).unwrap(), outbound());
        let fixture = Fixture { state, _feed: feed, directory };
        fixture.tenant("acme", None);
        fixture
    }

    /// Another tenant.
    pub fn tenant(&self, slug: &str, host: Option<&str>) -> store::TenantId {
        let ctx = &self.state.ctx;
        let input = tenants::CreateTenant {
            slug: slug.to_owned(),
            name: slug.to_owned(),
            host: host.map(str::to_owned),
            environment: Environment::Development,
        };
        tenants::create(ctx, &Actor::cli(ctx), input).unwrap().id
    }

    /// An application of the tenant `acme` that belongs to the house.
    pub fn application(&self, kind: ApplicationType, redirect_uris: &[&str]) -> Created {
        let ctx = &self.state.ctx;
        let actor = Actor::cli(ctx);
        let tenant = tenants::show(ctx, &actor, "acme").unwrap();
        let input = applications::CreateApplication {
            kind,
            name: "App".to_owned(),
            redirect_uris: redirect_uris.iter().map(|uri| (*uri).to_owned()).collect(),
            post_logout_redirect_uris: Vec::new(),
            first_party: true,
        };
        applications::create(ctx, &actor, &tenant.id, &input).unwrap()
    }

    /// Sends one request through the whole pipeline with these routes.
    pub async fn send(&self, routes: &[Route], request: TestRequest) -> Answer {
        let (state, routes) = (self.state.clone(), routes.to_vec());
        let app = App::new()
            .app_data(Data::new(state.clone()))
            .configure(move |cfg| mount(cfg, &state, &routes))
            .wrap(edge());
        let response =
            test::call_service(&test::init_service(app).await, request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
        Answer { status, headers, body }
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.directory).ok();
    }
}

fn outbound() -> outbound::Outbound {
    outbound::Outbound::new(outbound::Policy::default()).unwrap()
}

fn settings(base_url: &str, addressing: Addressing) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        base_domain: (addressing == Addressing::Host).then(|| "id.example.com".to_owned()),
        addressing,
        dev: false,
        plain_hosts: context::PlainHosts::default(),
        password_min: 15,
        trusted_proxies: vec![("10.0.0.0".parse().unwrap(), 8)],
        node: "test".to_owned(),
        mail_server: None,
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// The value of a header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A GET request to a host.
pub fn get(host: &str, path: &str) -> TestRequest {
    TestRequest::get().uri(path).insert_header((header::HOST, host.to_owned()))
}

/// A form posted to a host.
pub fn post(host: &str, path: &str, body: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header((header::HOST, host.to_owned()))
        .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
        .set_payload(body.to_owned())
}

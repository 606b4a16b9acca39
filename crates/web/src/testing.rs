//! A state over a fresh SQLite file, for the tests of this crate.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use context::feed::FeedThread;
use context::{Addressing, Clock, Ctx, Settings, Snapshots, TraceSink};
use directory::actor::Actor;
use directory::{applications, tenants};
use protocol::redirect_uri::{ApplicationType, Environment};
use store::{Config, Db};
use vault::{HashPool, Masters, RsaPool, SystemRandom, Vault};

use crate::State;
use crate::runner::Runner;

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A state with one tenant, `acme`; its file goes when this is dropped.
pub(crate) struct Fixture {
    pub(crate) state: State,
    _feed: FeedThread,
    directory: PathBuf,
}

impl Fixture {
    pub(crate) fn new(base_url: &str, addressing: Addressing) -> Fixture {
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
        let state = State::new(ctx, Runner::start(2, 16).unwrap());
        let fixture = Fixture { state, _feed: feed, directory };
        fixture.tenant("acme", None);
        fixture
    }

    pub(crate) fn tenant(&self, slug: &str, host: Option<&str>) -> store::TenantId {
        let ctx = &self.state.ctx;
        let input = tenants::CreateTenant {
            slug: slug.to_owned(),
            name: slug.to_owned(),
            host: host.map(str::to_owned),
            environment: Environment::Development,
        };
        tenants::create(ctx, &Actor::cli(ctx), input).unwrap().id
    }

    pub(crate) fn application(&self, kind: ApplicationType, redirect_uri: &str) {
        let ctx = &self.state.ctx;
        let actor = Actor::cli(ctx);
        let tenant = tenants::show(ctx, &actor, "acme").unwrap();
        let input = applications::CreateApplication {
            kind,
            name: "App".to_owned(),
            redirect_uris: vec![redirect_uri.to_owned()],
            post_logout_redirect_uris: Vec::new(),
            first_party: false,
        };
        applications::create(ctx, &actor, &tenant.id, &input).unwrap();
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.directory).ok();
    }
}

fn settings(base_url: &str, addressing: Addressing) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        base_domain: (addressing == Addressing::Host).then(|| "id.example.com".to_owned()),
        addressing,
        dev: false,
        password_min: 15,
        trusted_proxies: vec![("10.0.0.0".parse().unwrap(), 8)],
        node: "test".to_owned(),
    }
}

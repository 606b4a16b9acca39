//! What the tests of the engine share: a database of their own on either kind, a scratch table,
//! and running one test on both.

#![allow(dead_code)] // no test uses all of it

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{Config, Db, Error, TenantId, Timestamp, Tx, migrate};

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A database of a test's own; gone when dropped.
pub enum Scratch {
    Sqlite { folder: PathBuf },
    Postgres { server: String, name: String },
}

fn own_name() -> String {
    format!("tessera_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Scratch {
    pub fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(own_name());
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self::Sqlite { folder }
    }

    /// A new, empty database on the server the environment names.
    pub fn postgres() -> Self {
        let server = std::env::var("TESSERA_TEST_POSTGRES").expect(
            "set TESSERA_TEST_POSTGRES to the URL of a PostgreSQL maintenance database \
             (postgres://superuser@host/postgres); tests/postgres.sh starts one",
        );
        let name = own_name();
        let mut conn = PgConnection::establish(&server).expect("TESSERA_TEST_POSTGRES answers");
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        Self::Postgres { server, name }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { folder } => folder.join("t.db").to_str().unwrap().to_owned(),
            Self::Postgres { server, name } => {
                let (base, _) = server.rsplit_once('/').unwrap();
                format!("{base}/{name}")
            }
        }
    }

    pub fn config(&self) -> Config {
        Config { deadline: Duration::from_secs(30), ..Config::new(self.url()) }
    }

    pub fn open(&self) -> Db {
        Db::open(&self.config()).unwrap()
    }

    /// Opened, migrated and with the scratch table `rows(tenant, id, n)`.
    pub fn ready(&self) -> Db {
        let db = self.open();
        migrate::up(&db, Timestamp(1)).unwrap();
        db.system_write(|tx| {
            tx.raw_execute(
                "CREATE TABLE rows (tenant TEXT NOT NULL, id TEXT NOT NULL, n BIGINT NOT NULL, \
                 PRIMARY KEY (tenant, id))",
            )
        })
        .unwrap();
        db
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        match self {
            Self::Sqlite { folder } => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Self::Postgres { server, name } => {
                if let Ok(mut conn) = PgConnection::establish(server) {
                    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                    let _ = conn.batch_execute(&drop);
                }
            }
        }
    }
}

/// One test body on both databases: `on_both!(name, …)` for functions over `&Scratch`.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&super::common::Scratch::sqlite()); })*
        }
        mod postgres {
            $(#[test] fn $name() { super::$name(&super::common::Scratch::postgres()); })*
        }
    };
}

/// A tenant for tests, told apart by its number.
pub fn tenant(n: u32) -> TenantId {
    TenantId::parse(&format!("ten_{n:026}")).unwrap()
}

/// Inserts a row into the scratch table.
pub fn insert(tx: &mut Tx, id: &str) -> Result<usize, Error> {
    let tenant = tx.tenant().clone();
    tx.raw_execute(&format!("INSERT INTO rows (tenant, id, n) VALUES ('{tenant}', '{id}', 0)"))
}

/// How many rows of the scratch table match.
pub fn rows(db: &Db, filter: &str) -> i64 {
    db.system_read(|tx| tx.raw_number(&format!("SELECT count(*) AS n FROM rows WHERE {filter}")))
        .unwrap()
}

/// Waits until `ready`, and fails after ten seconds.
pub fn until(what: &str, mut ready: impl FnMut() -> bool) {
    let began = Instant::now();
    while !ready() {
        assert!(began.elapsed() < Duration::from_secs(10), "waited in vain until {what}");
        std::thread::park_timeout(Duration::from_micros(200));
    }
}

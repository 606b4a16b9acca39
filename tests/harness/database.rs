//! A database of its own for every test. SQLite: the file that `--ephemeral` makes. PostgreSQL:
//! a database created in the cluster that TESSERA_TEST_POSTGRES names, dropped at the end.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where a server under test keeps its data.
#[derive(Debug)]
pub struct Database {
    postgres: Option<Postgres>,
    parameters: String,
}

#[derive(Debug)]
struct Postgres {
    admin_url: String,
    name: String,
}

impl Database {
    /// The file of `--ephemeral`.
    pub fn sqlite() -> Database {
        Database { postgres: None, parameters: String::new() }
    }

    /// A fresh database in the test cluster.
    ///
    /// # Panics
    /// Without a cluster: a test that silently did not run would look green.
    pub fn postgres() -> Database {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let admin_url = std::env::var("TESSERA_TEST_POSTGRES").expect(
            "TESSERA_TEST_POSTGRES is not set; use `make test`, or \
             `export TESSERA_TEST_POSTGRES=$(tests/postgres.sh start)`; \
             `make check` runs the SQLite half alone",
        );
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let postgres = Postgres { admin_url, name };
        postgres.admin(&format!("CREATE DATABASE {}", postgres.name));
        Database { postgres: Some(postgres), parameters: String::new() }
    }

    /// What `--database` is given; `None` leaves the choice to the server.
    pub fn url(&self) -> Option<String> {
        let question = if self.parameters.is_empty() { "" } else { "?" };
        let plain = self.postgres.as_ref().map(Postgres::url);
        plain.map(|url| format!("{url}{question}{}", self.parameters))
    }

    /// Adds connection parameters to the URL that the server is given.
    pub fn with_parameters(mut self, parameters: &str) -> Database {
        parameters.clone_into(&mut self.parameters);
        self
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// Runs a statement on PostgreSQL and answers what `psql` prints, unaligned.
    ///
    /// # Panics
    /// On SQLite, or when the statement fails.
    pub fn psql(&self, sql: &str) -> String {
        let postgres = self.postgres.as_ref().expect("psql needs PostgreSQL");
        run_psql(&postgres.url(), sql)
    }
}

impl crate::Server {
    /// What a query for one value answers, on whichever database.
    ///
    /// # Panics
    /// When the statement fails.
    pub fn sql(&self, sql: &str) -> String {
        if self.database().is_postgres() {
            return self.database().psql(sql);
        }
        let file = self.ready().database.trim_start_matches("sqlite:");
        let script = "import sqlite3,sys;\
                      print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])";
        let output = Command::new("python3").args(["-c", script, file, sql]).output();
        let output = output.expect("python3 is installed; see tests/setup.sh");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "python3 failed at {sql}: {stderr}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Database {
    /// Makes PostgreSQL turn every connection to this database away, those that are open too.
    ///
    /// # Panics
    /// On SQLite.
    pub fn refuse_connections(&self, refuse: bool) {
        let postgres = self.postgres.as_ref().expect("this needs PostgreSQL");
        let allow = !refuse;
        postgres.admin(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS {allow}", postgres.name));
        if refuse {
            self.drop_connections();
        }
    }

    /// Ends every open connection to this database.
    ///
    /// # Panics
    /// On SQLite.
    pub fn drop_connections(&self) {
        let postgres = self.postgres.as_ref().expect("this needs PostgreSQL");
        postgres.admin(&format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'",
            postgres.name
        ));
    }
}

impl Postgres {
    fn url(&self) -> String {
        let (server, _) = self.admin_url.rsplit_once('/').expect("a URL with a database");
        format!("{server}/{}", self.name)
    }

    fn admin(&self, sql: &str) {
        run_psql(&self.admin_url, sql);
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // Only tidying up: the whole cluster is removed after the run.
        let _ = Command::new("psql").args(["-qXc", &sql, &self.admin_url]).output();
    }
}

fn run_psql(url: &str, sql: &str) -> String {
    let output = Command::new("psql")
        .args(["-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .output()
        .expect("psql is installed; see tests/setup.sh");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "psql failed at {sql}: {stderr}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

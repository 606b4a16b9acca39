//! Cold start and idle memory: from exec to the first answer, with an empty and with an existing
//! database, and what the process holds when nobody asks anything.

use crate::process::{Running, pinned, resident};
use harness::Request;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// An installation on disk that `serve` can start.
pub struct Installation {
    folder: PathBuf,
    port: u16,
}

impl Installation {
    /// A configuration with a master key, no database yet.
    ///
    /// # Panics
    /// When the folder is not writable.
    pub fn prepare(folder: &Path) -> Installation {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let port = port.expect("a free port").port();
        let key = folder.join("master.key");
        std::fs::write(&key, "bench 0 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n")
            .expect("the folder is writable");
        let config = format!(
            "base_url = \"http://127.0.0.1:{port}\"\nlisten = \"127.0.0.1:{port}\"\n\
             tenant_addressing = \"path\"\nworkers = 2\n\
             master_key_file = \"{}\"\ndatabase = \"sqlite:{}\"\n",
            key.display(),
            folder.join("tessera.sqlite").display()
        );
        std::fs::write(folder.join("tessera.toml"), config).expect("the folder is writable");
        Installation { folder: folder.to_owned(), port }
    }

    /// Forgets the data.
    pub fn empty(&self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(self.folder.join(format!("tessera.sqlite{suffix}")));
        }
    }

    /// Brings the database to the present version, as a first start has to.
    ///
    /// # Panics
    /// When that fails.
    pub fn migrate(&self, cores: &str) {
        let mut command = pinned(&harness::process::binary(), cores);
        command.args(["migrate", "up", "--config"]).arg(self.folder.join("tessera.toml"));
        let output = command.stdin(Stdio::null()).output().expect("the server can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts the server on these cores; answers it and the time to its first 200.
    ///
    /// # Panics
    /// When it does not start within ten seconds.
    pub fn start(&self, cores: &str) -> (Running, Duration) {
        let log = std::fs::File::create(self.folder.join("log")).expect("the folder is writable");
        let mut command = pinned(&harness::process::binary(), cores);
        command.arg("serve").arg("--config").arg(self.folder.join("tessera.toml"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let start = Instant::now();
        let running = Running(command.spawn().expect("the server starts"));
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let host = format!("127.0.0.1:{}", self.port);
        loop {
            let answer = Request::get("/t/system/.well-known/openid-configuration")
                .timeout(Duration::from_millis(500))
                .send(address, &host);
            if answer.is_ok_and(|answer| answer.status == 200) {
                return (running, start.elapsed());
            }
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(start.elapsed() < Duration::from_secs(10), "no answer: {}", log());
            harness::wait::pause(Duration::from_micros(200));
        }
    }
}

/// Median time to the first answer in milliseconds over `repeats` starts; with an empty database
/// `migrate up` is part of it.
pub fn cold_start(folder: &Path, existing: bool, repeats: usize) -> f64 {
    let installation = Installation::prepare(folder);
    installation.empty();
    installation.migrate("0,1");
    drop(installation.start("0,1"));
    let mut times: Vec<f64> = (0..repeats)
        .map(|_| {
            if !existing {
                installation.empty();
            }
            let begin = Instant::now();
            if !existing {
                installation.migrate("0,1");
            }
            let before = begin.elapsed();
            let (running, time) = installation.start("0,1");
            drop(running);
            (before + time).as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Resident bytes with two workers after `rest` without a request.
pub fn idle_memory(folder: &Path, rest: Duration) -> u64 {
    let installation = Installation::prepare(folder);
    let (running, _) = installation.start("0,1");
    harness::wait::pause(rest);
    resident(running.0.id())
}

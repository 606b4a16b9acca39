//! F01: kill -9 in the middle of refresh load on SQLite.

use crate::ledger::{chains, check, check_replaced, party, rotate_until, sign_in_works};
use harness::{Database, Server};
use std::time::{Duration, Instant};

/// Kills per run; the long form of this test raises it.
fn kills() -> usize {
    std::env::var("TESSERA_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

#[test]
fn sqlite_no_acknowledged_rotation_is_lost() {
    let mut server = Server::start(Database::sqlite());
    let party = party(&server);
    let mut load = chains(&server, &party, 8);
    for round in 0..kills() {
        // Not always at the same point of a group: the load differs from round to round.
        load = rotate_until(&party, load, 40 + 13 * round, || server.kill9());
        let started = Instant::now();
        server = server.restart();
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        load = check(&party, load);
    }
    check_replaced(&party, &load);
    sign_in_works(&server, &party);
    assert!(integrity(&server).contains("ok"));
}

/// What SQLite itself says about the file, through Python's own library.
fn integrity(server: &Server) -> String {
    let file = server.ready().database.trim_start_matches("sqlite:").to_owned();
    let script = "import sqlite3,sys;\
                  print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])";
    let output = std::process::Command::new("python3").args(["-c", script, &file]).output();
    let output = output.expect("python3 is installed; see tests/setup.sh");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

//! F05 and D.4: a database that is locked, gone or refuses. 503 with Retry-After, never a
//! refusal of something valid, never a skipped check; alive again without help.

use harness::{Browser, Database, RelyingParty, Response, Server, relying_party};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long the service may take to come back by itself.
const RECOVERY: Duration = Duration::from_secs(10);

#[track_caller]
fn unavailable(answer: &Response) {
    let kind = answer.error();
    assert_eq!(answer.status, 503, "{}", answer.summary());
    assert!(answer.header("retry-after").is_some(), "{}", answer.summary());
    assert!(["temporarily_unavailable", ""].contains(&&*kind), "{}", answer.summary());
}

/// Everything that needs the database says so; what does not need it goes on.
fn outage(server: &Server, party: &RelyingParty, tokens: &harness::Tokens) {
    unavailable(&party.refresh(&tokens.refresh));
    let mut browser = Browser::new(server);
    let page = party.start(&mut browser);
    if page.has_button("login-submit") {
        let page = relying_party::sign_in_on(&mut browser, &page, &server.user(0));
        assert_eq!(page.status(), 503, "{}", page.response.summary());
        assert!(page.response.text().contains("req_"), "a page that says what to do");
    }
    let key_set = party.request(&party.endpoint("jwks_uri"), harness::Request::get);
    key_set.expect(200);
}

fn recovers(server: &Server, party: &RelyingParty, tokens: &harness::Tokens) {
    harness::until("recovery without help", RECOVERY, || {
        let answer = party.refresh(&tokens.refresh);
        assert_ne!(answer.error(), "invalid_grant", "a valid token was refused");
        (answer.status == 200).then_some(())
    });
    party.sign_in_fresh(server, &server.user(0));
}

#[test]
fn postgres_that_refuses_connections() {
    let server = Server::start(Database::postgres());
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    party.sign_in_fresh(&server, &server.user(0));
    server.database().refuse_connections(true);
    outage(&server, &party, &tokens);
    let ready = server.send(&harness::Request::get("/readyz"));
    assert_eq!(ready.status, 503, "{}", ready.summary());
    server.send(&harness::Request::get("/healthz")).expect(200);
    server.database().refuse_connections(false);
    recovers(&server, &party, &tokens);
}

#[test]
fn postgres_that_loses_its_connections() {
    let server = Server::start(Database::postgres());
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut tokens = party.sign_in_fresh(&server, &server.user(0));
    for _ in 0..3 {
        server.database().drop_connections();
        let mut answer = None;
        harness::until("a working connection", RECOVERY, || {
            let next = party.refresh(&tokens.refresh);
            assert!([200, 503].contains(&next.status), "{}", next.summary());
            (next.status == 200).then(|| answer = Some(next))
        });
        tokens = harness::Tokens::from(answer.expect("a token"));
    }
}

/// Another process that holds the SQLite file locked until it is killed.
struct Lock(Child);

impl Lock {
    fn on(server: &Server) -> Lock {
        let file = server.ready().database.trim_start_matches("sqlite:").to_owned();
        let script = "import sqlite3,sys\n\
                      c=sqlite3.connect(sys.argv[1],isolation_level=None,timeout=30)\n\
                      c.execute('BEGIN IMMEDIATE')\n\
                      print('locked',flush=True)\n\
                      sys.stdin.read()";
        let mut child = Command::new("python3")
            .args(["-c", script, &file])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is installed; see tests/setup.sh");
        let mut line = String::new();
        let output = child.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "locked");
        Lock(child)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn sqlite_that_another_process_holds() {
    let server = Server::start(Database::sqlite());
    let party = RelyingParty::new(&server, &server.application("web"));
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let lock = Lock::on(&server);
    unavailable(&party.refresh(&tokens.refresh));
    party.userinfo(&tokens.access).expect(200);
    drop(lock);
    recovers(&server, &party, &tokens);
}

//! Hosts of a tenant's own: proof by a TXT record, becoming the address, and what other tenants,
//! unproven hosts and lapsed proofs do not get.

use std::time::Duration;

use harness::{Database, Request, Response, Server, on_both, server::Options, wait};
use serde_json::Value;

/// A server that takes TXT records from a file; answers where it is.
fn start(database: Database) -> (Server, std::path::PathBuf) {
    let file = std::env::temp_dir().join(format!(
        "tessera-txt-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&file, "").expect("writable");
    let path = file.to_string_lossy().into_owned();
    let server = Server::with(Options::new(database).argument("--txt-file").argument(&path));
    (server, file)
}

fn discovery(server: &Server, host: &str) -> Response {
    let port = server.base().port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = format!("{host}{port}");
    server.send(&Request::get("/.well-known/openid-configuration").header("Host", &host))
}

fn domain(server: &Server, words: &[&str]) -> Value {
    server.cli().json(&[&["domain"][..], words].concat())
}

on_both!(a_host_is_proven_and_becomes_the_address, |database| {
    let (server, file) = start(database);
    let tenant = server.ready().tenant.slug.clone();
    let host = "login.acme.example";
    let added = domain(&server, &["add", "--tenant", &tenant, "LOGIN.Acme.example"]);
    assert_eq!((&added["host"], &added["state"]), (&host.into(), &"unproven".into()));
    assert_eq!(added["record"], "_tessera.login.acme.example");
    let outcome =
        server.cli().try_run(&["domain", "set", "--tenant", &tenant, host, "--yes", "--json"]);
    assert!(outcome.stderr.contains("not proven"), "{outcome:?}");
    assert_eq!(discovery(&server, host).status, 421, "an unproven host never serves");
    let checked = domain(&server, &["check", "--tenant", &tenant, host]);
    assert!(checked["last_error"].as_str().expect("why").contains("no TXT record"), "{checked}");
    let line = format!("_tessera.{host} {}\n", added["value"].as_str().expect("a value"));
    std::fs::write(&file, format!("_tessera.{host} other\n{line}")).expect("writable");
    // Nobody asks: the server looks by itself.
    server.clock().set(700);
    let proven = || {
        let all = domain(&server, &["list", "--tenant", &tenant]);
        (all["items"][0]["state"] == "proven").then_some(())
    };
    wait::until("the proof", Duration::from_secs(20), proven);
    assert_eq!(discovery(&server, host).status, 421, "proven is not in use");
    let set = domain(&server, &["set", "--tenant", &tenant, host, "--yes"]);
    let document = wait::until("the new address", Duration::from_secs(5), || {
        Some(discovery(&server, host)).filter(|answer| answer.status == 200)
    });
    assert_eq!(document.json()["issuer"], set["issuer"]);
    assert_eq!(
        server.send(&Request::get(&format!("/t/{tenant}/.well-known/openid-configuration"))).status,
        404
    );
    let moved = server.send(&Request::get(&format!("/t/{tenant}/account")));
    assert!([308, 404].contains(&moved.status), "{}", moved.summary());
    let outcome = server.cli().try_run(&["domain", "remove", "--tenant", &tenant, host]);
    assert!(outcome.stderr.contains("is the address"), "{outcome:?}");
    domain(&server, &["set", "--tenant", &tenant, "--yes"]);
    domain(&server, &["remove", "--tenant", &tenant, host]);
    let _ = std::fs::remove_file(file);
});

on_both!(two_tenants_cannot_have_one_host_until_a_proof_lapses, |database| {
    let (server, file) = start(database);
    let cli = server.cli();
    let (one, two, host) = (server.ready().tenant.slug.clone(), "second", "login.both.example");
    cli.create_tenant(two, &["--environment", "development"]);
    let record = |tenant: &str| {
        let added = domain(&server, &["add", "--tenant", tenant, host]);
        format!("_tessera.{host} {}\n", added["value"].as_str().expect("a value"))
    };
    let (first, second) = (record(&one), record(two));
    assert_ne!(first, second, "each tenant has a token of its own");
    std::fs::write(&file, &first).expect("writable");
    assert_eq!(domain(&server, &["check", "--tenant", &one, host])["state"], "proven");
    assert_eq!(domain(&server, &["check", "--tenant", two, host])["state"], "unproven");
    domain(&server, &["set", "--tenant", &one, host, "--yes"]);
    std::fs::write(&file, format!("{first}{second}")).expect("writable");
    assert_eq!(domain(&server, &["check", "--tenant", two, host])["state"], "proven");
    let take = || cli.try_run(&["domain", "set", "--tenant", two, host, "--yes", "--json"]);
    assert!(take().stderr.contains("Another tenant has this host"));
    std::fs::write(&file, &second).expect("writable");
    let check = || domain(&server, &["check", "--tenant", &one, host])["state"].clone();
    server.clock().set(86_400);
    assert_eq!(check(), "failing");
    assert_ne!(take().code, 0, "a record that is missing for a day");
    server.clock().set(9 * 86_400);
    assert_eq!(check(), "unproven");
    assert_eq!(domain(&server, &["check", "--tenant", two, host])["state"], "proven");
    assert_eq!(take().code, 0, "a proof that lapsed");
    let document = wait::until("the new address", Duration::from_secs(5), || {
        Some(discovery(&server, host)).filter(|answer| answer.status == 200)
    });
    assert!(document.json()["issuer"].as_str().expect("an issuer").contains(host));
    let shown = cli.json(&["tenant", "show", &one]);
    assert!(!shown.to_string().contains(host), "it is the other tenant's now: {shown}");
    let _ = std::fs::remove_file(file);
});

on_both!(hosts_that_are_nobodys_or_ours_are_refused, |database| {
    let (server, file) = start(database);
    let tenant = server.ready().tenant.slug.clone();
    let base = server.base().host_str().expect("a host").to_owned();
    let below = format!("x.{base}");
    for host in [
        "",
        "127.0.0.1",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "https://login.acme.example",
        "login.acme.example:443",
        "login.acme.example/x",
        "nodot",
        "a..b.example",
        "-a.example",
        "x.localhost",
        "printer.local",
        "acme.example\r\nHost: x",
        base.as_str(),
        below.as_str(),
    ] {
        let outcome = server.cli().try_run(&["domain", "add", "--tenant", &tenant, "--", host]);
        assert_eq!(outcome.code, 2, "{host:?}: {outcome:?}");
    }
    let added = domain(&server, &["add", "--tenant", &tenant, "anmelden.bücher.example"]);
    assert_eq!(added["host"], "anmelden.xn--bcher-kva.example");
    let twice = ["domain", "add", "--tenant", &tenant, "anmelden.xn--bcher-kva.example"];
    assert_eq!(server.cli().try_run(&twice).code, 4);
    let vouched = domain(&server, &["add", "--tenant", &tenant, "own.example", "--without-proof"]);
    assert_eq!((&vouched["state"], &vouched["proven_by"]), (&"proven".into(), &"operator".into()));
    let _ = std::fs::remove_file(file);
});

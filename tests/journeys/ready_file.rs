//! The automation contract: what the ready file promises, and that a pipeline can rely on it.

use harness::{Options, Request, Server, on_both};
use std::path::Path;

on_both!(the_ready_file_keeps_its_promises, |database| {
    let server = Server::start(database);
    let ready = server.ready();
    assert_eq!(server.send(&Request::get("/readyz")).status, 200);
    assert_eq!(server.send(&Request::get("/healthz")).status, 200);
    assert!(ready.console_url.starts_with(&ready.base_url), "{}", ready.console_url);
    assert!(ready.tenant.issuer.starts_with(&ready.base_url), "{}", ready.tenant.issuer);
    assert!(!ready.base_url.ends_with('/'));
    assert!(Path::new(&ready.master_key_file).exists());
    assert!(Path::new(&ready.config).exists());
    assert!(!ready.database.contains(":memory:"));
    for kind in ["web", "spa", "machine"] {
        let application = ready.application(kind);
        assert!(!application.client_id.is_empty());
        assert_eq!(application.client_secret.is_some(), kind != "spa", "{application:?}");
        assert_eq!(application.redirect_uris.is_empty(), kind == "machine", "{application:?}");
    }
    assert!(ready.users.len() >= 2, "{:?}", ready.users);
    assert!(!ready.operator.email.is_empty() && !ready.operator.password.is_empty());
});

on_both!(public_url_and_port_may_differ, |database| {
    let options =
        Options::new(database).argument("--public-url").argument("https://id.example.test");
    let server = Server::with(options);
    assert_eq!(server.ready().base_url, "https://id.example.test");
    let path = format!("/t/{}/.well-known/openid-configuration", server.ready().tenant.slug);
    let answer = server.send(&Request::get(&path)).expect(200).json();
    assert_eq!(answer["issuer"], server.ready().tenant.issuer);
});

on_both!(a_joined_node_serves_the_same_installation, |database| {
    let first = Server::start(database);
    let second = first.join();
    assert_eq!(first.ready().base_url, second.ready().base_url);
    assert_ne!(first.ready().listen_url, second.ready().listen_url);
    let url = format!("{}/.well-known/openid-configuration", first.ready().tenant.issuer);
    let target = url.strip_prefix(&first.ready().base_url).expect("the issuer is below the base");
    let answers = [&first, &second].map(|node| node.send(&Request::get(target)).expect(200).text());
    assert_eq!(answers[0], answers[1]);
});

on_both!(a_stopped_server_ends_in_order, |database| {
    let mut server = Server::start(database);
    let status = server.stop();
    assert!(status.success(), "{status}: {}", server.log());
});

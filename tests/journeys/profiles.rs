//! A connection is tested with a sign-in that leaves nobody behind, and a mapping is tried on a
//! profile that was seen, against somebody who exists.

use harness::upstream::{CLIENT_ID, press, server_with};
use harness::{Browser, Page, RelyingParty, Server, Upstream, on_both};
use serde_json::{Value, json};

use crate::console::{enter, path, send};

/// Tests a connection in the console and answers the report.
fn tested(server: &Server, upstream: &Upstream, admin: &mut Browser, made: &Value) -> Page {
    let id = made["id"].as_str().expect("an id");
    let tab = admin.open(&path(server, &format!("/connections/{id}/test"))).expect(200);
    let ready = send(admin, &tab, "test", &[]).expect(200);
    let html = ready.response.text();
    let link = html
        .split("href=\"")
        .find(|rest| rest.split('"').next().is_some_and(|link| link.contains("/test?run=")));
    let link = link.and_then(|rest| rest.split('"').next()).expect("a link");
    let gone = admin.open(&link.replace("&amp;", "&").replace("&#38;", "&"));
    assert!(gone.left, "still at {}: {}", gone.url, gone.text());
    admin.open(&upstream.agree(&gone.url)).expect(200)
}

on_both!(a_test_signs_in_and_leaves_nobody_behind, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let made = upstream.connect(&server, "up", &[]);
    let mut admin = enter(&server);
    let before = rows(&server);
    let report = tested(&server, &upstream, &mut admin, &made);
    let text = report.text();
    assert!(text.contains("Passed") && text.contains("ann@people.test"), "{text}");
    assert_eq!(rows(&server), before, "a test creates nobody");
    assert!(text.contains(CLIENT_ID), "the request is told: {text}");
});

on_both!(a_mapping_is_tried_on_what_was_seen_and_against_a_user, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let made = upstream.connect(&server, "up", &[]);
    let mut admin = enter(&server);
    let id = made["id"].as_str().expect("an id");
    let editor = admin.open(&path(&server, &format!("/connections/{id}/mapping"))).expect(200);
    for (button, said) in [("fill-test", "No test within a day"), ("fill-seen", "Nobody has")] {
        let none = send(&mut admin, &editor, button, &[]).expect(200);
        assert!(none.text().contains(said), "{}", none.text());
    }

    upstream.script(|s| s.profile["refresh_token"] = json!("canary-of-a-token"));
    tested(&server, &upstream, &mut admin, &made);
    let shown = send(&mut admin, &editor, "fill-test", &[]).expect(200);
    let text = shown.response.text();
    assert!(text.contains("From the last test") && text.contains("ann@people.test"), "{text}");
    assert!(!text.contains("canary-of-a-token"), "secrets are left out");

    // Somebody signs in; at the provider their name changes, and then again in the profile tried.
    let tenant = server.ready().tenant.slug.clone();
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    let party = RelyingParty::new(&server, &server.cli().create_application(&tenant, "web", &more));
    let mut ann = Browser::new(&server);
    let page = party.start(&mut ann);
    let request = press(&mut ann, &page, "up");
    let page = ann.open(&upstream.agree(&request));
    party.tokens(&party.finish(&mut ann, page));
    let seen = send(&mut admin, &editor, "fill-seen", &[]).expect(200);
    let text = seen.response.text();
    assert!(text.contains("From the last sign-in of") && !text.contains("canary"), "{text}");
    let audit = admin.open(&path(&server, &format!("/connections/{id}/audit"))).expect(200).text();
    assert!(audit.contains("Looked at a profile"), "{audit}");

    let changed = json!({ "sub": "x", "name": "Ann Baker", "email": "other@people.test" });
    let fields = [("from", "pasted"), ("pasted", &changed.to_string()), ("who", "ann@people.test")];
    let against = send(&mut admin, &seen, "try", &fields).expect(200).text();
    let change = against.split("What would change").nth(1).expect("the difference");
    let change = change.split("Resulting user").next().unwrap_or_default();
    let (change, stays) = change.split_once("Stays as it is").expect("what stays");
    assert!(change.contains("Ann Archer") && change.contains("Ann Baker"), "{change}");
    assert!(!change.contains("other@people.test"), "an address is never replaced: {change}");
    assert!(stays.contains("ann@people.test") && stays.contains("other@people.test"), "{stays}");
    let stranger = send(&mut admin, &seen, "try", &[("who", "nobody@people.test")]).expect(200);
    assert!(stranger.text().contains("There is no user with this address"));
});

/// How many rows there are of everything that a sign-in leaves.
fn rows(server: &Server) -> Vec<(&'static str, String)> {
    let tables = ["users", "identities", "sessions", "grants", "consents", "links"];
    let count = |table| (table, server.sql(&format!("SELECT count(*) FROM {table}")));
    tables.map(count).to_vec()
}

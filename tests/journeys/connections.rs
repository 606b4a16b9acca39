//! An admin connects a provider: by preset in the console and on the command line, with its mapping
//! tried out, reviewed, saved and taken back. The secret is seen nowhere.

use harness::{Browser, Page, Server, on_both};
use serde_json::{Value, json};

use crate::console::{enter, path, send};

const SECRET: &str = "canary-secret-of-a-provider";

/// A file with this content, beside those of other tests.
fn file(name: &str, content: &str) -> String {
    let path = std::env::temp_dir().join(format!("connections-{}-{name}", std::process::id()));
    std::fs::write(&path, content).expect("a temporary file");
    path.to_string_lossy().into_owned()
}

/// Adds a connection from a preset in the console and answers its page.
fn add(server: &Server, admin: &mut Browser, preset: &str) -> Page {
    let page = admin.open(&path(server, &format!("/connections/new?preset={preset}"))).expect(200);
    let fields = [("client_id", "client-of-ours"), ("client_secret", SECRET)];
    let shown = send(admin, &page, "add", &fields).expect(200);
    assert!(shown.url.path().contains("/connections/con_"), "{}", shown.url);
    shown
}

on_both!(a_preset_becomes_a_connection_with_its_callback_url, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let shown = add(&server, &mut admin, "github");
    let callback = format!("{}/federation/github/callback", server.ready().tenant.issuer);
    assert!(shown.text().contains(&callback), "{}", shown.text());
    let base = shown.url.path().to_owned();
    let list = admin.open(&path(&server, "/connections")).expect(200).text();
    assert!(list.contains("Not offered") && list.contains("Not tested"), "{list}");
    let page = admin.open(&format!("{base}/enable")).expect(200);
    assert!(page.text().contains("untested"), "{}", page.text());
    send(&mut admin, &page, "confirm-button", &[]).expect(200);
    for rest in ["", "/settings", "/credentials", "/mapping", "/audit", "/danger"] {
        let page = admin.open(&format!("{base}{rest}")).expect(200);
        assert!(!page.response.text().contains(SECRET), "{rest} shows the secret");
    }
    let all = server.cli().json(&["connection", "list", "--tenant", &server.ready().tenant.slug]);
    assert_eq!(all["items"][0]["enabled"], true, "{all}");
    assert!(!all.to_string().contains(SECRET));
    let page = admin.open(&format!("{base}/delete")).expect(200);
    let again = send(&mut admin, &page, "confirm-button", &[("confirm", "wrong")]).expect(422);
    send(&mut admin, &again, "confirm-button", &[("confirm", "github")]).expect(200);
    admin.open(&base).expect(404);
});

on_both!(mistakes_keep_what_was_typed_and_show_no_secret, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&path(&server, "/connections/new?preset=oauth2")).expect(200);
    for endpoint in [
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "javascript:alert(1)",
        "http://provider.example.test/token",
        "https://user:password@provider.example.test",
        "https://provider.example.test/#fragment",
        "//provider.example.test",
    ] {
        let fields = [
            ("name", "Kept \"><script>alert(1)</script>"),
            ("code", "kept"),
            ("authorization_endpoint", "https://provider.example.test/authorize"),
            ("token_endpoint", endpoint),
            ("client_id", "kept-too"),
            ("client_secret", SECRET),
        ];
        let answer = send(&mut admin, &page, "add", &fields).expect(422);
        let form = answer.form_with_button("add");
        assert_eq!(form.value("token_endpoint"), Some(endpoint));
        assert_eq!(form.value("client_id"), Some("kept-too"));
        let html = answer.response.text();
        assert!(!html.contains(SECRET) && !html.contains("<script>alert"), "{html}");
        // The secret is not lost either: it travels sealed, and the form is whole without it.
        let fields = [("token_endpoint", "https://x.test/token"), ("client_id", "")];
        let answer = send(&mut admin, &answer, "add", &fields).expect(422);
        assert!(!answer.text().contains("client secret that"), "{}", answer.text());
    }
    let blank = send(&mut admin, &page, "add", &[]).expect(422);
    let text = blank.text();
    assert!(text.contains("client ID") && text.contains("client secret"), "{text}");
});

on_both!(a_mapping_is_tried_reviewed_saved_and_taken_back, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let base = add(&server, &mut admin, "google").url.path().to_owned();
    let mapping = format!("{base}/mapping");
    let page = admin.open(&mapping).expect(200);
    let profile = json!({ "sub": "1", "mail": "ANN@example.test", "job": "<b>Engine</b>" });
    let pasted = [("from", "pasted"), ("pasted", &profile.to_string())];
    let tried = send(&mut admin, &page, "try", &pasted).expect(200);
    let html = tried.response.text();
    assert!(html.contains("job") && !html.contains("<b>Engine"), "{html}");
    let opened = send(&mut admin, &tried, "row-0", &[]).expect(200);
    assert!(opened.text().contains("look alike"), "{}", opened.text());
    let fields = [("source", "mail"), ("trust", "never"), ("missing", "block")];
    let wrong = send(&mut admin, &opened, "review", &fields).expect(422);
    assert!(wrong.text().contains("There is a problem"), "{}", wrong.text());
    let fields = [("missing_value", "No address.")];
    let review = send(&mut admin, &wrong, "review", &fields).expect(200);
    assert!(review.text().contains("What would change"), "{}", review.text());
    let other = admin.open(&mapping).expect(200);
    let saved = send(&mut admin, &review, "save", &[]).expect(200);
    assert!(saved.text().contains("version 2"), "{}", saved.text());
    // Somebody else who began at version 1 meets a page with both.
    let opened = send(&mut admin, &other, "row-1", &[]).expect(200);
    let review = send(&mut admin, &opened, "review", &[("source", "nickname")]).expect(200);
    let conflict = send(&mut admin, &review, "save", &[]);
    assert_eq!(conflict.status(), 409, "{}", conflict.text());
    assert!(conflict.text().contains("nickname"), "{}", conflict.text());
    send(&mut admin, &conflict, "save-mine", &[]).expect(200);
    let page = admin.open(&format!("{mapping}/versions/1")).expect(200);
    let back = send(&mut admin, &page, "roll-back", &[]).expect(200);
    assert!(back.text().contains("Version 4"), "{}", back.text());
});

on_both!(the_command_line_does_the_same, |database| {
    let server = Server::start(database);
    let (cli, slug) = (server.cli(), server.ready().tenant.slug.clone());
    let secret = file("secret", &format!("{SECRET}\n"));
    let made = cli.json(&[
        "connection",
        "create",
        "--tenant",
        &slug,
        "--code",
        "ours",
        "--issuer",
        "https://provider.example.test",
        "--client-id",
        "client",
        "--client-secret-file",
        &secret,
    ]);
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(made["code"], "ours");
    let callback = format!("{}/federation/ours/callback", server.ready().tenant.issuer);
    assert_eq!(made["callback_url"], callback);
    let shown = cli.json(&["connection", "show", &id]);
    assert_eq!(shown["enabled"], true);
    assert_eq!(shown["settings"]["applications"], Value::Null, "on for all");
    assert!(!shown.to_string().contains(SECRET));
    let mapping = cli.json(&["mapping", "show", "--connection", "ours", "--tenant", &slug]);
    assert_eq!(mapping["rules"][0]["target"], "email");
    let rules = json!({ "rules": [
        { "target": "email", "source": "/mail", "update": "first", "trust": "always" },
        { "target": "name", "source": "/name", "update": "if_empty" },
    ] });
    let (rules, profile) = (
        file("rules", &rules.to_string()),
        file("profile", &json!({ "mail": "ann@example.test", "upn": 1 }).to_string()),
    );
    let one = ["--connection", &id];
    cli.json(&[&["mapping", "set"][..], &one, &["--file", &rules]].concat());
    let seen = cli.json(&[&["mapping", "preview"][..], &one, &["--profile", &profile]].concat());
    assert_eq!(seen["user"]["email"], "ann@example.test");
    assert_eq!(seen["unused"], json!(["upn"]));
    let versions = cli.json(&[&["mapping", "versions"][..], &one].concat());
    assert_eq!(versions["items"][0]["version"], 2);
    let back = cli.json(&[&["mapping", "rollback"][..], &one, &["--version", "1"]].concat());
    assert_eq!(back["version"], 3);
    let broken = file("broken", "{\"rules\": [{\"target\": \"sub\", \"source\": \"/sub\"}]}");
    let refused = cli.try_run(&["mapping", "set", "--connection", &id, "--file", &broken]);
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("rules.0.target"), "{}", refused.stderr);
    let twice = cli.try_run(&[
        "connection",
        "create",
        "--tenant",
        &slug,
        "--code",
        "ours",
        "--preset",
        "google",
        "--client-id",
        "client",
        "--client-secret-file",
        &secret,
    ]);
    assert_eq!(twice.code, 4, "{}", twice.stderr);
    let missing = cli.try_run(&[
        "connection",
        "create",
        "--tenant",
        &slug,
        "--preset",
        "microsoft",
        "--client-id",
        "c",
        "--client-secret-file",
        &secret,
    ]);
    assert!(missing.stderr.contains("tenant_id"), "{}", missing.stderr);
});

on_both!(a_code_names_a_connection_where_it_is_the_only_one, |database| {
    let server = Server::start(database);
    let (cli, slug) = (server.cli(), server.ready().tenant.slug.clone());
    let secret = file("secret", SECRET);
    let add = |tenant: &str| {
        let which = ["connection", "create", "--tenant", tenant, "--code", "ours"];
        let what = ["--preset", "google", "--client-id", "c", "--client-secret-file", &secret];
        cli.json(&[&which[..], &what[..]].concat())["id"].clone()
    };
    assert_eq!(cli.try_run(&["connection", "show", "ours"]).code, 3);
    let id = add(&slug);
    assert_eq!(cli.json(&["connection", "show", "ours"])["id"], id);
    cli.json(&["mapping", "show", "--connection", "ours"]);
    cli.json(&["tenant", "create", "--slug", "second", "--name", "Second"]);
    add("second");
    let refused = cli.try_run(&["connection", "show", "ours"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("--tenant"), "{}", refused.stderr);
    assert_eq!(cli.json(&["connection", "show", "ours", "--tenant", &slug])["id"], id);
});

on_both!(fields_of_a_tenant_are_targets_of_rules, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let slug = server.ready().tenant.slug.clone();
    let page = admin.open(&path(&server, "/user-fields/new")).expect(200);
    let wrong = [("label", "Department"), ("key", "Not A Key")];
    let again = send(&mut admin, &page, "save", &wrong).expect(422);
    assert_eq!(again.form_with_button("save").value("label"), Some("Department"));
    send(&mut admin, &again, "save", &[("key", "department")]).expect(200);
    let base = add(&server, &mut admin, "google").url.path().to_owned();
    let rules = json!({ "rules": [{ "target": "department", "source": "/job" }] }).to_string();
    let rules = file("department", &rules);
    let one = ["mapping", "set", "--tenant", &slug, "--connection", "google", "--file", &rules];
    server.cli().json(&one);
    let editor = admin.open(&format!("{base}/mapping")).expect(200);
    assert!(editor.text().contains("department"), "{}", editor.text());
    let page = admin.open(&path(&server, "/user-fields/department/delete")).expect(200);
    let kept = send(&mut admin, &page, "confirm-button", &[]).expect(422);
    assert!(kept.text().contains("google"), "{}", kept.text());
});

//! The command line beside a running server: shapes of its answers, its exit codes, and that
//! what it does takes effect within a second.

use harness::cli::bare;
use harness::{Browser, RelyingParty, Server, on_both};
use std::time::Duration;

on_both!(commands_answer_in_json, |database| {
    let server = Server::start(database);
    let cli = server.cli();
    let slug = server.ready().tenant.slug.clone();
    let tenant = cli.json(&["tenant", "create", "--slug", "json", "--name", "Json"]);
    for member in ["id", "slug", "issuer"] {
        assert!(tenant[member].is_string(), "{tenant}");
    }
    let arguments = [
        "app",
        "create",
        "--tenant",
        &slug,
        "--type",
        "web",
        "--name",
        "Two URIs",
        "--redirect-uri",
        "https://a.example.test/cb",
        "--redirect-uri",
        "https://b.example.test/cb",
        "--post-logout-redirect-uri",
        "https://a.example.test/",
    ];
    let application = cli.json(&arguments);
    assert_eq!(application["redirect_uris"].as_array().map(Vec::len), Some(2), "{application}");
    assert_eq!(application["token_endpoint_auth_method"], "client_secret");
    assert_eq!(application["id"], application["client_id"]);
    assert!(application["client_secret"].is_string());
    let id = application["id"].as_str().expect("an id");
    let shown = cli.json(&["app", "show", id]);
    assert_eq!(shown["name"], "Two URIs");
    assert!(shown.get("client_secret").is_none_or(|v| v.is_null()), "shown once: {shown}");
    for arguments in [
        vec!["tenant", "list"],
        vec!["app", "list", "--tenant", &slug],
        vec!["user", "list", "--tenant", &slug],
        vec!["migrate", "status"],
        vec!["doctor"],
        vec!["routes"],
    ] {
        cli.json(&arguments);
    }
    cli.json(&["app", "delete", id, "--yes"]);
    let gone = cli.try_run(&["app", "show", id, "--json"]);
    assert_eq!(gone.code, 3, "not found: {gone:?}");
});

on_both!(a_secret_made_by_a_script_works_within_a_second, |database| {
    let server = Server::start(database);
    let tenant = server.ready().tenant.slug.clone();
    let application = server.cli().create_application(&tenant, "machine", &[]);
    let party = RelyingParty::new(&server, &application);
    harness::until("the new application", Duration::from_secs(1), || {
        let answer = party.token(&[("grant_type", "client_credentials")]);
        (answer.status == 200).then_some(())
    });
});

on_both!(a_session_ended_from_outside_takes_its_offline_grants_along, |database| {
    let server = Server::start(database);
    let party = RelyingParty::new(&server, &server.application("web"))
        .with("scope", "openid offline_access");
    let tokens = party.sign_in_fresh(&server, &server.user(0));
    let session = harness::jwt::claims(&tokens.id)["sid"].as_str().expect("sid").to_owned();
    server.cli().json(&["session", "revoke", &session, "--yes"]);
    harness::until("the end of its grants", Duration::from_secs(1), || {
        (!party.is_active(&tokens.access)).then_some(())
    });
    assert_eq!(party.refresh(&tokens.refresh).error(), "invalid_grant");
});

on_both!(a_revoked_session_ends_within_a_second, |database| {
    let server = Server::start(database);
    // Without offline_access: an offline grant outlives its session.
    let party =
        RelyingParty::new(&server, &server.application("web")).with("scope", "openid profile");
    let mut browser = Browser::new(&server);
    let tokens = party.tokens(&party.sign_in(&mut browser, &server.user(0)));
    let session = harness::jwt::claims(&tokens.id)["sid"].as_str().expect("sid").to_owned();
    server.cli().json(&["session", "revoke", &session, "--yes"]);
    harness::until("the end of the session", Duration::from_secs(1), || {
        party.start(&mut browser).has_button("login-submit").then_some(())
    });
    assert!(!party.is_active(&tokens.access));
});

#[test]
fn sqlite_wrong_usage_is_answered_with_advice() {
    let unknown = bare(&["tenat", "list"], &[]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.stderr.contains("tenant"), "names the nearest command: {unknown:?}");
    let help = bare(&["--help"], &[]);
    assert_eq!(help.code, 0, "{help:?}");
    for command in ["serve", "dev", "migrate", "doctor", "tenant", "app", "user", "session"] {
        assert!(help.stdout.contains(command), "{command}: {}", help.stdout);
    }
}

#[test]
fn sqlite_an_unknown_setting_is_refused_with_the_nearest_name() {
    let folder = harness::process::fresh_folder();
    let config = folder.join("tessera.toml");
    std::fs::write(&config, "databse = \"x.sqlite\"\n").expect("the folder is writable");
    let outcome = bare(&["serve", "--config", &config.to_string_lossy()], &[]);
    assert_ne!(outcome.code, 0);
    assert!(
        outcome.stderr.contains("databse") && outcome.stderr.contains("database"),
        "{outcome:?}"
    );
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn sqlite_serve_refuses_to_start_without_a_master_key() {
    let folder = harness::process::fresh_folder();
    let config = folder.join("tessera.toml");
    let text = "base_url = \"https://id.example.test\"\ntenant_addressing = \"path\"\n";
    std::fs::write(&config, text).expect("the folder is writable");
    let database = folder.join("t.sqlite").to_string_lossy().into_owned();
    let config = config.to_string_lossy().into_owned();
    let arguments = ["serve", "--config", &config, "--database", &database];
    let outcome = bare(&arguments, &[]);
    assert_ne!(outcome.code, 0);
    assert!(outcome.stderr.contains("master"), "says what is missing: {outcome:?}");
    let _ = std::fs::remove_dir_all(folder);
}

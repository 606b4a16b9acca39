//! What we are at a provider: checked there without anybody signing in, and dated, so that it is
//! said in time when a secret ends.

use harness::upstream::{CLIENT_SECRET, server_with};
use harness::{Browser, Page, Server, Upstream, on_both};
use serde_json::{Value, json};

use crate::console::{enter, path, send};

fn file(server: &Server, name: &str, content: &str) -> String {
    let path = server.folder().join(name);
    std::fs::write(&path, content).expect("the folder is writable");
    path.to_string_lossy().into_owned()
}

/// The credentials page of a connection.
fn page(server: &Server, admin: &mut Browser, made: &Value) -> Page {
    let id = made["id"].as_str().expect("an id");
    admin.open(&path(server, &format!("/connections/{id}/credentials"))).expect(200)
}

on_both!(credentials_are_checked_without_anybody_signing_in, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let made = upstream.connect(&server, "up", &[]);
    let mut admin = enter(&server);
    let shown = page(&server, &mut admin, &made);
    assert!(shown.text().contains("Not checked"), "{}", shown.text());
    let good = send(&mut admin, &shown, "check-credentials", &[]).expect(200);
    assert!(good.text().contains("Accepted"), "{}", good.text());
    assert!(good.text().contains("refused only the made-up code"), "{}", good.text());

    // Another secret: what was found out before no longer counts, and the provider says no.
    let wrong = [("client_secret", "not the secret"), ("secret_expires", "")];
    let changed = send(&mut admin, &good, "replace", &wrong).expect(200);
    assert!(changed.text().contains("Not checked"), "{}", changed.text());
    let bad = send(&mut admin, &changed, "check-credentials", &[]).expect(200);
    assert!(bad.text().contains("Refused") && bad.text().contains("secret"), "{}", bad.text());
    assert!(!bad.response.text().contains("not the secret"));

    // A provider that is down proves nothing.
    upstream.script(|s| s.answer("/token", 503, "text/plain", "later"));
    let unknown = send(&mut admin, &bad, "check-credentials", &[]).expect(200);
    assert!(unknown.text().contains("could not be found out"), "{}", unknown.text());
    upstream.script(|s| s.answers.clear());

    // One that says it in its own way, with status 200.
    let said = json!({ "error": "incorrect_client_credentials", "error_description": "no such" });
    upstream.script(|s| s.answer("/token", 200, "application/json", &said.to_string()));
    let bad = send(&mut admin, &unknown, "check-credentials", &[]).expect(200);
    assert!(bad.text().contains("Refused") && bad.text().contains("no such"), "{}", bad.text());
});

on_both!(the_command_line_tests_a_connection_step_by_step, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let (cli, slug) = (server.cli(), server.ready().tenant.slug.clone());
    upstream.connect(&server, "up", &["--secret-expires", "2001-02-03"]);
    let test = ["connection", "test", "--connection", "up", "--tenant", slug.as_str()];
    let told = cli.json(&test);
    assert_eq!(told["ok"], true, "{told}");
    let steps = told["steps"].as_array().cloned().unwrap_or_default();
    let names: Vec<&str> = steps.iter().filter_map(|step| step["name"].as_str()).collect();
    assert_eq!(names, ["discovery", "keys", "credentials"]);
    assert!(!told.to_string().contains(CLIENT_SECRET), "{told}");
    let one = cli.json(&["connection", "show", "--tenant", &slug, "up"]);
    assert_eq!(one["check_code"], "ok", "{one}");
    assert_eq!(one["secret_expires"], "2001-02-03");

    let wrong = file(&server, "wrong", "not the secret");
    let set = ["connection", "set", "--tenant", &slug, "up"];
    cli.json(&[&set[..], &["--client-secret-file", &wrong]].concat());
    let one = cli.json(&["connection", "show", "--tenant", &slug, "up"]);
    assert_eq!((&one["check_code"], &one["secret_expires"]), (&json!(""), &Value::Null), "{one}");
    let refused = cli.try_run(&test);
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("upstream_client"), "{}", refused.stderr);
    assert!(refused.stdout.contains("FAILED"), "{}", refused.stdout);

    upstream.script(|s| s.discovery = json!({ "issuer": "https://evil.example" }));
    let lied = cli.try_run(&test);
    assert!(lied.stderr.contains("upstream_discovery"), "{}", lied.stderr);
    let odd = cli.try_run(&[&set[..], &["--secret-expires", "17.5.2031"]].concat());
    assert!(odd.code != 0 && odd.stderr.contains("--secret-expires"), "{}", odd.stderr);
    let dated = cli.json(&[&set[..], &["--secret-expires", "2031-05-17"]].concat());
    assert_eq!(dated["secret_expires"], "2031-05-17");
});

on_both!(a_secret_that_expires_is_said_in_time, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let made = upstream.connect(&server, "up", &[]);
    let mut admin = enter(&server);
    let shown = page(&server, &mut admin, &made);
    let today = harness::clock::wall_seconds().div_euclid(86_400);
    let in_days = |days: i64| date(today + days);
    for (date, badge) in [
        (in_days(0), "Secret expired"),
        (in_days(1), "Secret expires tomorrow"),
        (in_days(12), "Secret expires in 12 days"),
        (in_days(31), ""),
    ] {
        let saved = send(&mut admin, &shown, "replace", &[("secret_expires", &date)]).expect(200);
        assert!(saved.text().contains("The date is saved"), "{}", saved.text());
        let list = admin.open(&path(&server, "/connections")).expect(200).text();
        for text in [saved.text(), list] {
            match badge {
                "" => assert!(!text.contains("Secret expire"), "{date}: {text}"),
                badge => assert!(text.contains(badge), "{date}: {text}"),
            }
        }
    }
    let fields = [("secret_expires", "tomorrow"), ("client_secret", "kept all the same")];
    let wrong = send(&mut admin, &shown, "replace", &fields).expect(422);
    assert_eq!(wrong.form_with_button("replace").value("secret_expires"), Some("tomorrow"));
    assert!(!wrong.response.text().contains("kept all the same"));
    let saved = send(&mut admin, &wrong, "replace", &[("secret_expires", "")]).expect(200);
    assert!(saved.text().contains("The secret is replaced"), "{}", saved.text());
});

/// A day since 1970 as it is written, by the algorithm of the proleptic Gregorian calendar.
fn date(day: i64) -> String {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + i64::from(month <= 2))
}

//! Importing and exporting users at the command line: a dry run that names row and column, the
//! import itself, the same again, and a file that no spreadsheet calculates.

use harness::{RelyingParty, Server, User, on_both};
use serde_json::Value;

fn file(server: &Server, name: &str, bytes: &[u8]) -> String {
    let path = server.folder().join(name);
    std::fs::write(&path, bytes).expect("a file");
    path.to_str().expect("a path").to_owned()
}

fn import(server: &Server, path: &str, more: &[&str]) -> (i32, Value, String) {
    let slug = server.ready().tenant.slug.clone();
    let mut arguments = vec!["user", "import", "--tenant", &slug, "--file", path, "--json"];
    arguments.extend(more);
    let ended = server.cli().try_run(&arguments);
    let value = serde_json::from_str(&ended.stdout).unwrap_or(Value::Null);
    (ended.code, value, ended.stderr)
}

fn count(server: &Server) -> i64 {
    let slug = server.ready().tenant.slug.clone();
    let list = server.cli().json(&["user", "list", "--tenant", &slug]);
    list["count"].as_i64().expect("a count")
}

on_both!(a_dry_run_names_row_and_column_and_writes_nothing, |database| {
    let server = Server::start(database);
    let before = count(&server);
    let ada = server.user(0).email;
    let text = format!(
        "email,external_id,given_name,email_verified,website,password_hash\n\
         good@example.test,e1,Good,true,,\n\
         not an address,e2,Bad,,,\n\
         GOOD@example.test,e3,Twice,,,\n\
         {ada},e4,Taken,,,\n\
         hash@example.test,e5,H,,,$2b$12$abcdefghijklmnopqrstuv\n\
         costly@example.test,e6,H,,,\"$argon2id$v=19$m=4194304,t=999,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA\"\n\
         site@example.test,e7,S,perhaps,javascript:alert(1),\n"
    );
    let path = file(&server, "mixed.csv", text.as_bytes());
    let (code, report, why) = import(&server, &path, &["--dry-run"]);
    assert_eq!(code, 2, "{report} {why}");
    let found: Vec<(i64, &str)> = report["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|p| (p["row"].as_i64().unwrap_or(0), p["column"].as_str().unwrap_or("")))
        .collect();
    let wanted = [
        (3, "email"),
        (4, "email"),
        (6, "password_hash"),
        (7, "password_hash"),
        (8, "email_verified"),
        (8, "website"),
    ];
    assert_eq!(found, wanted, "{report}");
    assert_eq!(report["created"], 1);
    assert_eq!(report["unchanged"], 1, "somebody who exists stays as they are");
    assert_eq!(count(&server), before, "nothing is written");
});

on_both!(what_is_wrong_with_the_file_itself_is_said_at_once, |database| {
    let server = Server::start(database);
    for (name, bytes, wanted) in [
        ("quote.csv", &b"email,name\na@x.test,\"Ann\n"[..], "Row 2, column 2"),
        ("latin.csv", b"email,name\na@x.test,J\xf6rg\n", "Row 2, column 2: the byte 0xf6"),
        ("column.csv", b"email,giv_name\na@x.test,Ann\n", "Did you mean given_name?"),
        ("broken.ndjson", b"{\"email\":\"a@x.test\"}\n{\"email\":\n", "Row 2"),
    ] {
        let path = file(&server, name, bytes);
        let (code, _, why) = import(&server, &path, &["--dry-run"]);
        assert_eq!(code, 2, "{name}");
        assert!(why.contains(wanted), "{name}: {why}");
    }
});

on_both!(an_import_runs_once_however_often_it_is_run, |database| {
    let server = Server::start(database);
    let before = count(&server);
    let mut text = String::from("email,name,external_id\n");
    for n in 0..320 {
        text.push_str(&format!("p{n:03}@import.test,Person {n},x-{n}\n"));
    }
    let path = file(&server, "many.csv", text.as_bytes());
    let (code, report, why) = import(&server, &path, &[]);
    assert_eq!(code, 0, "{why}");
    assert_eq!((&report["state"], &report["created"]), (&"done".into(), &320.into()), "{report}");
    assert_eq!(count(&server), before + 320);
    let (_, again, _) = import(&server, &path, &["--if-exists", "update"]);
    assert_eq!((&again["created"], &again["unchanged"]), (&0.into(), &320.into()), "{again}");
    let moved = "external_id,email,given_name\nx-7,moved@import.test,Seven\n";
    let path = file(&server, "moved.csv", moved.as_bytes());
    let (_, report, _) = import(&server, &path, &["--if-exists", "update"]);
    assert_eq!(report["updated"], 1, "{report}");
    let slug = server.ready().tenant.slug.clone();
    let cli = server.cli();
    let list = cli.json(&["user", "list", "--tenant", &slug, "--query", "x-7"]);
    let ids: Vec<&str> = list["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|u| u["external_id"] == "x-7")
        .filter_map(|u| u["id"].as_str())
        .collect();
    let user = cli.json(&["user", "show", ids[0]]);
    assert_eq!(user["email"], "moved@import.test");
    assert_eq!(user["email_verified"], false, "a new address is not proven");
    assert_eq!(user["sources"]["given_name"], "import");
});

on_both!(a_password_hash_from_elsewhere_signs_in, |database| {
    let server = Server::start(database);
    let hash = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$hmMjEVjuLJQ3WG8m/VsWyYH9ZYCU/hxqZP4UHBYhXXc";
    // What the password of this hash is, nobody knows: it must be refused like any wrong one, and
    // never fail.
    let text = format!("{{\"email\":\"old@import.test\",\"password_hash\":\"{hash}\"}}\n");
    let path = file(&server, "old.ndjson", text.as_bytes());
    let (code, report, why) = import(&server, &path, &[]);
    assert_eq!((code, &report["created"]), (0, &1.into()), "{report} {why}");
    let party = RelyingParty::new(&server, &server.application("web"));
    let mut browser = harness::Browser::new(&server);
    let page = party.start(&mut browser);
    let user = User {
        id: String::new(),
        email: "old@import.test".to_owned(),
        password: "a password that is certainly another one".to_owned(),
    };
    let answer = harness::relying_party::sign_in_on(&mut browser, &page, &user);
    assert_eq!(answer.status(), 422, "{}", answer.response.summary());
});

on_both!(no_cell_of_an_export_is_a_formula_and_it_can_be_imported_again, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    let line = r#"{"email":"evil@import.test","name":"=HYPERLINK(\"http://x.test\",\"y\")","nickname":"@SUM(A1)","given_name":"+1","family_name":"-2","phone_number":"+4312345678"}"#;
    let path = file(&server, "evil.json", format!("[{line}]").as_bytes());
    let (code, _, why) = import(&server, &path, &[]);
    assert_eq!(code, 0, "{why}");
    let export = |format: &str| {
        let ended =
            server.cli().try_run(&["user", "export", "--tenant", &slug, "--format", format]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        ended.stdout
    };
    let csv = export("csv");
    for cell in csv.replace("\r\n", ",").split(',').map(|cell| cell.trim_matches('"')) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert!(csv.contains("'=HYPERLINK"), "{csv}");
    assert!(!csv.contains("$argon2"), "no hash leaves");
    let path = file(&server, "back.csv", csv.as_bytes());
    let (code, report, why) = import(&server, &path, &["--if-exists", "update"]);
    assert_eq!((code, &report["updated"]), (0, &0.into()), "{report} {why}");
    let lines = export("ndjson");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
});

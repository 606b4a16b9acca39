//! B26: input becomes SQL, a path or a forged cursor.

use harness::{Request, Server, on_both};

on_both!(
    /// Quotes, wildcards and statements in every place a name may stand.
    b26_1_text_stays_text,
    |database| {
        let server = Server::start(database);
        let cli = server.cli();
        let tenant = server.ready().tenant.slug.clone();
        for text in ["' OR '1'='1", "x'; DROP TABLE users; --", "%", "_", "$1", "\\", "{{7*7}}"] {
            for arguments in [
                vec!["app", "show", text],
                vec!["user", "show", text],
                vec!["tenant", "show", text],
                vec!["session", "revoke", text, "--yes"],
                vec!["app", "list", "--tenant", text],
            ] {
                let outcome = cli.try_run(&arguments);
                assert!([2, 3].contains(&outcome.code), "{arguments:?}: {outcome:?}");
            }
        }
        let users = cli.json(&["user", "list", "--tenant", &tenant]);
        assert!(users.to_string().contains(&server.user(0).id), "{users}");
    }
);

on_both!(
    /// Static files come from the binary: no path leads out.
    b26_2_paths_lead_nowhere,
    |database| {
        let server = Server::start(database);
        for path in [
            "/s/../Cargo.toml",
            "/s/..%2f..%2fetc%2fpasswd",
            "/s/%2e%2e/%2e%2e/etc/passwd",
            "/s//etc/passwd",
            "/s/hosted.css%00",
            "/s/.",
        ] {
            let answer = server.send(&Request::get(path));
            assert!([400, 404].contains(&answer.status), "{path}: {}", answer.summary());
        }
    }
);

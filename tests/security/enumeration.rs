//! B11: answers tell which accounts exist.

use harness::{Browser, RelyingParty, Server, on_both};

/// The answer to one attempt, without what is random in every page.
fn answer(server: &Server, party: &RelyingParty, email: &str, password: &str) -> (u16, String) {
    let mut browser = Browser::new(server);
    let page = party.start(&mut browser);
    let form = page.form_with_button("login-submit");
    let form = form.set("username", email).set("password", password).press("login-submit");
    let page = browser.submit_once(&page, &form);
    let cookies: Vec<_> = page.response.header_all("set-cookie");
    let mut names: Vec<_> = page.response.headers.iter().map(|(n, _)| n.to_lowercase()).collect();
    names.sort();
    let text = page.text_of_any_flow().replace(email, "EMAIL");
    let words: Vec<_> = text.split(' ').filter(|word| !word.contains("req_")).collect();
    (page.status(), format!("{names:?} {} {}", cookies.len(), words.join(" ")))
}

on_both!(
    /// CVE-2026-23511 and others: known, unknown, blocked and password-less look the same.
    b11_1_the_same_answer_for_everybody,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let slug = server.ready().tenant.slug.clone();
        let cli = server.cli();
        cli.json(&["user", "create", "--tenant", &slug, "--email", "unset@example.test"]);
        cli.json(&["user", "block", &server.user(1).id, "--yes"]);
        for password in ["wrong", "", &"w".repeat(73), &"w".repeat(1024)] {
            let known = answer(&server, &party, &server.user(0).email, password);
            for email in ["nobody@example.test", "unset@example.test", &server.user(1).email] {
                let other = answer(&server, &party, email, password);
                assert_eq!(known, other, "{email} with {} bytes", password.len());
            }
        }
    }
);

//! Mail: the inbox of development, texts of a tenant's own, the log, and what hostile values and
//! hosts cannot do to a mail.

use harness::cli::Cli;
use harness::{Browser, Page, Request, Server, on_both};
use serde_json::Value;

/// Sends an example and answers its id.
fn send(cli: &Cli, tenant: &str, template: &str, language: &str, to: &str) -> String {
    let words = ["mail", "template", "send", "--tenant", tenant, "--template", template];
    let sent = cli.json(&[&words[..], &["--language", language, "--to", to]].concat());
    sent["id"].as_str().expect("an id").to_owned()
}

fn operator(server: &Server) -> Browser {
    let mut browser = Browser::new(server);
    let login = browser.open(&server.ready().console_url);
    let operator = &server.ready().operator;
    let form = login.form_with_button("login-submit");
    let form = form.set("username", &operator.email).set("password", &operator.password);
    browser.submit(&login, &form.press("login-submit")).expect(200);
    browser
}

fn console(server: &Server, rest: &str) -> String {
    format!("{}/t/{}{rest}", server.ready().console_url, server.ready().tenant.slug)
}

fn save(browser: &mut Browser, page: &Page, subject: &str, body: &str) -> Page {
    let form = page.form_with_button("save").set("subject", subject).set("body", body);
    browser.submit(page, &form.press("save"))
}

on_both!(a_mail_is_in_the_inbox_at_once_and_in_the_log, |database| {
    let server = Server::start(database);
    let (cli, tenant) = (server.cli(), server.ready().tenant.slug.clone());
    let id = send(&cli, &tenant, "confirm_link", "de", "ada@demo.test");
    let mail = server.mail_to("ada@demo.test");
    assert_eq!(mail["id"], id.as_str());
    for member in ["at", "subject", "text", "html"] {
        assert!(!mail[member].as_str().unwrap_or_default().is_empty(), "{member}: {mail}");
    }
    let link = format!("{}/example/only", server.ready().tenant.issuer);
    assert_eq!(mail["links"], serde_json::json!([link]));
    assert!(mail["text"].as_str().expect("text").contains(&link));
    let page = server.send(&Request::get("/dev/inbox")).expect(200).text();
    assert!(page.contains("ada@demo.test") && page.contains(&id));
    let html = server.send(&Request::get(&format!("/dev/inbox/{id}/html"))).expect(200);
    let policy = html.header("content-security-policy").unwrap_or_default().to_owned();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    let log = cli.json(&["mail", "log", "--tenant", &tenant, "--to", "ada@demo.test"]);
    assert_eq!(log["items"][0]["state"], "sent");
    assert!(log["items"][0].get("text").is_none(), "texts are not kept");
    let origin = server.base().origin().ascii_serialization();
    let clear = Request::post("/dev/inbox/clear").form(&[]).header("Origin", &origin);
    assert_eq!(server.send(&clear).status, 303);
    assert!(server.inbox().is_empty());
});

on_both!(a_text_is_edited_previewed_saved_and_given_up_again, |database| {
    let server = Server::start(database);
    let (cli, tenant) = (server.cli(), server.ready().tenant.slug.clone());
    let mut admin = operator(&server);
    let path = console(&server, "/mails/texts/reset_password/en");
    let page = admin.open(&path).expect(200);
    let wrong = save(&mut admin, &page, "Hi {tennant}", "No link {lnik}").expect(422);
    let text = wrong.response.text();
    for said in ["Did you mean {tenant}?", "Did you mean {link}?", "nothing without its link"] {
        let escaped = said.replace('{', "&#123;").replace('}', "&#125;");
        assert!(text.contains(said) || text.contains(&escaped), "{said}: {text}");
    }
    assert!(text.contains("No link {lnik}"), "what was typed stays");
    let body = "<b>{name}</b> <script>alert(1)</script>\n\n[Go & see]({link})\n\n> {email}";
    save(&mut admin, &page, "Anew for {tenant}", body).expect(200);
    send(&cli, &tenant, "reset_password", "en", "ada@demo.test");
    let mail = server.mail_to("ada@demo.test");
    assert_eq!(mail["subject"], "Anew for Demo");
    let html = mail["html"].as_str().expect("html");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script"));
    assert!(html.contains("Go &amp; see"));
    let theirs = save(&mut admin, &page, "From an old page", body).expect(409);
    assert!(theirs.response.text().contains("From an old page"), "both versions are kept");
    assert!(theirs.response.text().contains("Anew for"));
    let words = ["--tenant", &tenant, "--template", "reset_password"];
    cli.json(&[&["mail", "template", "reset"][..], &words].concat());
    let shown = cli.json(&[&["mail", "template", "show"][..], &words].concat());
    assert_eq!((shown["own"].clone(), shown["version"].clone()), (false.into(), 0.into()));
});

on_both!(a_preview_saves_nothing_and_runs_nothing, |database| {
    let server = Server::start(database);
    let mut admin = operator(&server);
    let path = console(&server, "/mails/texts/reset_password/en");
    let page = admin.open(&path).expect(200);
    let form = page.form_with_button("save");
    let csrf = form.value("csrf").expect("a token").to_owned();
    let body = "Typed <img src=x onerror=alert(1)>\n\n[Go]({link})";
    let fields = [("csrf", csrf.as_str()), ("version", "0"), ("subject", "Tried"), ("body", body)];
    let origin = server.base().origin().ascii_serialization();
    let post = Request::post(&format!("{path}/preview")).form(&fields).header("Origin", &origin);
    let url = server.base().join(&format!("{path}/preview")).expect("an address");
    let shown = admin.send(&url, post.header("Sec-Fetch-Site", "same-origin")).expect(200);
    let policy = shown.header("content-security-policy").unwrap_or_default().to_owned();
    assert!(policy.contains("sandbox allow-popups") && policy.contains("frame-ancestors 'self'"));
    assert!(shown.text().contains("Tried") && shown.text().contains("&lt;img src=x"));
    assert!(!admin.open(&path).expect(200).response.text().contains("Typed"));
});

on_both!(b10_4_hostile_names_stay_text, |database| {
    let server = Server::start(database);
    let cli = server.cli();
    let name = "<a href=\"https://evil.test\">{{7*7}} {link}</a>";
    let words = ["tenant", "create", "--slug", "hostile", "--name", name];
    cli.json(&[&words[..], &["--environment", "development"]].concat());
    send(&cli, "hostile", "organization_invitation", "en", "eve@demo.test");
    let mail = server.mail_to("eve@demo.test");
    let text = |member: &str| mail[member].as_str().expect("text").to_owned();
    assert!(text("subject").contains("invites you"), "{}", text("subject"));
    assert!(!text("html").contains("<a href=\"https://evil.test"), "{}", text("html"));
    assert!(text("html").contains("{{7*7}} {link}"), "values are put in once");
    assert!(!text("text").contains("https://evil.test"), "nothing to be made a link of");
    for link in mail["links"].as_array().expect("links") {
        assert!(link.as_str().expect("a link").starts_with(&server.ready().base_url));
    }
});

on_both!(b10_1_no_header_of_a_request_reaches_a_mail, |database| {
    let server = Server::start(database);
    let mut admin = operator(&server);
    let path = console(&server, "/mails/texts/reset_password/en");
    let page = admin.open(&path).expect(200);
    let csrf = page.form_with_button("send-to-me").value("csrf").expect("a token").to_owned();
    let origin = server.base().origin().ascii_serialization();
    let url = server.base().join(&format!("{path}/send")).expect("an address");
    let mut post = Request::post(&format!("{path}/send")).form(&[("csrf", &csrf)]);
    for (name, value) in [
        ("Origin", origin.as_str()),
        ("Sec-Fetch-Site", "same-origin"),
        ("X-Forwarded-Host", "evil.test"),
        ("X-Forwarded-Proto", "gopher"),
        ("X-Forwarded-Prefix", "/evil"),
        ("Forwarded", "host=evil.test;proto=https"),
        ("X-Original-Host", "evil.test"),
        ("X-Host", "evil.test"),
    ] {
        post = post.header(name, value);
    }
    let answer = admin.send(&url, post);
    assert!([303, 421].contains(&answer.status), "{}", answer.summary());
    if answer.status == 303 {
        let mail = server.mail_to(&server.ready().operator.email);
        let whole = mail.to_string();
        assert!(!whole.contains("evil.test") && !whole.contains("gopher"), "{whole}");
        assert!(mail["links"][0].as_str().expect("a link").starts_with(&server.ready().base_url));
    }
});

on_both!(the_sender_and_the_server_are_checked, |database| {
    let server = Server::start(database);
    let (cli, tenant) = (server.cli(), server.ready().tenant.slug.clone());
    let refused = |words: &[&str]| {
        let outcome = cli.try_run(words);
        assert_eq!(outcome.code, 2, "{words:?}: {outcome:?}");
        outcome.stderr
    };
    let sender = ["mail", "sender", "set", "--tenant", tenant.as_str()];
    let with = |more: &[&'static str]| -> Vec<String> {
        sender.iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    for more in [["--address", "a@b@c"], ["--reply-to", "x y@z.test"], ["--language", "tlh"]] {
        let words = with(&more);
        refused(&words.iter().map(String::as_str).collect::<Vec<_>>());
    }
    refused(&[&sender[..], &["--name", "Ann\r\nBcc: all@x.test"]].concat());
    let shown = cli.json(&[&sender[..], &["--name", "Ann", "--language", "de"]].concat());
    assert_eq!((shown["name"].clone(), shown["version"].clone()), ("Ann".into(), 1.into()));
    refused(&["mail", "server", "set", "--host", "a b", "--from", "x@y.test"]);
    refused(&["mail", "server", "set", "--host", "smtp.example.org", "--from", ""]);
    let outcome = cli.try_run(&["mail", "server", "test", "--to", "x@y.test"]);
    assert!(outcome.stderr.contains("no mail server is set up"), "{outcome:?}");
    send(&cli, &tenant, "test", "en", "ben@demo.test");
    let of_tenant = |rows: Value| rows["items"][0]["language"].clone();
    server.mail_to("ben@demo.test");
    assert_eq!(of_tenant(cli.json(&["mail", "log", "--tenant", &tenant])), "en");
});

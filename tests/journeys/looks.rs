//! What people see when they sign in: an admin uploads a logo and chooses colours, ways in and
//! links; sign-in pages show it, and two admins who save at once meet a page with both versions.

use harness::{Browser, Form, Page, RelyingParty, Request, Server, on_both, picture};

/// An operator's browser, signed in.
fn enter(server: &Server) -> Browser {
    let mut browser = Browser::new(server);
    let operator = &server.ready().operator;
    let page = browser.open(&server.ready().console_url);
    let form = page.form_with_button("login-submit");
    let form = form.set("username", &operator.email).set("password", &operator.password);
    browser.submit(&page, &form.press("login-submit")).expect(200);
    browser
}

fn console(server: &Server, rest: &str) -> String {
    format!("{}/t/{}{rest}", server.ready().console_url, server.ready().tenant.slug)
}

/// Sends a form with files, as a browser does.
fn upload(browser: &mut Browser, page: &Page, form: &Form, files: &[(&str, &[u8])]) -> Page {
    let mut body = Vec::new();
    for (name, value) in &form.fields {
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend(head.as_bytes());
        body.extend(value.as_bytes());
        body.extend(b"\r\n");
    }
    for (name, bytes) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"logo.png\"\r\n\
             Content-Type: image/png\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    let url = page.url.join(&form.action).expect("an action");
    let request = Request::post(url.path())
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .header("Origin", &url.origin().ascii_serialization())
        .header("Sec-Fetch-Site", "same-origin")
        .body(&body);
    let response = browser.send(&url, request);
    browser.follow(Page { url, response, left: false })
}

/// The sign-in page of the demo application, as a stranger meets it.
fn sign_in_page(server: &Server) -> Page {
    let party = RelyingParty::new(server, &server.application("web"));
    party.start(&mut Browser::new(server)).expect(200)
}

on_both!(a_logo_and_colours_are_on_the_sign_in_page, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&console(&server, "/branding")).expect(200);
    let form = page.form_with_button("save").set("brand", "#7A1F5C").set("brand_dark", "#f2b8dc");
    let form = form.set("radius", "12").press("save");
    let logo = picture::png(480, 160, [122, 31, 92]);
    let saved = upload(&mut admin, &page, &form, &[("logo", &logo)]).expect(200);
    assert!(saved.text().contains("The branding is saved"), "{}", saved.text());

    let shown = sign_in_page(&server);
    let html = shown.response.text();
    let image =
        harness::html::tags(&html).into_iter().find(|tag| tag.attribute("class") == Some("logo"));
    let image = image.expect("a logo");
    assert_eq!(image.attribute("alt"), Some("Demo"));
    assert_eq!((image.attribute("width"), image.attribute("height")), (Some("480"), Some("160")));
    let source = image.attribute("src").expect("an address").to_owned();
    let mut browser = Browser::new(&server);
    let file = browser.open(&source).expect(200);
    let header = |name: &str| file.response.header(name).unwrap_or_default().to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert!(header("cache-control").contains("immutable"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert!(file.response.body.len() <= 10 * 1024, "{}", file.response.body.len());
    assert_ne!(file.response.body, logo, "drawn anew");

    let sheet = html.split('"').find(|part| part.contains("/theme.")).expect("a style sheet");
    assert!(sheet.ends_with("theme.7a1f5c-f2b8dc-r12.css"), "{sheet}");
    let css = browser.open(sheet).expect(200).response.text();
    assert!(css.contains("--brand:#7a1f5c") && css.contains("#f2b8dc") && css.contains("12px"));

    let audit = admin.open(&console(&server, "/audit")).expect(200).text();
    assert!(audit.contains("Changed the branding") && audit.contains("#7a1f5c"), "{audit}");

    let page = admin.open(&console(&server, "/branding")).expect(200);
    let form = page.form_with_button("save").set("remove", "logo");
    let draft = admin.submit(&page, &form).expect(200);
    let form = draft.form_with_button("save").press("save");
    admin.submit(&draft, &form).expect(200);
    assert!(!sign_in_page(&server).response.text().contains("class=\"logo\""));
});

on_both!(a_colour_that_does_not_read_is_told_and_cured, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&console(&server, "/branding")).expect(200);
    let form = page.form_with_button("save").set("brand", "#ffdd00").press("preview-now");
    let told = admin.submit(&page, &form).expect(200);
    assert!(told.text().contains("Light pages: fails AA"), "{}", told.text());
    assert!(told.text().contains("Dark pages: passes AA"), "{}", told.text());
    let form = told.form_with_button("save").set("fix", "brand");
    let cured = admin.submit(&told, &form).expect(200);
    assert!(cured.text().contains("Light pages: passes AA"), "{}", cured.text());
    let brand = cured.form_with_button("save").value("brand").expect("a colour").to_owned();
    assert_ne!(brand, "#ffdd00");
    let form = cured.form_with_button("save").set("remove", "brand");
    let reset = admin.submit(&cured, &form).expect(200);
    assert_eq!(reset.form_with_button("save").value("brand"), Some("#2f47b0"));
});

on_both!(two_admins_who_brand_at_once_keep_both_versions, |database| {
    let server = Server::start(database);
    let mut admin = enter(&server);
    let page = admin.open(&console(&server, "/branding")).expect(200);
    let slug = server.ready().tenant.slug.clone();
    server.cli().json(&["branding", "set", "--tenant", &slug, "--brand", "#123456"]);
    let form = page.form_with_button("save").set("brand", "#654321").press("save");
    let conflict = admin.submit(&page, &form).expect(409);
    let text = conflict.text();
    assert!(text.contains("#123456") && text.contains("#654321"), "{text}");
    let form = conflict.form_with_button("save-mine").press("save-mine");
    admin.submit(&conflict, &form).expect(200);
    let look = server.cli().json(&["branding", "show", "--tenant", &slug]);
    assert_eq!(look["brand"], "#654321");
});

on_both!(ways_in_are_chosen_and_a_password_is_not_taken_away_unsaid, |database| {
    let server = Server::start(database);
    let slug = server.ready().tenant.slug.clone();
    for code in ["one", "two"] {
        server.cli().json(&[
            "connection",
            "create",
            "--tenant",
            &slug,
            "--code",
            code,
            "--authorization-endpoint",
            "https://up.example.test/authorize",
            "--token-endpoint",
            "https://up.example.test/token",
            "--userinfo-endpoint",
            "https://up.example.test/userinfo",
            "--client-id",
            "x",
            "--client-secret-file",
            &secret_file(),
        ]);
    }
    nothing_is_half_written(&server, &slug);
    let mut admin = enter(&server);
    let page = admin.open(&console(&server, "/sign-in")).expect(200);
    let form = page.form_with_button("save").set("down", "one");
    let moved = admin.submit(&page, &form).expect(200);
    assert!(moved.text().contains("Order of connections"), "{}", moved.text());
    let form = moved.form_with_button("save").set("sign_up", "closed");
    let form = form.set("help_url", "https://help.example.test/").set("need.name", "1");
    let saved = admin.submit(&moved, &form.press("save")).expect(200);
    assert!(saved.text().contains("The settings are saved"), "{}", saved.text());
    let shown = server.cli().json(&["sign-in", "show", "--tenant", &slug]);
    assert_eq!(shown["order"], serde_json::json!(["two", "one"]));
    assert_eq!(shown["sign_up"], false);
    assert_eq!(shown["required_fields"], serde_json::json!(["name"]));
    let sign_in = sign_in_page(&server).response.text();
    let place = |code: &str| sign_in.find(&format!("data-connection=\"{code}\"")).expect(code);
    assert!(place("two") < place("one"));
    assert!(
        sign_in.contains("https://help.example.test/") && !sign_in.contains("Create an account")
    );

    let page = admin.open(&console(&server, "/sign-in")).expect(200);
    let form = page.form_with_button("save").without("password").press("save");
    let asked = admin.submit(&page, &form).expect(422);
    assert!(asked.text().contains("could not sign in any more"), "{}", asked.text());
    assert!(sign_in_page(&server).has_button("login-submit"), "nothing is saved yet");
    let form = asked.form_with_button("save").set("understood", "1").press("save");
    admin.submit(&asked, &form).expect(200);
    assert!(!sign_in_page(&server).has_button("login-submit"));
});

/// Settings and the order of connections are one write: a connection that is none undoes both.
fn nothing_is_half_written(server: &Server, slug: &str) {
    let show = || server.cli().json(&["sign-in", "show", "--tenant", slug]);
    let before = show();
    let set = ["sign-in", "set", "--tenant", slug, "--sign-up", "closed", "--order", "two,nobody"];
    assert_ne!(server.cli().try_run(&set).code, 0);
    assert_eq!(show(), before);
}

fn secret_file() -> String {
    let file = std::env::temp_dir().join(format!("secret-{}", std::process::id()));
    std::fs::write(&file, "a secret of the provider").expect("a file");
    file.to_string_lossy().into_owned()
}

on_both!(an_application_shows_what_it_chose, |database| {
    let server = Server::start(database);
    let application = server.application("web");
    let mut admin = enter(&server);
    let at = console(&server, &format!("/applications/{}/sign-in", application.id));
    let page = admin.open(&at).expect(200);
    let form = page.form_with_button("save").set("ways", "own").set("sign_up", "closed");
    let form = form.set("brand", "#0a5c8a").set("terms_url", "https://app.example.test/terms");
    let logo = picture::png(90, 30, [10, 92, 138]);
    let saved = upload(&mut admin, &page, &form.press("save"), &[("logo", &logo)]).expect(200);
    assert!(saved.text().contains("The sign-in page is saved"), "{}", saved.text());
    let shown = server.cli().json(&["app", "sign-in", "show", &application.id]);
    assert_eq!(shown["connections"], serde_json::json!(["password"]));
    assert_eq!(shown["sign_up"], false);
    let sign_in = sign_in_page(&server).response.text();
    assert!(sign_in.contains("theme.0a5c8a.css") && sign_in.contains("class=\"logo\""));
    assert!(sign_in.contains("https://app.example.test/terms"));
    assert!(!sign_in.contains("Create an account"));

    server.cli().json(&[
        "app",
        "sign-in",
        "set",
        &application.id,
        "--ways",
        "tenant",
        "--sign-up",
        "tenant",
        "--brand",
        "tenant",
        "--no-logo",
        "--terms-url",
        "none",
    ]);
    // Another process changed it: this node follows within a second.
    harness::until("the tenant's look again", std::time::Duration::from_secs(5), || {
        let sign_in = sign_in_page(&server).response.text();
        let own = sign_in.contains("theme.0a5c8a.css") || sign_in.contains("class=\"logo\"");
        (!own).then_some(())
    });
});

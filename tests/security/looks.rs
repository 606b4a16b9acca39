//! B2.2, B15: what admins may put on pages that strangers see: images, colours, links; and the
//! preview, which may stand in a frame.

use harness::{Browser, Page, Request, Server, on_both, picture};

fn enter(server: &Server) -> Browser {
    let mut browser = Browser::new(server);
    let operator = &server.ready().operator;
    let page = browser.open(&server.ready().console_url);
    let form = page.form_with_button("login-submit");
    let form = form.set("username", &operator.email).set("password", &operator.password);
    browser.submit(&page, &form.press("login-submit")).expect(200);
    browser
}

fn branding(server: &Server) -> String {
    format!("{}/t/{}/branding", server.ready().console_url, server.ready().tenant.slug)
}

/// Sends one file to the branding form; `csrf` is its token.
fn send(browser: &mut Browser, page: &Page, csrf: &str, origin: &str, file: &[u8]) -> Page {
    let form = page.form_with_button("save");
    let version = form.value("version").expect("a version");
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf), ("version", version), ("brand", "#2f47b0")] {
        let part =
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.as_bytes());
    }
    body.extend(
        b"--edge\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"x.png\"\r\n\r\n",
    );
    body.extend(file);
    body.extend(b"\r\n--edge--\r\n");
    let url = page.url.clone();
    let request = Request::post(url.path())
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .header("Origin", origin)
        .body(&body);
    let response = browser.send(&url, request);
    Page { url, response, left: false }
}

on_both!(
    /// Stored XSS through a logo: what is no image is refused with reason and cure, and nothing is
    /// kept of it.
    b15_uploads_are_images_and_nothing_else,
    |database| {
        let server = Server::start(database);
        let mut admin = enter(&server);
        let page = admin.open(&branding(&server)).expect(200);
        let csrf = page.form_with_button("save").value("csrf").expect("a token").to_owned();
        let origin = page.url.origin().ascii_serialization();
        let mut bomb = picture::png(8, 8, [1, 2, 3]);
        bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        let mut both = picture::png(8, 8, [1, 2, 3]);
        both.extend(b"<html><script>alert(1)</script>");
        let cut = picture::png(64, 64, [1, 2, 3])[..200].to_vec();
        let files: [(&[u8], &str); 6] = [
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "SVG"),
            (b"<!doctype html><script>alert(1)</script>", "web page"),
            (b"GIF89a\x01\x00\x01\x00", "a GIF"),
            (&both, "after the end of the image"),
            (&cut, "end is missing"),
            (&bomb, "image"),
        ];
        for (file, reason) in files {
            let answer = send(&mut admin, &page, &csrf, &origin, file).expect(422);
            let text = answer.text();
            assert!(text.contains(reason), "{reason}: {text}");
            assert!(!answer.response.text().contains("<script>alert"), "{reason}");
            let form = answer.form_with_button("save");
            assert_eq!(form.value("logo_id"), Some(""), "{reason}: nothing is kept");
        }
        let huge = vec![0x89; 700 * 1024];
        let answer = send(&mut admin, &page, &csrf, &origin, &huge);
        assert_eq!(answer.status(), 413, "{}", answer.response.summary());
    }
);

on_both!(
    /// A form with files is a form: it needs its token and has to come from our own page.
    b15_uploads_need_a_token_and_our_own_page,
    |database| {
        let server = Server::start(database);
        let mut admin = enter(&server);
        let page = admin.open(&branding(&server)).expect(200);
        let csrf = page.form_with_button("save").value("csrf").expect("a token").to_owned();
        let origin = page.url.origin().ascii_serialization();
        let logo = picture::png(8, 8, [1, 2, 3]);
        let other = send(&mut admin, &page, &csrf, "https://evil.test", &logo);
        assert_eq!(other.status(), 403);
        let without = send(&mut admin, &page, "forged", &origin, &logo);
        assert_eq!(without.status(), 403);
        let mut nobody = Browser::new(&server);
        let stranger = send(&mut nobody, &page, &csrf, &origin, &logo);
        assert_eq!(stranger.status(), 403);
        let slug = &server.ready().tenant.slug;
        let look = server.cli().json(&["branding", "show", "--tenant", slug]);
        assert!(look["logo"].is_null(), "{look}");
    }
);

on_both!(
    /// CVE-2026-5468: colours that carry style sheets.
    b15_3_colours_are_colours,
    |database| {
        let server = Server::start(database);
        let mut admin = enter(&server);
        let slug = server.ready().tenant.slug.clone();
        for colour in [
            "#fff}</style><script>alert(1)</script>",
            "red;background:url(//evil.test)",
            "@import url(//evil.test)",
            "#12345",
            "#1234567",
            "expression(alert(1))",
        ] {
            for field in ["brand", "brand_dark"] {
                let page = admin.open(&branding(&server)).expect(200);
                let form = page.form_with_button("save").set(field, colour).press("save");
                let answer = admin.submit(&page, &form).expect(422);
                assert!(answer.text().contains("six hexadecimal digits"), "{}", answer.text());
                assert!(!answer.response.text().contains("<script>alert"));
                assert!(!answer.response.text().contains("fill=\"red;"));
            }
            let outcome = server.cli().try_run(&["branding", "set", "--tenant", &slug, "--brand", colour]);
            assert_eq!(outcome.code, 2, "{outcome:?}");
            let id = server.application("web").id;
            let outcome = server.cli().try_run(&["app", "sign-in", "set", &id, "--brand", colour]);
            assert_eq!(outcome.code, 2, "{outcome:?}");
        }
        let mut browser = Browser::new(&server);
        for name in ["0d7a5f%7D%3C/style%3E", "0d7a5f-r99", "url(evil)", "0d7a5f-0d7a5f-0d7a5f"] {
            let path = format!("/t/{slug}/theme.{name}.css");
            assert_eq!(browser.open(&path).status(), 404, "{path}");
        }
    }
);

on_both!(
    /// CVE-2026-29192: links that run code.
    b2_2_links_lead_to_https_alone,
    |database| {
        let server = Server::start(database);
        let slug = server.ready().tenant.slug.clone();
        for link in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "//evil.test",
            "http://terms.example.test/",
            "https://a.test\\@evil.test",
            "vbscript:x",
        ] {
            for flag in ["--terms-url", "--privacy-url", "--help-url"] {
                let outcome = server.cli().try_run(&["sign-in", "set", "--tenant", &slug, flag, link]);
                assert_eq!(outcome.code, 2, "{flag} {link}: {outcome:?}");
            }
        }
        let id = server.application("web").id;
        for flag in ["--terms-url", "--privacy-url"] {
            let outcome = server.cli().try_run(&["app", "sign-in", "set", &id, flag, "javascript:alert(1)"]);
            assert_eq!(outcome.code, 2, "{flag}: {outcome:?}");
        }
    }
);

on_both!(
    /// Only the console makes previews; they may stand in a frame of ours and do nothing there.
    b15_4_a_preview_is_sealed_and_dead,
    |database| {
        let server = Server::start(database);
        let mut admin = enter(&server);
        let page = admin.open(&branding(&server)).expect(200);
        let policy = page.response.header("content-security-policy").expect("a policy");
        assert!(policy.contains("frame-src 'self'") && policy.contains("frame-ancestors 'none'"));
        let tags = harness::html::tags(&page.response.text());
        let frames: Vec<_> = tags.iter().filter(|tag| tag.name == "iframe").collect();
        assert_eq!(frames.len(), 4);
        for frame in &frames {
            assert_eq!(frame.attribute("sandbox"), Some("allow-same-origin"));
        }
        let source = frames[0].attribute("src").expect("an address").to_owned();
        let shown = Browser::new(&server).open(&source).expect(200);
        let policy = shown.response.header("content-security-policy").expect("a policy");
        for part in ["frame-ancestors 'self'", "form-action 'none'", "default-src 'none'", "sandbox"] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("script-src"), "{policy}");
        assert!(!shown.response.text().contains("<script"));
        let mut forged = source.clone();
        forged.truncate(source.len() - 2);
        forged.push_str("AA");
        for path in [forged.as_str(), "/console/preview/page/x", "/console/preview/picture/x"] {
            assert_eq!(Browser::new(&server).open(path).status(), 404, "{path}");
        }
    }
);

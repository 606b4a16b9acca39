//! An issuer is looked at before it is saved: what its discovery document says is shown, what is
//! wrong with it is named with its cure, and nothing that was typed is lost or shown again.

use harness::upstream::{CLIENT_ID, CLIENT_SECRET, server_with};
use harness::{Browser, Page, Server, Upstream, on_both};
use serde_json::{Value, json};

use crate::console::{enter, path, send};

fn blank(admin: &mut Browser, server: &Server) -> Page {
    admin.open(&path(server, "/connections/new?preset=oidc")).expect(200)
}

fn look(admin: &mut Browser, page: &Page, issuer: &str) -> Page {
    send(admin, page, "look-up", &[("issuer", issuer)])
}

on_both!(an_issuer_is_shown_before_it_is_saved, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let mut admin = enter(&server);
    upstream.script(|s| {
        s.discovery = json!({
            "scopes_supported": ["openid", "email", "groups"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        });
    });
    let page = blank(&mut admin, &server);
    assert!(!page.has_button("add"), "the issuer comes first");
    let shown = look(&mut admin, &page, &upstream.issuer()).expect(200);
    let text = shown.text();
    for said in ["/authorize", "/token", "/userinfo", "/keys", "groups", "S256", "key-1 (ES256)"] {
        assert!(text.contains(&upstream.url(said)) || text.contains(said), "{said}: {text}");
    }
    let form = shown.form_with_button("add");
    assert_eq!(form.value("scopes"), Some("openid email"), "what is offered there");
    assert_eq!(form.value("token_auth"), Some("client_secret_post"), "what is accepted there");
    assert_eq!(count(&server), 0, "looking saves nothing");

    // A mistake keeps the secret, sealed; saving looks again.
    let fields = [("name", "Acme"), ("code", "Not A Code"), ("client_id", CLIENT_ID)];
    let fields = [&fields[..], &[("client_secret", CLIENT_SECRET)]].concat();
    let wrong = send(&mut admin, &shown, "add", &fields).expect(422);
    assert!(!wrong.response.text().contains("s3cret"), "{}", wrong.response.text());
    let before = upstream.count("/.well-known/openid-configuration");
    let made = send(&mut admin, &wrong, "add", &[("code", "acme")]).expect(200);
    assert!(made.url.path().contains("/connections/con_"), "{}", made.text());
    assert!(upstream.count("/.well-known/openid-configuration") > before, "saving looks again");
    let slug = &server.ready().tenant.slug;
    let one = server.cli().json(&["connection", "show", "--tenant", slug, "acme"]);
    assert_eq!(one["settings"]["token_auth"], "client_secret_post");
    assert_eq!(one["has_secret"], true);
});

on_both!(a_document_that_lies_is_named_and_nothing_typed_is_lost, |database| {
    let upstream = Upstream::start();
    let server = server_with(database, &[&upstream]);
    let mut admin = enter(&server);
    let page = blank(&mut admin, &server);
    let lies: [(&str, Value); 7] = [
        ("issuer", json!({ "issuer": "https://evil.example" })),
        ("token_endpoint", json!({ "token_endpoint": "https://169.254.169.254/token" })),
        ("authorization_endpoint", json!({ "authorization_endpoint": "http://provider.test/" })),
        ("response_types_supported", json!({ "response_types_supported": ["id_token"] })),
        (
            "id_token_signing_alg_values_supported",
            json!({ "id_token_signing_alg_values_supported": ["HS256"] }),
        ),
        (
            "code_challenge_methods_supported",
            json!({ "code_challenge_methods_supported": ["plain"] }),
        ),
        ("jwks_uri", json!({ "jwks_uri": upstream.url("/nothing") })),
    ];
    for (member, lie) in lies {
        upstream.script(|s| s.discovery = lie.clone());
        let answer = look(&mut admin, &page, &upstream.issuer()).expect(422);
        let text = answer.text();
        assert!(text.contains("Nobody could sign in") && text.contains(member), "{member}: {text}");
        assert!(!answer.has_button("add"), "{member}");
        let typed = answer.form_with_button("look-up");
        assert_eq!(typed.value("issuer"), Some(upstream.issuer().as_str()));
    }
    upstream.script(|s| {
        s.discovery = json!({});
        s.answer("/.well-known/openid-configuration", 200, "text/html", "<html>hello</html>");
    });
    let answer = look(&mut admin, &page, &upstream.issuer()).expect(422);
    assert!(answer.text().contains("not JSON"), "{}", answer.text());
    upstream.script(|s| _ = s.floods.insert("/.well-known/openid-configuration".into(), 4 << 20));
    let answer = look(&mut admin, &page, &upstream.issuer()).expect(422);
    assert!(answer.text().contains("longer than"), "{}", answer.text());
    for inside in ["https://127.0.0.1:8444/", "https://[::1]/", "https://169.254.169.254/"] {
        let answer = look(&mut admin, &page, inside).expect(422);
        assert!(answer.text().contains("--allow-host"), "{inside}: {}", answer.text());
    }
    for text in ["", "file:///etc/passwd", "http://provider.example.test", "https://a.test/?x"] {
        let answer = look(&mut admin, &page, text).expect(422);
        assert_eq!(answer.form_with_button("look-up").value("issuer").unwrap_or(""), text);
    }
    assert_eq!(count(&server), 0);
});

on_both!(what_is_saved_is_what_was_looked_at, |database| {
    let (first, second) = (Upstream::start(), Upstream::start());
    let server = server_with(database, &[&first, &second]);
    let mut admin = enter(&server);
    let page = blank(&mut admin, &server);
    let shown = look(&mut admin, &page, &first.issuer()).expect(200);
    let other = second.issuer();
    let fields = [
        ("name", "Acme"),
        ("code", "acme"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("issuer", other.as_str()),
    ];
    let changed = send(&mut admin, &shown, "add", &fields).expect(200);
    assert!(changed.text().contains("another one than before"), "{}", changed.text());
    assert_eq!(count(&server), 0);
    // Between looking and saving the provider breaks: nothing is saved, nothing is lost.
    second.script(|s| s.discovery = json!({ "issuer": "https://evil.example" }));
    let broken = send(&mut admin, &changed, "add", &[]).expect(422);
    assert_eq!(count(&server), 0);
    assert_eq!(broken.form_with_button("look-up").value("name"), Some("Acme"));
    second.script(|s| s.discovery = json!({}));
    let again = send(&mut admin, &broken, "look-up", &[]).expect(200);
    let made = send(&mut admin, &again, "add", &[]).expect(200);
    assert!(made.url.path().contains("/connections/con_"), "{}", made.text());
});

fn count(server: &Server) -> usize {
    let slug = &server.ready().tenant.slug;
    let all = server.cli().json(&["connection", "list", "--tenant", slug]);
    all["items"].as_array().map_or(0, Vec::len)
}

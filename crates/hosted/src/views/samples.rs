//! Every page in every state that looks different, with the kind of values it will meet: the
//! input of the lint, and of anybody who wants to look at the pages in a browser.

use super::*;
use askama::Template;
use web::views::{Details, FormPost, Frame, Message, Problems, headline};

mod forms;
mod joining;
mod people;

const FLOW: &str = "AQJrMQAAT0b3rqk1Zs";

fn frame() -> Frame {
    Frame::tenant("Acme", "id.example.com", "/t/acme", "#0d7a5f")
}

fn sign_in() -> SignIn {
    let action = format!("/t/acme/login/{FLOW}");
    SignIn::new(frame(), &action, "9f2kV0", "Acme Web")
}

fn details(code: &str, what: &str) -> Details {
    Details {
        code: code.to_owned(),
        what: what.to_owned(),
        application: Some(("Acme Web".to_owned(), "app_01k9w2q6mz3f8x0v7r4t5y6h2n".to_owned())),
        request: "req_01kb3f8x0v7r4t5y6h2n9w2q6m".to_owned(),
        at: 1_795_275_727_000_000,
    }
}

fn error(code: &str, body: &str, what: &str) -> Message {
    Message::error(frame(), &headline(code, Some("Acme Web")), body, details(code, what))
}

/// File name and HTML of each sample.
pub fn all() -> Vec<(&'static str, String)> {
    let mut pages = sign_ins();
    pages.extend(forms::all());
    pages.extend(outcomes());
    pages.extend(errors());
    pages.extend(people::all());
    pages.extend(joining::all());
    pages.into_iter().map(|(name, html)| (name, html.expect(name))).collect()
}

type Rendered = (&'static str, askama::Result<String>);

/// The sign-in page with something of its own.
fn sign_in_with(change: impl FnOnce(&mut SignIn)) -> askama::Result<String> {
    let mut page = sign_in();
    page.username = "ann@example.com".to_owned();
    change(&mut page);
    page.render()
}

fn sign_ins() -> Vec<Rendered> {
    let mut empty = Problems::one("username", "Enter your email");
    empty.add("password", "Enter your password");
    let refused = |page: &mut SignIn| {
        page.remember = true;
        page.problems = Problems::one("username", sign_in::NOT_CORRECT);
    };
    let again = |page: &mut SignIn| {
        page.fixed = Some(format!("/t/acme/login/{FLOW}?as=new"));
        page.reason = "Acme Web needs a fresh check that it is you.".to_owned();
    };
    vec![
        ("sign-in", sign_in().render()),
        ("sign-in-hint", sign_in_with(|_| {})),
        ("sign-in-refused", sign_in_with(refused)),
        ("sign-in-empty", sign_in_with(|page| page.problems = empty)),
        (
            "sign-in-many",
            sign_in_with(|p| p.problems = Problems::one("username", sign_in::too_many(290))),
        ),
        ("sign-in-again", sign_in_with(again)),
        ("sign-in-refreshed", sign_in_with(|page| page.notice = sign_in::REFRESHED.to_owned())),
        ("sign-in-notices", sign_in_with(notices)),
        ("sign-in-long", sign_in_with(long_names)),
        ("sign-in-everything", sign_in_with(everything)),
        ("sign-in-providers", sign_in_with(without_password)),
        ("sign-in-password-last", sign_in_with(password_last)),
        ("sign-in-closed", sign_in_with(no_way_in)),
    ]
}

fn notices(page: &mut SignIn) {
    let (privacy, terms) = ("https://acme.example/privacy", "https://acme.example/terms");
    page.frame = frame().with_notices(Some(privacy), Some(terms));
}

fn long_names(page: &mut SignIn) {
    page.frame = Frame::tenant(
        "Vereinigte Donaudampfschifffahrtsgesellschaft von 1829",
        "anmeldung.donaudampfschifffahrtsgesellschaft.example.com",
        "/t/acme",
        "#f5e400",
    );
    page.application =
        "Bestandsverwaltungs\u{ad}anwendung für Kapitänsmützen & <Zubehör>".to_owned();
}

fn providers() -> Vec<Provider> {
    let all = [("google", "Google"), ("github", "GitHub"), ("acme-id", "Acme Staff & <Friends>")];
    let provider = |(code, name): (&str, &str)| Provider {
        code: code.to_owned(),
        name: name.to_owned(),
        url: format!("/t/acme/login/with/{code}?tx={FLOW}"),
        last: false,
    };
    let mut providers = all.map(provider).to_vec();
    sign_in::last_used_first(&mut providers, Some("github"));
    providers
}

fn everything(page: &mut SignIn) {
    page.recover = format!("/t/acme/recover?tx={FLOW}");
    page.sign_up = Some(format!("/t/acme/signup?tx={FLOW}"));
    page.providers = providers();
    page.frame = page.frame.clone().with_help(Some("https://acme.example/help"));
}

fn without_password(page: &mut SignIn) {
    everything(page);
    page.password = false;
}

fn password_last(page: &mut SignIn) {
    everything(page);
    page.password_first = false;
}

fn no_way_in(page: &mut SignIn) {
    page.password = false;
}

fn outcomes() -> Vec<Rendered> {
    let post = FormPost {
        frame: frame(),
        application: "Acme Web".to_owned(),
        action: "https://web.acme.example/callback".to_owned(),
        params: vec![
            ("code".to_owned(), "oc_x".to_owned()),
            ("state".to_owned(), "\"><script>alert(1)</script></form>".to_owned()),
        ],
        nonce: "r4nd0m".to_owned(),
    };
    let signed_in = SignedIn {
        frame: frame(),
        action: format!("/t/acme/flow/{FLOW}"),
        csrf: "9f2kV0".to_owned(),
        application: "Acme Web".to_owned(),
        name: "Ann Archer".to_owned(),
        switch: format!("/t/acme/choose/{FLOW}"),
    };
    vec![
        ("form-post", post.render()),
        ("signed-in", signed_in.render()),
        ("signed-out", messages::signed_out(frame()).render()),
        ("not-signed-in", messages::not_signed_in(frame()).render()),
        ("password-set", messages::password_set(frame()).render()),
        (
            "setup-done",
            messages::setup_done(Frame::installation("id.example.com"), "/console").render(),
        ),
    ]
}

fn errors() -> Vec<Rendered> {
    let mismatch = error(
        "redirect_uri_mismatch",
        "Acme Web asked us to send you to an address that is not on its list, so we stopped here. \
         Your account is safe.",
        "The redirect_uri of this request does not match a registered URI of the application.",
    )
    .and("If it happens again, tell the people who run Acme Web. They need the details below.")
    .link("Try again", "/t/acme/authorize?x")
    .link("Back to Acme Web", "https://web.acme.example/");
    let unavailable = error(
        "tenant_suspended",
        "Sign-in to Acme is switched off at the moment. Your account is unchanged.",
        "The tenant is suspended.",
    )
    .and("Try again later, or ask the people who run Acme.");
    let link = error(
        "link_expired",
        "Links to set a password work for 7 days, and this one is older.",
        "The one-time link is past its lifetime.",
    )
    .and("Ask whoever sent it to you for a new one.");
    let mut nowhere = Message::error(
        Frame::installation("id.example.com"),
        &headline("not_found", None),
        "The address may be cut off, or the page may have moved. Check the link you followed.",
        details("not_found", "No route matches this path."),
    );
    if let Some(details) = nowhere.details.as_mut() {
        details.application = None;
    }
    vec![
        ("error", mismatch.render()),
        ("blocked", messages::blocked(frame()).render()),
        ("unavailable", unavailable.render()),
        ("link-expired", link.render()),
        ("not-found", nowhere.render()),
    ]
}

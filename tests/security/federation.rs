//! B4, B9, B16: what comes from providers. A provider may be wrong, slow or hostile, and somebody
//! may play with its answers: nobody gets in who is not vouched for, nobody gets into an account by
//! an address, nothing is fetched from inside, and each refusal has its page and its code.

mod binding;
mod claim;
mod complete;
mod linking;
mod personas;
mod ssrf;

use harness::upstream::{press, server_with};
use harness::{Browser, Database, Page, RelyingParty, Server, Upstream};

/// An installation with one provider, offered as `up`.
struct World {
    server: Server,
    upstream: Upstream,
    party: RelyingParty,
    /// The connection's id.
    connection: serde_json::Value,
}

impl World {
    fn new(database: Database) -> World {
        let upstream = Upstream::start();
        let server = server_with(database, &[&upstream]);
        let connection = upstream.connect(&server, "up", &[])["id"].clone();
        let party = party(&server);
        World { server, upstream, party, connection }
    }

    /// Asserts that a page is a refusal with this code, and that the log has it: under the support
    /// code of the page, with the connection.
    #[track_caller]
    fn refused(&self, page: &Page, code: &str) -> serde_json::Value {
        refused(page, code);
        let step = self.server.logged(&support(page), code);
        assert_eq!(step["connection"], self.connection, "{code}: {step}");
        assert_eq!(step["outcome"], "failed", "{code}: {step}");
        step
    }

    /// A fresh browser, sent to the provider and back again, and what it shows then.
    fn come_back(&self, browser: &mut Browser) -> Page {
        let page = self.party.start(browser);
        let request = press(browser, &page, "up");
        browser.open(&self.upstream.agree(&request))
    }

    /// How many users, identities and sessions there are.
    fn users(&self) -> usize {
        let tenant = &self.server.ready().tenant.slug;
        let list = self.server.cli().json(&["user", "list", "--tenant", tenant, "--limit", "100"]);
        list["items"].as_array().or(list.as_array()).map_or(0, Vec::len)
    }
}

fn party(server: &Server) -> RelyingParty {
    let tenant = &server.ready().tenant.slug;
    let more = ["--redirect-uri", "https://app.example.test/callback", "--first-party"];
    RelyingParty::new(server, &server.cli().create_application(tenant, "web", &more))
}

/// A fresh browser that presses a provider's button, and the page it stays on.
fn pressed(party: &RelyingParty, server: &Server, code: &str) -> Page {
    let mut browser = Browser::new(server);
    let page = harness::until("the button", std::time::Duration::from_secs(5), || {
        let page = party.start(&mut browser);
        page.response.text().contains(&format!("/login/with/{code}?")).then_some(page)
    });
    let text = page.response.text();
    let link = text.split("href=\"").find(|rest| rest.contains(&format!("/login/with/{code}?")));
    let link = link.and_then(|rest| rest.split('"').next()).expect("a button");
    let link = link.replace("&amp;", "&").replace("&#38;", "&");
    browser.open(page.url.join(&link).expect("an address").as_str())
}

/// The support code that a page shows.
#[track_caller]
fn support(page: &Page) -> String {
    let text = page.text();
    let code = text.split("Support code: ").nth(1).and_then(|rest| rest.split(' ').next());
    code.unwrap_or_else(|| panic!("no support code: {text}")).to_owned()
}

/// Asserts that a page is a refusal with this code of the catalogue, a support code and no cookie
/// of a session.
#[track_caller]
fn refused(page: &Page, code: &str) {
    let text = page.response.text();
    assert!(!page.left, "gone to {}", page.url);
    assert!(page.status() >= 400, "{code}: {} {}", page.status(), page.text());
    assert!(text.contains(&format!("<code>{code}</code>")), "{code} expected: {}", page.text());
    assert!(page.text().contains("Support code"), "{}", page.text());
    assert!(!text.contains("<script>alert"), "{text}");
}

//! Organizations: members with roles, and invitations that only the invited person can take up,
//! once.

use harness::{Browser, Page, Server, on_both};
use serde_json::Value;

const PASSWORD: &str = "violet kettle marches 42 rivers";

struct Customer {
    slug: String,
    org: String,
}

fn customer(server: &Server) -> Customer {
    let slug = server.ready().tenant.slug.clone();
    let cli = server.cli();
    cli.json(&["org", "add-role", "--tenant", &slug, "billing"]);
    let args = ["org", "create", "--tenant", &slug, "--slug", "north", "--name", "North GmbH"];
    let org = cli.json(&args)["id"].as_str().expect("an id").to_owned();
    Customer { slug, org }
}

impl Customer {
    fn invite(&self, server: &Server, email: &str) -> Value {
        let args = [
            "member", "invite", "--tenant", &self.slug, "--org", &self.org, "--email", email,
            "--role", "billing",
        ];
        server.cli().json(&args)
    }

    fn members(&self, server: &Server) -> Vec<String> {
        let args = ["member", "list", "--tenant", &self.slug, "--org", &self.org];
        let list = server.cli().json(&args);
        let items = list["items"].as_array().expect("items");
        items.iter().map(|m| format!("{} {}", m["email"], m["roles"])).collect()
    }
}

fn take_up(browser: &mut Browser, page: &Page, fields: &[(&str, &str)]) -> Page {
    let mut form = page.form_with_button("join-submit").press("join-submit");
    for (name, value) in fields {
        form = form.set(name, value);
    }
    browser.submit(page, &form)
}

on_both!(somebody_new_joins_once, |database| {
    let server = Server::start(database);
    let customer = customer(&server);
    let url = customer.invite(&server, "new@org.test")["url"].as_str().expect("url").to_owned();
    let mut browser = Browser::new(&server);
    let page = browser.open(&url).expect(200);
    assert!(page.text().contains("North GmbH"), "{}", page.text());
    let missing = take_up(&mut browser, &page, &[("password", PASSWORD)]).expect(422);
    let fields = [("name", "Nina"), ("password", PASSWORD)];
    let done = take_up(&mut browser, &missing, &fields).expect(200);
    assert!(done.text().contains("You have joined"), "{}", done.text());
    assert_eq!(customer.members(&server), ["\"new@org.test\" [\"billing\"]"]);
    let list =
        server.cli().json(&["user", "list", "--tenant", &customer.slug, "--query", "new@org"]);
    assert_eq!(list["items"][0]["email_verified"], false, "a link by hand proves no address");
    let again = Browser::new(&server).open(&url);
    assert_eq!(again.status(), 410, "{}", again.response.summary());
});

on_both!(an_invitation_is_for_one_person_of_one_tenant, |database| {
    let server = Server::start(database);
    let customer = customer(&server);
    let user = server.user(0);
    let invited = customer.invite(&server, &user.email);
    let url = invited["url"].as_str().expect("url").to_owned();
    let mut other = Browser::new(&server);
    let page = other.open(&url).expect(200);
    assert!(!page.has_button("join-submit"), "who has an account signs in first");
    // Somebody else, signed in, cannot take it up.
    let ben = server.user(1);
    let party = harness::RelyingParty::new(&server, &server.application("web"));
    party.sign_in(&mut other, &ben);
    let page = other.open(&url).expect(200);
    assert!(page.text().contains("somebody else"), "{}", page.text());
    assert!(customer.members(&server).is_empty());
    // The invited person can.
    let mut browser = Browser::new(&server);
    party.sign_in(&mut browser, &user);
    let page = browser.open(&url).expect(200);
    take_up(&mut browser, &page, &[]).expect(200);
    assert_eq!(customer.members(&server).len(), 1);
    // Another tenant does not know it, and a guess is not there.
    let issuer = server.cli().create_tenant("elsewhere", &[]);
    let token = url.rsplit('/').next().expect("a token");
    for wrong in [
        format!("{issuer}/account/invitation/{token}"),
        format!("{}/account/invitation/{}", server.ready().tenant.issuer, "A".repeat(43)),
    ] {
        assert_eq!(Browser::new(&server).open(&wrong).status(), 404, "{wrong}");
    }
});

on_both!(an_invitation_ends, |database| {
    let server = Server::start(database);
    let customer = customer(&server);
    let taken_back = customer.invite(&server, "back@org.test");
    let id = taken_back["id"].as_str().expect("an id");
    let args = ["member", "uninvite", "--tenant", &customer.slug, "--org", &customer.org, id];
    server.cli().json(&args);
    let gone = Browser::new(&server).open(taken_back["url"].as_str().expect("url"));
    assert_eq!(gone.status(), 410, "{}", gone.response.summary());
    let late = customer.invite(&server, "late@org.test");
    let mut browser = Browser::new(&server);
    let page = browser.open(late["url"].as_str().expect("url")).expect(200);
    server.clock().set(8 * 86_400);
    let fields = [("name", "Late"), ("password", PASSWORD)];
    let refused = take_up(&mut browser, &page, &fields);
    assert!((400..500).contains(&refused.status()), "{}", refused.response.summary());
    assert!(customer.members(&server).is_empty());
});

on_both!(roles_are_of_the_catalogue_and_members_of_the_tenant, |database| {
    let server = Server::start(database);
    let customer = customer(&server);
    let cli = server.cli();
    let set = |user: &str, role: &str| {
        cli.try_run(&[
            "member",
            "set",
            "--tenant",
            &customer.slug,
            "--org",
            "north",
            "--user",
            user,
            "--role",
            role,
        ])
    };
    assert_eq!(set(&server.user(0).email, "nonsense").code, 2);
    assert_eq!(set("nobody@org.test", "billing").code, 2);
    assert_eq!(set(&server.user(0).email, "billing").code, 0);
    assert_eq!(customer.members(&server).len(), 1);
    cli.json(&["org", "delete", "--tenant", &customer.slug, "north", "--yes"]);
    let shown = cli.try_run(&["org", "show", "--tenant", &customer.slug, "north"]);
    assert_eq!(shown.code, 3);
    let user = cli.json(&["user", "show", &server.user(0).id]);
    assert_eq!(user["blocked"], false, "members stay users");
});

//! B4: an answer counts once, for the browser, the connection and the provider that were asked.

use super::{World, party, refused};
use harness::upstream::{press, server_with};
use harness::{Browser, Request, Upstream, on_both};

on_both!(b4_1_an_answer_at_the_callback_of_another_connection_is_refused, |database| {
    let (one, two) = (Upstream::start(), Upstream::start());
    let server = server_with(database, &[&one, &two]);
    one.connect(&server, "one", &[]);
    two.connect(&server, "two", &[]);
    let party = party(&server);
    let mut browser = Browser::new(&server);
    let page = party.start(&mut browser);
    let request = press(&mut browser, &page, "one");
    let back = one.agree(&request);
    let page = browser.open(&back.replace("/federation/one/", "/federation/two/"));
    refused(&page, "upstream_mix_up");
    assert_eq!((one.count("/token"), two.count("/token")), (0, 0), "no code was sent anywhere");
    refused(&browser.open(&back), "upstream_state");
    assert_eq!(one.count("/token"), 0, "the state is spent");
});

on_both!(b4_2_an_answer_in_another_browser_is_refused, |database| {
    let world = World::new(database);
    let mut mallory = Browser::new(&world.server);
    let page = world.party.start(&mut mallory);
    let request = press(&mut mallory, &page, "up");
    let back = world.upstream.agree(&request);
    let mut alice = Browser::new(&world.server);
    let page = alice.open(&back);
    refused(&page, "flow_foreign_browser");
    world.server.logged(&crate::federation::support(&page), "flow_foreign_browser");
    world.party.start(&mut alice);
    refused(&alice.open(&back), "flow_foreign_browser");
    assert_eq!(world.upstream.count("/token"), 0);
    assert!(!alice.cookies().iter().any(|cookie| cookie.name.contains("ses")));
    assert!(mallory.open(&back).left, "it was not used up by a stranger");
});

on_both!(b4_3_an_answer_that_names_another_issuer_stops_before_the_token_request, |database| {
    let world = World::new(database);
    world.upstream.script(|script| script.iss = Some("https://other.test".into()));
    world.refused(&world.come_back(&mut Browser::new(&world.server)), "upstream_mix_up");
    assert_eq!(world.upstream.count("/token"), 0);
    let issuer = world.upstream.issuer();
    world.upstream.script(|script| script.iss = Some(issuer));
    assert!(world.come_back(&mut Browser::new(&world.server)).left);
});

on_both!(an_answer_counts_once, |database| {
    let world = World::new(database);
    let mut browser = Browser::new(&world.server);
    let page = world.party.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    let back = world.upstream.agree(&request);
    assert!(browser.open(&back).left);
    let asked = world.upstream.count("/token");
    world.refused(&browser.open(&back), "upstream_state");
    assert_eq!(world.upstream.count("/token"), asked, "the provider is not asked again");
});

on_both!(a_state_that_is_not_ours_is_refused, |database| {
    let world = World::new(database);
    let mut browser = Browser::new(&world.server);
    let page = world.party.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    let state = harness::upstream::parameter(&request, "state").expect("a state");
    let back = world.upstream.agree(&request);
    for wrong in
        ["", "x", &state[1..], &state[..state.len() - 1], "r.req_00000000000000000000000000"]
    {
        refused(&browser.open(&back.replace(&state, wrong)), "upstream_state");
    }
    let missing = back.replace("state=", "stat=");
    refused(&browser.open(&missing), "upstream_state");
    assert_eq!(world.upstream.count("/token"), 0);
});

on_both!(a_connection_that_is_switched_off_meanwhile_lets_nobody_in, |database| {
    let world = World::new(database);
    let mut browser = Browser::new(&world.server);
    let page = world.party.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    let back = world.upstream.agree(&request);
    let tenant = &world.server.ready().tenant.slug;
    world.server.cli().json(&["connection", "disable", "up", "--tenant", tenant]);
    harness::until("the change", std::time::Duration::from_secs(5), || {
        let page = world.party.start(&mut Browser::new(&world.server));
        (!page.response.text().contains("data-connection=\"up\"")).then_some(())
    });
    world.refused(&browser.open(&back), "connection_disabled");
    assert_eq!(world.upstream.count("/token"), 0);
});

on_both!(a_posted_answer_is_looked_at_where_the_browser_is_known, |database| {
    let world = World::new(database);
    let mut browser = Browser::new(&world.server);
    let page = world.party.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    let back = world.upstream.agree(&request);
    let (path, query) = back.split_once('?').expect("a query");
    let path = url::Url::parse(path).expect("an address").path().to_owned();
    // The provider's page posts across sites: no cookie of ours comes along.
    let fields: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let posted = world
        .server
        .send(&Request::post(&path).header("Origin", "https://provider.test").form(&fields));
    assert_eq!(posted.status, 303, "{}", posted.summary());
    assert_eq!(posted.header("set-cookie"), None, "the browser keeps its cookies");
    let own = posted.header("location").expect("a location").to_owned();
    refused(&Browser::new(&world.server).open(&own), "flow_foreign_browser");
    assert!(browser.open(&own).left);
});

on_both!(a_code_of_another_tenant_is_nobodys, |database| {
    let world = World::new(database);
    let other = world.server.cli().create_tenant("other", &["--environment", "development"]);
    world.upstream.connect_to(&world.server, "other", "up", &[]);
    let mut browser = Browser::new(&world.server);
    let page = world.party.start(&mut browser);
    let request = press(&mut browser, &page, "up");
    let back = world.upstream.agree(&request);
    let issuer = &world.party.issuer;
    refused(&browser.open(&back.replace(issuer.as_str(), &other)), "upstream_state");
    assert_eq!(world.upstream.count("/token"), 0);
});

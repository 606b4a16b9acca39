//! Two nodes on one database: what may happen once happens once.

use harness::{Browser, RelyingParty, Server, Tokens, on_both, race};
use std::collections::BTreeSet;

on_both!(fifty_redemptions_of_one_code_over_two_nodes, |database| {
    let first = Server::start(database);
    let second = first.join();
    let here = RelyingParty::new(&first, &first.application("web"));
    let there = here.clone().at(&second);
    let callback = here.sign_in(&mut Browser::new(&first), &first.user(0));
    let answers = race(50, |index| {
        let party = if index % 2 == 0 { &here } else { &there };
        party.redeem(callback.code())
    });
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.error(), "invalid_grant", "{}", answer.summary());
    }
});

on_both!(fifty_rotations_of_one_token_over_two_nodes, |database| {
    let first = Server::start(database);
    let second = first.join();
    let here = RelyingParty::new(&first, &first.application("web"));
    let there = here.clone().at(&second);
    let tokens = here.sign_in_fresh(&first, &first.user(0));
    let answers = race(50, |index| {
        let party = if index % 2 == 0 { &here } else { &there };
        party.refresh(&tokens.refresh)
    });
    let next: BTreeSet<_> = answers.into_iter().map(|a| Tokens::from(a).refresh).collect();
    assert_eq!(next.len(), 1, "one live successor, handed to everybody inside the window");
});

on_both!(two_hundred_guesses_at_once_over_two_nodes, |database| {
    let first = Server::start(database);
    let second = first.join();
    let nodes = [&first, &second];
    let party = RelyingParty::new(&first, &first.application("web"));
    let user = first.user(0);
    let windows: Vec<_> = (0..200)
        .map(|index| {
            let mut browser = Browser::new(nodes[index % 2]);
            let page = party.start(&mut browser);
            (browser, page)
        })
        .collect();
    let outcomes = race(200, |index| {
        let (browser, page) = &windows[index];
        let password = if index == 150 { &*user.password } else { "not the password" };
        let form = page.form_with_button("login-submit");
        let form = form.set("username", &user.email).set("password", password);
        let answer = browser.clone().submit_once(page, &form);
        (answer.status(), answer.text())
    });
    let verified = outcomes.iter().filter(|(_, text)| text.contains("not correct")).count();
    let signed_in = outcomes.iter().filter(|(status, _)| *status == 303).count();
    let refused = outcomes.iter().filter(|(_, text)| text.contains("Too many attempts")).count();
    let busy = outcomes.iter().filter(|(status, _)| *status == 503).count();
    assert_eq!(verified + signed_in + refused + busy, 200, "{outcomes:#?}");
    // A success in between may start the count again; otherwise ten and one per node in flight.
    let limit = if signed_in == 1 { 2 * (10 + 2) } else { 10 + 2 };
    assert!(verified <= limit, "{verified} guesses were verified");
    let page = {
        let mut browser = Browser::new(&second);
        let page = party.start(&mut browser);
        harness::relying_party::sign_in_on(&mut browser, &page, &user)
    };
    assert!(page.text().contains("Too many attempts"), "{}", page.text());
});

//! B27: a hash covers less than the password.

use harness::{RelyingParty, Server, User, on_both};

on_both!(
    /// CVE-2025-22228: two long passwords that differ late are different.
    b27_1_every_character_counts,
    |database| {
        let server = Server::start(database);
        let tenant = server.ready().tenant.slug.clone();
        let start = "long enough to reach past the seventy-second byte of any password, really ok";
        let password = format!("{start}-A-and-the-end");
        let id = server.cli().create_user(&tenant, "long@example.test", &password);
        let party = RelyingParty::new(&server, &server.application("web"));
        let user = User { id, email: "long@example.test".to_owned(), password };
        party.sign_in_fresh(&server, &user);
        let mut browser = harness::Browser::new(&server);
        let page = party.start(&mut browser);
        let other = User { password: format!("{start}-B-and-the-end"), ..user };
        let page = harness::relying_party::sign_in_on(&mut browser, &page, &other);
        assert_eq!(page.status(), 422, "{}", page.response.summary());
    }
);

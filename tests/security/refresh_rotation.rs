//! B7: a stolen refresh token lives on beside the real one, or an honest client loses its family.

use harness::{RelyingParty, Server, Tokens, on_both, race};
use std::collections::BTreeSet;

on_both!(
    /// CVE-2026-1035: fifty rotations of one token at once.
    b7_1_one_live_successor,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let first = party.sign_in_fresh(&server, &server.user(0));
        let answers = race(50, |_| party.refresh(&first.refresh));
        let successors: BTreeSet<_> =
            answers.into_iter().map(|answer| Tokens::from(answer).refresh).collect();
        assert_eq!(successors.len(), 1, "identical answers inside the window");
        let successor = successors.into_iter().next().expect("one");
        let next = Tokens::from(party.refresh(&successor));
        assert_eq!(party.refresh(&first.refresh).error(), "invalid_grant");
        assert_eq!(party.refresh(&next.refresh).error(), "invalid_grant", "the family is dead");
    }
);

on_both!(
    /// CVE-2026-9802: the memory of a rotation survives restarts.
    b7_2_replay_after_restart,
    |database| {
        let mut server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let first = party.sign_in_fresh(&server, &server.user(0));
        let second = Tokens::from(party.refresh(&first.refresh));
        server.kill9();
        let server = server.restart();
        server.clock().set(61);
        assert_eq!(party.refresh(&first.refresh).error(), "invalid_grant");
        assert_eq!(party.refresh(&second.refresh).error(), "invalid_grant");
    }
);

on_both!(
    /// Half a family: a token one generation ahead is refused, but kills nothing.
    b7_1_tokens_from_the_future_revoke_nothing,
    |database| {
        let server = Server::start(database);
        let party = RelyingParty::new(&server, &server.application("web"));
        let first = party.sign_in_fresh(&server, &server.user(0));
        // rt_{grant}_{generation}_{mac}; the MAC may hold underscores too.
        let parts: Vec<_> = first.refresh.splitn(4, '_').collect();
        let generation: i64 = parts[2].parse().expect("a generation");
        let ahead = format!("{}_{}_{}_{}", parts[0], parts[1], generation + 1, parts[3]);
        assert_eq!(party.refresh(&ahead).error(), "invalid_grant");
        party.refresh(&first.refresh).expect(200);
    }
);

//! F02: kill -9 of one of two nodes on PostgreSQL. The other goes on, and nothing is lost.

use crate::ledger::{chains, check, check_replaced, party, rotate_until, sign_in_works};
use harness::{Database, Server};

#[test]
fn postgres_the_other_node_goes_on() {
    let first = Server::start(Database::postgres());
    let mut second = first.join();
    let party = party(&first);
    let at_second = party.clone().at(&second);
    let mut load = chains(&first, &party, 8);
    for round in 0..3 {
        load = rotate_until(&at_second, load, 40 + 17 * round, || second.kill9());
        // The survivor answers for the chains of the dead node.
        load = check(&party, load);
        second = second.restart();
        load = check(&at_second, load);
    }
    check_replaced(&party, &load);
    sign_in_works(&second, &at_second);
    sign_in_works(&first, &party);
}

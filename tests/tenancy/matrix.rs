//! Route × actor × object.

use crate::actors::Actor;
use crate::table::{Row, parameters, rows};
use crate::world::{CANARY, World, fill};
use harness::{Response, on_both};

/// The path below the base host.
fn located(row: &Row, slug: &str) -> String {
    if row.scope == "tenant" && !row.path.contains("{slug}") {
        return format!("/t/{slug}{}", row.path);
    }
    row.path.clone()
}

/// An answer without what differs in every answer: request ids and their short forms, times, one-time
/// tokens.
fn normal(answer: &Response, asked: &[String]) -> String {
    let mut text = harness::html::text_of(&answer.text());
    for id in asked {
        text = text.replace(id.as_str(), "ID");
    }
    let support = |word: &str| word.len() == 11 && word.as_bytes()[5] == b'-';
    let volatile = |word: &&str| {
        word.contains("req_") || word.contains(':') || word.contains("T0") || support(word)
    };
    let words: Vec<_> = text.split(' ').filter(|word| !volatile(word)).collect();
    format!("{} {}", answer.status, words.join(" "))
}

fn guarded(row: &Row) -> bool {
    row.role.starts_with("role:") || row.role == "operator"
}

on_both!(strangers_get_nothing_from_guarded_routes, |database| {
    let world = World::new(database);
    let mut actors = Actor::strangers(&world);
    actors.push(Actor::user_of_a(&world));
    for row in rows().into_iter().filter(guarded) {
        let path = fill(&located(&row, &world.a.slug), |name| world.a.value(name, &row.path));
        for actor in &mut actors {
            let answer = actor.ask(&world, &row.verb, &path);
            let who = format!("{} at {} {path}", actor.name, row.verb);
            assert!(!(200..300).contains(&answer.status), "{who}: {}", answer.summary());
            assert!(answer.status < 500, "{who}: {}", answer.summary());
            assert!(!answer.text().contains("of-a.example.test"), "{who}: {}", answer.summary());
        }
    }
});

on_both!(bearers_and_clients_of_another_tenant_are_nobody, |database| {
    let world = World::new(database);
    let mut actors = Actor::strangers(&world);
    let asks = |row: &Row| row.role == "bearer" || row.role == "client";
    for row in rows().into_iter().filter(asks) {
        let path = fill(&located(&row, &world.a.slug), |name| world.a.value(name, &row.path));
        for actor in &mut actors {
            let answer = actor.ask(&world, &row.verb, &path);
            let who = format!("{} at {} {path}", actor.name, row.verb);
            assert!([400, 401, 403].contains(&answer.status), "{who}: {}", answer.summary());
        }
    }
});

on_both!(objects_of_another_tenant_are_like_missing_ones, |database| {
    let world = World::new(database);
    let mut operator = Actor::operator(&world);
    let mut user = Actor::user_of_a(&world);
    // Every tenant has every mail in every language.
    let tenant_names = ["slug", "tenant", "template", "language"];
    // Twice: once with cold caches, once when B's objects have been looked at.
    for round in 0..2 {
        for row in rows() {
            let foreign = |name: &str| !tenant_names.contains(&name);
            if !parameters(&row.path).iter().any(|name| foreign(name)) {
                continue;
            }
            let at_a = |name: &str, other: String| {
                if foreign(name) { other } else { world.a.value(name, &row.path) }
            };
            let theirs = fill(&located(&row, &world.a.slug), |name| {
                at_a(name, world.b.value(name, &row.path))
            });
            let missing = fill(&located(&row, &world.a.slug), |name| {
                at_a(name, world.b.missing(name, &row.path))
            });
            let ids: Vec<String> = parameters(&row.path)
                .iter()
                .flat_map(|name| [world.b.value(name, &row.path), world.b.missing(name, &row.path)])
                .collect();
            for actor in [&mut operator, &mut user] {
                let one = actor.ask(&world, &row.verb, &theirs);
                let two = actor.ask(&world, &row.verb, &missing);
                let who = format!("{} at {} {theirs}, round {round}", actor.name, row.verb);
                assert_eq!(normal(&one, &ids), normal(&two, &ids), "{who}");
                let text = one.text().replace(&theirs, "");
                assert!(!text.contains(CANARY), "{who}: {}", one.summary());
                assert!(one.status < 500, "{who}: {}", one.summary());
            }
        }
        warm(&world, &mut operator);
    }
});

/// Looks at everything of B where it belongs, so that caches hold it.
fn warm(world: &World, operator: &mut Actor) {
    for row in rows().into_iter().filter(|row| row.verb == "GET") {
        let path = fill(&located(&row, &world.b.slug), |name| world.b.value(name, &row.path));
        operator.ask(world, "GET", &path);
    }
}

on_both!(lists_of_one_tenant_never_show_another, |database| {
    let world = World::new(database);
    let mut operator = Actor::operator(&world);
    let only_tenant = |row: &Row| {
        let names = parameters(&row.path);
        let per_tenant = names.iter().any(|name| name == "tenant" || name == "slug");
        row.face == "console" && row.verb == "GET" && per_tenant && names.len() == 1
    };
    let lists: Vec<_> = rows().into_iter().filter(only_tenant).collect();
    assert!(!lists.is_empty(), "the console has lists");
    for row in lists {
        let path = fill(&row.path, |name| world.a.value(name, &row.path));
        let answer = operator.ask(&world, "GET", &path);
        // The switcher may name the other tenants an operator governs; their contents, never.
        let text = answer.text();
        for theirs in [&world.b.party.application.id, &world.b.user.id, &world.b.user.email] {
            assert!(!text.contains(theirs.as_str()), "{path} shows {theirs}");
        }
    }
});

on_both!(no_route_fails_without_input, |database| {
    let world = World::new(database);
    let mut actors = [Actor::operator(&world), Actor::user_of_a(&world)];
    for row in rows() {
        let path = fill(&located(&row, &world.a.slug), |name| world.a.missing(name, &row.path));
        for actor in &mut actors {
            let answer = actor.ask(&world, &row.verb, &path);
            let who = format!("{} at {} {path}", actor.name, row.verb);
            assert!(answer.status < 500, "{who}: {}", answer.summary());
        }
    }
});

on_both!(other_verbs_are_not_allowed, |database| {
    let world = World::new(database);
    let table = rows();
    let mut nobody = Actor::strangers(&world).remove(0);
    for row in &table {
        let path = fill(&located(row, &world.a.slug), |name| world.a.value(name, &row.path));
        for method in ["PUT", "DELETE", "PATCH", "TRACE"] {
            let known = table.iter().any(|other| other.path == row.path && other.verb == method);
            if known {
                continue;
            }
            let answer = nobody.ask(&world, method, &path);
            let refused = [404, 405, 501].contains(&answer.status);
            assert!(refused, "{method} {path}: {}", answer.summary());
        }
    }
});

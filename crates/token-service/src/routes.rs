//! The rows of this face: each endpoint at its primary path and its aliases, with the preflights of
//! those that browsers may call. Aliases are the same handlers with the same checks.

use actix_web::web::to;
use protocol::discovery::paths;
use web::{Cors, Face, Permission, Route, RouteKind};

use crate::{authorize, documents, introspect, revoke, token, userinfo};

/// RFC 8414 §3.1 for an issuer with a path: the well-known part stands before that path.
const OAUTH_METADATA_INSERTED: &str = "/.well-known/oauth-authorization-server/t/{slug}";

/// Largest body at the token endpoint, in bytes: a code or refresh token and some short values.
const TOKEN_LIMIT: usize = 16 * 1024;

/// Every route of this face.
pub fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    let page = |method, handler| row(method, paths::AUTHORIZE, RouteKind::Page, handler);
    add(&mut all, page("GET", || to(authorize::get)), paths::AUTHORIZE_ALIASES);
    add(&mut all, page("POST", || to(authorize::post)), paths::AUTHORIZE_ALIASES);
    documents_and_tokens(&mut all);
    userinfo_rows(&mut all);
    all
}

fn documents_and_tokens(all: &mut Vec<Route>) {
    let api = |method, path, handler| row(method, path, RouteKind::Protocol, handler);
    let public = |path, handler| api("GET", path, handler).cors(Cors::Public);
    let client = |path, handler| api("POST", path, handler).needs(Permission::Client);
    let metadata = public(paths::OAUTH_METADATA, || to(documents::discovery));
    add(all, public(paths::OPENID_CONFIGURATION, || to(documents::discovery)), &[]);
    add(all, metadata, &[OAUTH_METADATA_INSERTED]);
    add(all, public(paths::JWKS, || to(documents::jwks)), paths::JWKS_ALIASES);
    let token = client(paths::TOKEN, || to(token::post)).cors(Cors::Registered).limit(TOKEN_LIMIT);
    add(all, token, paths::TOKEN_ALIASES);
    let revoke = client(paths::REVOKE, || to(revoke::post)).cors(Cors::Registered);
    add(all, revoke, paths::REVOKE_ALIASES);
    add(all, client(paths::INTROSPECT, || to(introspect::post)), paths::INTROSPECT_ALIASES);
}

fn userinfo_rows(all: &mut Vec<Route>) {
    let bearer = |method, handler| {
        let row = row(method, paths::USERINFO, RouteKind::Protocol, handler);
        row.needs(Permission::Bearer).cors(Cors::Registered)
    };
    let post = bearer("POST", || to(userinfo::post));
    add(all, bearer("GET", || to(userinfo::get)), paths::USERINFO_ALIASES);
    // One preflight stands for both verbs.
    for path in std::iter::once(&paths::USERINFO).chain(paths::USERINFO_ALIASES) {
        all.push(post.alias(path));
    }
}

fn row(
    method: &'static str,
    path: &'static str,
    kind: RouteKind,
    handler: fn() -> actix_web::Route,
) -> Route {
    Route::new(method, path, Face::TokenService, kind, handler)
}

/// A row, its aliases, and a preflight for each where other origins may read the answer.
fn add(all: &mut Vec<Route>, route: Route, aliases: &[&'static str]) {
    for path in std::iter::once(&route.path).chain(aliases) {
        let row = route.alias(path);
        all.push(row);
        if row.cors != Cors::None {
            all.push(row.preflight());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_is_there_once_and_authorize_is_nobody_elses_to_read() {
        let rows = web::table(&[routes()]);
        let keys: HashSet<_> = rows.iter().map(|row| (&row.path, &row.verb)).collect();
        assert_eq!(keys.len(), rows.len());
        for row in &rows {
            let authorize = row.path.ends_with("authorize");
            assert!(!authorize || row.cors == "none", "{row:?}");
            assert_eq!(authorize, row.kind == "page", "{row:?}");
            assert_eq!(row.scope, "tenant");
        }
        let has = |method: &str, path: &str| {
            assert!(rows.iter().any(|r| r.verb == method && r.path == path), "{method} {path}");
        };
        for path in ["/authorize", "/oauth2/authorize", "/connect/authorize"] {
            has("GET", path);
            has("POST", path);
        }
        for path in ["/userinfo", "/oauth2/me", "/connect/userinfo"] {
            has("GET", path);
            has("POST", path);
            has("OPTIONS", path);
        }
        has("POST", "/connect/token");
        has("OPTIONS", "/oauth/revoke");
        has("GET", "/jwks");
        has("GET", "/.well-known/oauth-authorization-server/t/{slug}");
        assert!(!rows.iter().any(|r| r.verb == "OPTIONS" && r.path.ends_with("introspect")));
    }
}

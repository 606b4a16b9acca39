//! The route table: every path we answer is one row of data with its verb, face, scope, kind and
//! the permission it asks for.
//!
//! Faces export rows, the server joins them, `mount` turns them into actix resources, and
//! `tessera routes --json` prints them: tests about tenants and rights take their list from here,
//! so a new route cannot be forgotten.

use actix_web::Route as ActixRoute;
use serde::Serialize;

/// Largest form body of a route that does not say otherwise, in bytes.
pub const FORM_LIMIT: usize = 64 * 1024;

/// Which part of the program answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// Protocol endpoints of a tenant.
    TokenService,
    /// Pages end users see.
    Hosted,
    /// The admin console.
    Console,
    /// Health, assets and what belongs to the process.
    Server,
}

/// Where a path hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteScope {
    /// Under a tenant: `/t/{slug}{path}` on the base host and `{path}` on the tenant's hosts.
    Tenant,
    /// On the base host only: the console and the installation's own pages.
    System,
    /// On any host at all: health and assets.
    Installation,
}

/// What a failure looks like and which headers an answer gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteKind {
    /// HTML for people; at another address of the tenant 308 to the canonical one.
    Page,
    /// JSON for programs; at another address of the tenant 404.
    Protocol,
    /// A file.
    Asset,
}

/// What a caller must bring, as the table states it. The console asks for a role before the use
/// case behind the route runs; everything else is the use case's to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Nothing.
    Public,
    /// A browser that is signed in, or in the middle of a flow of its own.
    Browser,
    /// An application that authenticates, or names itself if it is public.
    Client,
    /// An access token.
    Bearer,
    /// An operator of the installation.
    Operator,
    /// A role of the target tenant that allows this action.
    Role(directory::rights::Action),
}

/// Which other origins may read an answer in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cors {
    /// None.
    None,
    /// Every origin, without credentials: public documents.
    Public,
    /// The origins of the redirect URIs of the tenant's browser applications.
    Registered,
}

type Handler = fn() -> ActixRoute;

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Route {
    /// The verb; `GET` answers HEAD too.
    pub method: &'static str,
    /// The path under its scope, in actix syntax: `/login/{tx}`. A tenant path that holds
    /// `/t/{slug}` itself is mounted on the base host as it stands.
    pub path: &'static str,
    /// Which face answers.
    pub face: Face,
    /// Where the path hangs.
    pub scope: RouteScope,
    /// What answers look like.
    pub kind: RouteKind,
    /// What a caller must bring.
    pub permission: Permission,
    /// Which other origins may read the answer.
    pub cors: Cors,
    /// Largest form body, in bytes.
    pub limit: usize,
    /// Makes the handler: `|| actix_web::web::to(handler)`, without a method guard of its own.
    pub handler: Handler,
}

impl Route {
    /// A public tenant route of a kind; the builder methods change what differs.
    pub const fn new(
        method: &'static str,
        path: &'static str,
        face: Face,
        kind: RouteKind,
        handler: Handler,
    ) -> Route {
        let (scope, permission, cors) = (RouteScope::Tenant, Permission::Public, Cors::None);
        let limit = FORM_LIMIT;
        Route { method, path, face, scope, kind, permission, cors, limit, handler }
    }

    /// The same row at another scope.
    pub const fn at(mut self, scope: RouteScope) -> Route {
        self.scope = scope;
        self
    }

    /// The same row with a permission.
    pub const fn needs(mut self, permission: Permission) -> Route {
        self.permission = permission;
        self
    }

    /// The same row, readable from other origins.
    pub const fn cors(mut self, cors: Cors) -> Route {
        self.cors = cors;
        self
    }

    /// The same row with a smaller limit for form bodies, in bytes.
    pub const fn limit(mut self, bytes: usize) -> Route {
        self.limit = bytes;
        self
    }

    /// The row that answers the preflight of this one (Fetch standard, CORS-preflight request).
    pub fn preflight(mut self) -> Route {
        self.method = "OPTIONS";
        self.permission = Permission::Public;
        self.handler = || actix_web::web::to(crate::cors::preflight);
        self
    }

    /// The same row under another path: an alias is the same handler with the same checks.
    pub const fn alias(mut self, path: &'static str) -> Route {
        self.path = path;
        self
    }
}

/// A row as `tessera routes --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RouteRow {
    /// The path under its scope.
    pub path: String,
    /// The verb.
    pub verb: String,
    /// `token_service`, `hosted`, `console` or `server`.
    pub face: String,
    /// `page`, `protocol` or `asset`.
    pub kind: String,
    /// `tenant`, `system` or `installation`.
    pub scope: String,
    /// `public`, `browser`, `client`, `bearer`, `operator` or `role:{action}`.
    pub role: String,
    /// `none`, `public` or `registered`.
    pub cors: String,
}

/// The whole table, sorted by path and verb.
pub fn table(faces: &[Vec<Route>]) -> Vec<RouteRow> {
    let mut rows: Vec<RouteRow> = faces.iter().flatten().map(row).collect();
    rows.sort();
    rows
}

fn row(route: &Route) -> RouteRow {
    RouteRow {
        path: route.path.to_owned(),
        verb: route.method.to_owned(),
        face: match route.face {
            Face::TokenService => "token_service",
            Face::Hosted => "hosted",
            Face::Console => "console",
            Face::Server => "server",
        }
        .to_owned(),
        kind: match route.kind {
            RouteKind::Page => "page",
            RouteKind::Protocol => "protocol",
            RouteKind::Asset => "asset",
        }
        .to_owned(),
        scope: match route.scope {
            RouteScope::Tenant => "tenant",
            RouteScope::System => "system",
            RouteScope::Installation => "installation",
        }
        .to_owned(),
        role: role(route.permission),
        cors: match route.cors {
            Cors::None => "none",
            Cors::Public => "public",
            Cors::Registered => "registered",
        }
        .to_owned(),
    }
}

fn role(permission: Permission) -> String {
    match permission {
        Permission::Public => "public".to_owned(),
        Permission::Browser => "browser".to_owned(),
        Permission::Client => "client".to_owned(),
        Permission::Bearer => "bearer".to_owned(),
        Permission::Operator => "operator".to_owned(),
        Permission::Role(action) => format!("role:{}", action.as_str()),
    }
}

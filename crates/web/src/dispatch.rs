//! Finds the row of a request: its path first, then its verb and the address it came to.
//!
//! `/t/{slug}` is taken off by hand and literal paths are looked up, so only paths with parts are
//! matched by expression, one after the other. What happens once a row is found, or none, is
//! `mount`'s.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use actix_session::SessionMiddleware;
use actix_web::Route as ActixRoute;
use actix_web::dev::{ResourceDef, ServiceFactory, ServiceRequest};

use crate::host::Place;
use crate::mount::{Row, SLUG_PREFIX};
use crate::routes::Face;
use crate::sessions::SessionRows;
use crate::tenant_at;

type Console = SessionMiddleware<SessionRows>;

/// A handler that has been started.
pub(crate) type Handler = <ActixRoute as ServiceFactory<ServiceRequest>>::Service;

/// One verb at one path.
pub(crate) struct Entry {
    pub(crate) row: Row,
    pub(crate) handler: Handler,
}

/// Everything at one path.
pub(crate) struct Resource {
    /// The path as it is mounted: `/t/{slug}/login/{tx}`.
    pub(crate) pattern: Rc<str>,
    entries: Vec<Entry>,
}

impl Resource {
    async fn start(pattern: &str, rows: Vec<Row>, console: &Console) -> Result<Resource, ()> {
        let mut entries = Vec::new();
        for row in rows {
            let handler = (row.route.handler)();
            let handler = match row.route.face {
                Face::Console => handler.wrap(console.clone()),
                Face::TokenService | Face::Hosted | Face::Server => handler,
            };
            entries.push(Entry { row, handler: handler.new_service(()).await? });
        }
        Ok(Resource { pattern: pattern.into(), entries })
    }

    /// The entry for a verb at an address; GET answers HEAD too.
    pub(crate) fn entry(&self, verb: &str, place: &Place) -> Option<&Entry> {
        let fits = |wanted: &str| verb == wanted || (verb == "HEAD" && wanted == "GET");
        self.entries.iter().find(|entry| fits(entry.row.route.method) && entry.row.site.has(place))
    }

    /// All rows at this path.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.entries.iter().map(|entry| &entry.row)
    }
}

/// Paths below one prefix.
#[derive(Default)]
struct Paths {
    literal: HashMap<Box<str>, Resource>,
    patterns: Vec<Pattern>,
}

struct Pattern {
    /// What stands before the first part: most paths are told apart by it.
    start: Box<str>,
    definition: ResourceDef,
    resource: Resource,
}

impl Paths {
    fn add(&mut self, path: &str, resource: Resource) {
        match path.find('{') {
            None => drop(self.literal.insert(path.into(), resource)),
            Some(at) => {
                let (start, definition) = (path[..at].into(), ResourceDef::new(path));
                self.patterns.push(Pattern { start, definition, resource });
            }
        }
    }

    /// The resource at a path whose first `skip` bytes are dealt with; its parts are noted.
    fn find(&self, req: &mut ServiceRequest, skip: usize) -> Option<&Resource> {
        let rest = &req.uri().path()[skip..];
        if let Some(resource) = self.literal.get(rest) {
            return Some(resource);
        }
        let begins = |pattern: &&Pattern, rest: &str| rest.starts_with(&*pattern.start);
        let mut skipped = false;
        for pattern in &self.patterns {
            if !begins(&pattern, &req.uri().path()[skip..]) {
                continue;
            }
            let parts = req.match_info_mut();
            if !skipped {
                parts.skip(u16::try_from(skip).ok()?);
                skipped = true;
            }
            if pattern.definition.capture_match_info(parts) {
                return Some(&pattern.resource);
            }
        }
        None
    }
}

/// All paths of an application.
pub(crate) struct Router {
    below_slug: Paths,
    others: Paths,
}

impl Router {
    /// Starts the handlers of all rows.
    pub(crate) async fn start(
        paths: BTreeMap<String, Vec<Row>>,
        console: &Console,
    ) -> Result<Router, ()> {
        let mut router = Router { below_slug: Paths::default(), others: Paths::default() };
        for (path, rows) in paths {
            let resource = Resource::start(&path, rows, console).await?;
            let below = path.strip_prefix(SLUG_PREFIX);
            match below.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                Some(rest) => router.below_slug.add(rest, resource),
                None => router.others.add(&path, resource),
            }
        }
        Ok(router)
    }

    /// The resource at a request's path.
    pub(crate) fn find(&self, req: &mut ServiceRequest) -> Option<&Resource> {
        match tenant_at::split(req.uri().path()) {
            Some((slug, _)) => self.below_slug.find(req, tenant_at::PREFIX.len() + slug.len()),
            None => self.others.find(req, 0),
        }
    }
}

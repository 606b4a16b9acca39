//! Where a page of the console is made: the actor with their rights as they stand now, the tenant,
//! and the ways to answer. One refusal per kind, so that no page can forget one.

use actix_web::http::StatusCode;
use askama::Template;
use context::Ctx;
use directory::console::{self, Rights};
use directory::{Action, Actor, tenants};
use protocol::catalogue;
use store::tenants::Tenant;
use store::{Timestamp, UserId};
use web::{Fault, Permission};

use crate::note::Note;
use crate::views::shell::{self, Me, Scope, Shell};
use crate::views::{Forbidden, When};
use crate::visit::FORMS;

/// So many tenants are in the switcher.
const SWITCH: i64 = 20;

/// What a page needs to know of its request.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) user: UserId,
    pub(crate) session: String,
    pub(crate) request: String,
    /// What the table of routes asks of who comes here.
    pub(crate) permission: Permission,
    pub(crate) ip: String,
    pub(crate) theme: &'static str,
    pub(crate) path: String,
    pub(crate) query: String,
    /// The sealed note of the last action, or nothing.
    pub(crate) note: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A page.
    Page(StatusCode, String),
    /// On to another page of the console.
    Go(String),
    /// A file to keep: its name and text.
    File(String, String),
    /// A document of foreign making, for a frame of a page.
    Preview(String),
    /// The person is gone or blocked since the session was read.
    SignedOut,
}

/// An answer, and the sealed note that goes with it: `Some("")` removes the last one.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) note: Option<String>,
}

/// Why there is no answer of the page's own.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error page.
    Fault(Fault),
    /// The actor lacks a right.
    Forbidden(&'static str),
}

/// What a page's use case answers.
pub(crate) type Outcome = Result<Reply, Stop>;

impl From<directory::Error> for Stop {
    fn from(error: directory::Error) -> Stop {
        use directory::Error;
        match error {
            Error::Forbidden(right) => Stop::Forbidden(right),
            Error::NotFound(_) => Stop::Fault(Fault::not_found()),
            // Forms show their own; what is left are page tokens that do not fit.
            Error::Form(errors) => {
                let detail: Vec<String> = errors.into_iter().map(|e| e.message).collect();
                let fault = Fault::bad_request(catalogue::FORM_INVALID);
                Stop::Fault(fault.detail(detail.join(" ")))
            }
            Error::Stale { .. } => {
                Stop::Fault(Fault::new(StatusCode::CONFLICT, catalogue::CONFLICT))
            }
            Error::SetupClosed => Stop::Fault(Fault::bad_request(catalogue::SETUP_CLOSED)),
            Error::Link(code) => Stop::Fault(Fault::bad_request(code)),
            Error::Store(error) => Stop::Fault(error.into()),
        }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

/// A page being made.
pub(crate) struct Desk<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) actor: Actor,
    pub(crate) facts: Facts,
    note: Option<Note>,
}

impl Desk<'_> {
    /// Loads the actor, makes the page, and draws the refusal for want of a right.
    pub(crate) fn open(
        ctx: &Ctx,
        facts: Facts,
        use_case: impl FnOnce(Desk) -> Outcome,
    ) -> Result<Reply, Fault> {
        let actor = match Actor::load(ctx, &facts.user, &facts.request, &facts.ip) {
            Ok(actor) => actor,
            Err(directory::Error::NotFound(_)) => {
                return Ok(Reply { answer: Answer::SignedOut, note: None });
            }
            Err(other) => return Err(fault(other.into())),
        };
        let note = Note::open(ctx, &facts.session, &facts.path, &facts.note);
        let desk = Desk { ctx, actor: actor.clone(), facts: facts.clone(), note: None };
        let page = Desk { ctx, actor, facts, note };
        match use_case(page) {
            Err(Stop::Forbidden(right)) => desk.forbidden(right).map_err(fault),
            other => other.map_err(fault),
        }
    }

    /// Makes a page of a tenant.
    pub(crate) fn in_tenant(
        &self,
        slug: &str,
        use_case: impl FnOnce(&InTenant) -> Outcome,
    ) -> Outcome {
        let tenant = tenants::show(self.ctx, &self.actor, slug)?;
        let rights = self.actor.rights(self.ctx, &tenant.id)?;
        let inside = InTenant { desk: self, tenant, rights };
        let outcome = inside.admit().and_then(|()| use_case(&inside));
        match outcome {
            Err(Stop::Forbidden(right)) => inside.forbidden(right),
            other => other,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    pub(crate) fn when(&self, at: Timestamp) -> When {
        When::new(at, self.now())
    }

    /// The frame of a page of no tenant; `here` is the path of its entry in the navigation.
    pub(crate) fn shell(&self, here: &str) -> Result<Shell, Stop> {
        let mut found = console::tenants_of(self.ctx, &self.actor, SWITCH + 1)?;
        let more_tenants = i64::try_from(found.len()).unwrap_or(SWITCH) > SWITCH;
        found.truncate(usize::try_from(SWITCH).unwrap_or_default());
        let session = self.facts.session.as_bytes();
        Ok(Shell {
            theme: self.facts.theme,
            csrf: vault::csrf_token(&self.ctx.vault, &[FORMS, session]),
            here: self.here(),
            me: Me::named(&self.actor.name),
            operator: self.actor.operator,
            tenant: None,
            tenants: found.iter().map(Scope::of).collect(),
            more_tenants,
            nav: shell::system_nav(self.actor.operator, here),
            note: self.note.clone(),
        })
    }

    fn here(&self) -> String {
        match self.facts.query.as_str() {
            "" => self.facts.path.clone(),
            query => format!("{}?{query}", self.facts.path),
        }
    }

    /// A page; it takes the note of the last action with it.
    pub(crate) fn page<T: Template>(&self, status: StatusCode, page: &T) -> Outcome {
        let html = page.render().map_err(|e| Fault::internal(format!("template: {e}")))?;
        let note = self.note.is_some().then(String::new);
        Ok(Reply { answer: Answer::Page(status, html), note })
    }

    /// A page with status 200.
    pub(crate) fn show<T: Template>(&self, page: &T) -> Outcome {
        self.page(StatusCode::OK, page)
    }

    /// A form again, with what is wrong with it.
    pub(crate) fn again<T: Template>(&self, page: &T) -> Outcome {
        self.page(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// On to a page.
    pub(crate) fn go(&self, path: impl Into<String>) -> Outcome {
        Ok(Reply { answer: Answer::Go(path.into()), note: None })
    }

    /// On to a page that says what happened.
    pub(crate) fn done(&self, path: &str, text: impl Into<String>) -> Outcome {
        self.leave(path, Note::said(path, text))
    }

    /// On to a page that shows a secret once.
    pub(crate) fn reveal(&self, path: &str, text: &str, secret: &str) -> Outcome {
        self.leave(path, Note::said(path, text).with_secret(secret))
    }

    fn leave(&self, path: &str, note: Note) -> Outcome {
        let sealed = note.seal(self.ctx, &self.facts.session);
        Ok(Reply { answer: Answer::Go(path.to_owned()), note: Some(sealed) })
    }

    fn forbidden(&self, right: &'static str) -> Outcome {
        let page = Forbidden::new(self.shell("")?, right, Vec::new());
        self.page(StatusCode::FORBIDDEN, &page)
    }
}

fn fault(stop: Stop) -> Fault {
    match stop {
        Stop::Fault(fault) => fault,
        Stop::Forbidden(_) => Fault::new(StatusCode::FORBIDDEN, catalogue::FORBIDDEN),
    }
}

/// A page of a tenant being made.
pub(crate) struct InTenant<'a> {
    pub(crate) desk: &'a Desk<'a>,
    pub(crate) tenant: Tenant,
    pub(crate) rights: Rights,
}

impl<'a> std::ops::Deref for InTenant<'a> {
    type Target = Desk<'a>;

    fn deref(&self) -> &Desk<'a> {
        self.desk
    }
}

impl InTenant<'_> {
    /// A path of the tenant's part of the console.
    pub(crate) fn url(&self, rest: &str) -> String {
        format!("/console/t/{}{rest}", self.tenant.slug)
    }

    /// The frame of a page; `here` is the path of its entry below the tenant.
    pub(crate) fn shell(&self, here: &str) -> Result<Shell, Stop> {
        let mut shell = self.desk.shell("")?;
        shell.tenant = Some(Scope::of(&self.tenant));
        shell.nav = shell::tenant_nav(&self.tenant.slug, &self.url(here));
        Ok(shell)
    }

    /// Whether the actor may do something here, for leaving out what would be refused.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.rights.may(action)
    }

    /// The right that the table of routes names is asked for here, before a form is read: what
    /// somebody may not do is refused whatever they sent. Operators' own acts are the use case's
    /// to refuse, for it hides from others that they exist.
    fn admit(&self) -> Result<(), Stop> {
        match self.facts.permission {
            Permission::Role(action) => self.must(action),
            _ => Ok(()),
        }
    }

    /// Asks for a right beyond the one of the table.
    pub(crate) fn must(&self, action: Action) -> Result<(), Stop> {
        if self.may(action) { Ok(()) } else { Err(Stop::Forbidden(action.as_str())) }
    }

    fn forbidden(&self, right: &'static str) -> Outcome {
        let page = Forbidden::new(self.shell("-")?, right, self.rights.names());
        self.desk.page(StatusCode::FORBIDDEN, &page)
    }
}

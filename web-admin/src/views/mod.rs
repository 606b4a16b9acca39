//! The pages of the console as data, one struct per template. Pure values in, HTML out: what they
//! hold is put together by the modules of the same names one level up.

pub(crate) mod admins;
pub(crate) mod applications;
pub(crate) mod audit;
pub(crate) mod branding;
pub(crate) mod connections;
pub(crate) mod domains;
pub(crate) mod home;
pub(crate) mod installation;
pub(crate) mod jobs;
pub(crate) mod logs;
pub(crate) mod mails;
pub(crate) mod mapping;
pub(crate) mod new_connection;
pub(crate) mod organizations;
mod parts;
pub(crate) mod shell;
pub(crate) mod stage;
pub(crate) mod tenants;
pub(crate) mod testing;
pub(crate) mod user_fields;
pub(crate) mod users;

use askama::Template;
use directory::{Action, Role};
use web::views::Frame;

pub(crate) use parts::{Pager, Problems, State, Twin, UriList, When, capped};
pub(crate) use shell::{Env, Shell};

/// A form whose session is over: what was typed, to be sent again.
#[derive(Template)]
#[template(path = "resume.html")]
pub(crate) struct Resume {
    pub(crate) frame: Frame,
    pub(crate) action: String,
    pub(crate) signed_in: bool,
    pub(crate) csrf: String,
    pub(crate) fields: Vec<(String, String)>,
}

/// A page that somebody's role does not reach.
#[derive(Template)]
#[template(path = "forbidden.html")]
pub(crate) struct Forbidden {
    pub(crate) shell: Shell,
    pub(crate) right: &'static str,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) who: String,
}

impl Forbidden {
    pub(crate) fn new(shell: Shell, right: &'static str, roles: Vec<&'static str>) -> Forbidden {
        let action = Action::ALL.iter().find(|action| action.as_str() == right);
        let may = |role: &Role| action.is_some_and(|a| directory::rights::allowed(*role, *a));
        let who: Vec<&str> = Role::ALL.iter().filter(|r| may(r)).map(|r| r.as_str()).collect();
        Forbidden { shell, right, roles, who: who.join(", ") }
    }
}

/// Somebody else saved first: both versions, and the form that saves one over the other.
#[derive(Template)]
#[template(path = "conflict.html")]
pub(crate) struct Conflict {
    pub(crate) shell: Shell,
    pub(crate) title: String,
    /// What was saved: `the sender`.
    pub(crate) what: &'static str,
    pub(crate) changed: When,
    pub(crate) rows: Vec<applications::ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}

/// The page before something serious: what it does, counted, and one button.
#[derive(Template, Default)]
#[template(path = "confirm.html")]
pub(crate) struct Confirm {
    pub(crate) shell: Shell,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) effects: Vec<String>,
    pub(crate) action: String,
    pub(crate) button: String,
    /// Whether it cannot be undone.
    pub(crate) danger: bool,
    /// What has to be typed; nothing for what can be undone.
    pub(crate) expected: String,
    pub(crate) typed: String,
    /// A milder way, with its address.
    pub(crate) instead: Option<(String, String)>,
    pub(crate) twin: Option<Twin>,
    pub(crate) back: String,
    pub(crate) problems: Problems,
}

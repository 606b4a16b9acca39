//! The page that says one thing: an error with its way out, or an outcome such as "You are
//! signed out". Every error page of every face that a browser sees is this one.

use super::{Frame, Link};
use askama::Template;

/// The state a message reports, shown as the tile before its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It worked.
    Done,
    /// Nothing is broken; the visitor has to know or do something.
    Note,
    /// It did not work.
    Stopped,
    /// There is nothing here.
    Nothing,
}

impl Mood {
    /// Class of the tile: full, slanted, cut or hollow.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Mood::Done => "ok",
            Mood::Note => "warn",
            Mood::Stopped => "bad",
            Mood::Nothing => "off",
        }
    }
}

/// A page with one message.
#[derive(Template, Clone, Debug)]
#[template(path = "message.html")]
pub struct Message {
    /// Layout.
    pub frame: Frame,
    /// The state, and its word beside the tile.
    pub mood: Mood,
    /// The word beside the tile, for example `Signed out`.
    pub word: String,
    /// The `h1`: what happened.
    pub title: String,
    /// Why, and what comes next; one paragraph each.
    pub body: Vec<String>,
    /// The next step: at most one primary and one plain link, in this order.
    pub links: Vec<Link>,
    /// Facts for whoever runs the application.
    pub details: Option<Details>,
}

/// What a developer needs to find this moment in the log.
#[derive(Clone, Debug)]
pub struct Details {
    /// Code of the error catalogue.
    pub code: String,
    /// The catalogue's sentence for administrators, or the hint of the protocol error.
    pub what: String,
    /// Display name and id of the application.
    pub application: Option<(String, String)>,
    /// Request id, `req_…`.
    pub request: String,
    /// Microseconds since 1970, UTC.
    pub at: i64,
}

impl Details {
    /// The short form of the request id, which people read out.
    #[must_use]
    pub fn support(&self) -> String {
        store::support_code(&self.request)
    }

    /// `2026-11-21T15:42:07Z`, for the `datetime` attribute; empty outside the calendar.
    #[must_use]
    pub fn machine_time(&self) -> String {
        self.format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// `2026-11-21 15:42:07 UTC`.
    #[must_use]
    pub fn human_time(&self) -> String {
        self.format("%Y-%m-%d %H:%M:%S UTC")
    }

    fn format(&self, pattern: &str) -> String {
        chrono::DateTime::from_timestamp_micros(self.at)
            .map(|time| time.format(pattern).to_string())
            .unwrap_or_default()
    }
}

impl Message {
    /// A page that reports `mood` with one paragraph and no way on yet.
    #[must_use]
    pub fn new(frame: Frame, mood: Mood, word: &str, title: &str, body: &str) -> Message {
        Message {
            frame,
            mood,
            word: word.to_owned(),
            title: title.to_owned(),
            body: vec![body.to_owned()],
            links: Vec::new(),
            details: None,
        }
    }

    /// The page of an error: `title` from [`super::headline`], `body` from the catalogue.
    #[must_use]
    pub fn error(frame: Frame, title: &str, body: &str, details: Details) -> Message {
        let (mood, word) = match details.code.as_str() {
            "not_found" | "tenant_unknown" | "link_unknown" => (Mood::Nothing, "Not found"),
            "tenant_suspended" | "server_busy" | "database_unavailable" | "too_many_requests" => {
                (Mood::Note, "Not available")
            }
            "link_expired" | "flow_expired" | "session_expired" => (Mood::Note, "Expired"),
            "link_used" => (Mood::Note, "Already used"),
            "setup_closed" => (Mood::Note, "Already done"),
            "user_blocked" => (Mood::Stopped, "Blocked"),
            _ => (Mood::Stopped, "Stopped"),
        };
        let mut page = Message::new(frame, mood, word, title, body);
        page.details = Some(details);
        page
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn and(mut self, paragraph: &str) -> Message {
        self.body.push(paragraph.to_owned());
        self
    }

    /// Adds a way on; an address that must not be linked to is left out.
    #[must_use]
    pub fn link(mut self, text: &str, url: &str) -> Message {
        self.links.extend(Link::new(text, url));
        self
    }
}

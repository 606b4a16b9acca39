//! The next step of a flow: one pure function over what was asked, who is signed in, and what the
//! tenant and the application demand. Password, passkey and upstream sign-in all come back here,
//! so none of them can forget a demand.

use protocol::{ErrorCode, Scopes};
use serde_json::Value;
use store::sessions::BrowserSession;
use store::{SessionId, Timestamp};

use super::Flow;

/// What is demanded beyond one factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecondFactor {
    /// Nothing.
    #[default]
    Off,
    /// A second factor; people who have none must enrol one.
    Required,
}

/// What tenant and application demand of a sign-in.
#[derive(Debug, Clone)]
pub struct SignInPolicy {
    /// Whether the person must have allowed the application what it asks for.
    pub consent: bool,
    /// Whether a second factor is demanded.
    pub second_factor: SecondFactor,
    /// What is asked for.
    pub scopes: Scopes,
    /// Keys of fields that somebody must have before they get in.
    pub required: Vec<String>,
}

/// A live session of the browser, reduced to what the decision needs.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The session.
    pub id: SessionId,
    /// Who is signed in.
    pub user: String,
    /// When they last proved who they are.
    pub authenticated_at: Timestamp,
    /// Whether two factors were proven.
    pub two_factors: bool,
    /// Whether the person could prove a second factor.
    pub enrolled: bool,
    /// What they allowed the application, and when.
    pub consented: Option<(Scopes, Timestamp)>,
    /// Whether a field is missing that they must have.
    pub lacking: bool,
}

impl Candidate {
    /// A candidate from a row. Blocked people are none.
    pub fn from_row(row: &BrowserSession, policy: &SignInPolicy) -> Option<Candidate> {
        if row.blocked {
            return None;
        }
        let scopes = row.consented.as_deref().and_then(|text| Scopes::parse(text).ok());
        Some(Candidate {
            id: row.id.clone(),
            user: row.user_id.as_str().to_owned(),
            authenticated_at: row.authenticated_at,
            two_factors: row.amr.split(' ').any(|method| method == "mfa"),
            // No factor can be enrolled yet, so nobody has one.
            enrolled: false,
            consented: scopes.zip(row.consented_at),
            lacking: !lacking(row, &policy.required).is_empty(),
        })
    }
}

/// Which of the keys have no value.
pub(crate) fn lacking(row: &BrowserSession, required: &[String]) -> Vec<String> {
    if required.is_empty() {
        return Vec::new();
    }
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (profile, custom) = (read(&row.profile), read(&row.custom));
    let empty = |value: &Value| value.is_null() || value.as_str().is_some_and(str::is_empty);
    let missing = |key: &&String| match key.as_str() {
        "email" => false,
        "name" => row.name.trim().is_empty(),
        key => {
            let standard = key.split('.').try_fold(&profile, |at, part| at.get(part));
            standard.or_else(|| custom.get(key)).is_none_or(empty)
        }
    };
    required.iter().filter(missing).cloned().collect()
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The person proves who they are. With `again`, they are somebody who has a session and must
    /// prove it anew.
    Authenticate {
        /// The session whose proof is too old.
        again: Option<SessionId>,
    },
    /// The person proves a second factor.
    SecondFactor(SessionId),
    /// The person must first have a second factor.
    Enrol(SessionId),
    /// The person fills in fields that they must have.
    Profile(SessionId),
    /// The person chooses among their sessions.
    Choose,
    /// The person is asked what the application may.
    Consent(SessionId),
    /// Everything is there.
    Done(SessionId),
    /// A page would be needed, and none may be shown (OIDC Core §3.1.2.6).
    Fail(ErrorCode),
}

/// Decides the next step. `sessions` are live ones of this browser, newest sign-in first.
pub fn next_step(
    flow: &Flow,
    sessions: &[Candidate],
    policy: &SignInPolicy,
    now: Timestamp,
) -> Step {
    let silent = flow.request.prompt.none;
    let page = |step: Step, code: ErrorCode| if silent { Step::Fail(code) } else { step };
    let expected = |s: &&Candidate| flow.expected_user.as_ref().is_none_or(|user| *user == s.user);
    let mut possible = sessions.iter().filter(expected);
    let session = match &flow.chosen {
        Some(chosen) => possible.find(|s| s.id.as_str() == chosen),
        None => possible.next(),
    };
    let Some(session) = session else {
        return page(Step::Authenticate { again: None }, ErrorCode::LoginRequired);
    };
    if flow.request.prompt.select_account && flow.chosen.is_none() && !within(flow, session) {
        return page(Step::Choose, ErrorCode::AccountSelectionRequired);
    }
    if !fresh(flow, session, now) {
        let again = Some(session.id.clone());
        return page(Step::Authenticate { again }, ErrorCode::LoginRequired);
    }
    if policy.second_factor == SecondFactor::Required && !session.two_factors {
        let step = if session.enrolled { Step::SecondFactor } else { Step::Enrol };
        return page(step(session.id.clone()), ErrorCode::InteractionRequired);
    }
    if session.lacking {
        return page(Step::Profile(session.id.clone()), ErrorCode::InteractionRequired);
    }
    if policy.consent && !consented(flow, session, &policy.scopes) {
        return page(Step::Consent(session.id.clone()), ErrorCode::ConsentRequired);
    }
    Step::Done(session.id.clone())
}

/// Whether the proof was given since the flow began.
fn within(flow: &Flow, session: &Candidate) -> bool {
    session.authenticated_at >= flow.started_at
}

/// OIDC Core §3.1.2.1: `prompt=login` and `max_age` look at the proof, never at later activity.
fn fresh(flow: &Flow, session: &Candidate, now: Timestamp) -> bool {
    if within(flow, session) {
        return true;
    }
    let young = |seconds: i64| session.authenticated_at.plus_seconds(seconds) >= now;
    !flow.request.prompt.login && flow.request.max_age.is_none_or(young)
}

/// `prompt=consent` wants an answer given since the flow began.
fn consented(flow: &Flow, session: &Candidate, scopes: &Scopes) -> bool {
    session.consented.as_ref().is_some_and(|(allowed, at)| {
        scopes.is_subset(allowed) && (!flow.request.prompt.consent || *at >= flow.started_at)
    })
}

#[cfg(test)]
mod tests;

//! The sign-in page: email and password together, as password managers expect.

use askama::Template;
use web::views::{Frame, Problems, monogram};

/// "Sign in to …". The password is never part of it: a refused form comes back without one.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Display name of the application that asks.
    pub application: String,
    /// What stands in the email field: the `login_hint`, or what was typed before.
    pub username: String,
    /// Where "Use another account" leads when the email is settled and cannot be edited.
    pub fixed: Option<String>,
    /// Whether "Keep me signed in" is ticked.
    pub remember: bool,
    /// Why the question is asked again, for example a fresh check; empty otherwise.
    pub reason: String,
    /// A quiet remark above the form, such as a refreshed session; empty otherwise.
    pub notice: String,
    /// What was wrong with the last attempt.
    pub problems: Problems,
    /// Whether a password is asked for.
    pub password: bool,
    /// Whether the password stands before the connections.
    pub password_first: bool,
    /// The connections, in the order shown.
    pub providers: Vec<Provider>,
    /// Where "Forgot your password?" leads.
    pub recover: String,
    /// Where "Create an account" leads; nothing where strangers may not.
    pub sign_up: Option<String>,
}

/// A connection as a button, which is a link: it changes nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The connection's short name.
    pub code: String,
    /// The name people read.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// Whether somebody last got in this way from this browser.
    pub last: bool,
}

impl Provider {
    /// The letter on its tile.
    #[must_use]
    pub fn monogram(&self) -> String {
        monogram(&self.name, 1)
    }
}

/// Puts the connection somebody used last from this browser before the others, which keep the
/// tenant's order.
pub fn last_used_first(providers: &mut Vec<Provider>, way: Option<&str>) {
    if let Some(at) = way.and_then(|way| providers.iter().position(|p| p.code == way)) {
        let mut last = providers.remove(at);
        last.last = true;
        providers.insert(0, last);
    }
}

/// The password is new, and the person is to sign in with it.
pub const NEW_PASSWORD: &str = "Your password is set. Sign in with it.";

/// The one answer to an unknown, wrong, blocked or passwordless account alike.
pub const NOT_CORRECT: &str = "Email or password is not correct";

/// The form's token did not fit any more; nothing was tried.
pub const REFRESHED: &str = "Your session was refreshed. Try again.";

/// The answer of the guess counter, the same whether the account exists or not.
///
/// `wait_s` is the time left in seconds; it is said in whole minutes, rounded up.
#[must_use]
pub fn too_many(wait_s: i64) -> String {
    match (wait_s.max(1) + 59) / 60 {
        1 => "Too many attempts. Try again in 1 minute.".to_owned(),
        minutes => format!("Too many attempts. Try again in {minutes} minutes."),
    }
}

impl SignIn {
    /// The page as first shown: nothing typed, nothing wrong.
    #[must_use]
    pub fn new(frame: Frame, action: &str, csrf: &str, application: &str) -> SignIn {
        SignIn {
            frame,
            action: action.to_owned(),
            csrf: csrf.to_owned(),
            application: application.to_owned(),
            username: String::new(),
            fixed: None,
            remember: false,
            reason: String::new(),
            notice: String::new(),
            problems: Problems::none(),
            password: true,
            password_first: true,
            providers: Vec::new(),
            recover: String::new(),
            sign_up: None,
        }
    }

    /// Whether there is any way in at all.
    fn closed(&self) -> bool {
        !self.password && self.providers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Provider, last_used_first, too_many};

    #[test]
    fn the_way_used_last_comes_first() {
        let provider = |code: &str| Provider {
            code: code.into(),
            name: code.into(),
            url: "/".into(),
            last: false,
        };
        let mut three = vec![provider("a"), provider("b"), provider("c")];
        last_used_first(&mut three, Some("c"));
        let order: Vec<_> = three.iter().map(|p| (p.code.as_str(), p.last)).collect();
        assert_eq!(order, [("c", true), ("a", false), ("b", false)]);
        let mut same = three.clone();
        last_used_first(&mut same, Some("password"));
        last_used_first(&mut same, None);
        assert_eq!(same, three);
    }

    #[test]
    fn waiting_is_said_in_whole_minutes() {
        assert_eq!(too_many(-5), "Too many attempts. Try again in 1 minute.");
        assert_eq!(too_many(60), "Too many attempts. Try again in 1 minute.");
        assert_eq!(too_many(61), "Too many attempts. Try again in 2 minutes.");
        assert_eq!(too_many(900), "Too many attempts. Try again in 15 minutes.");
    }
}

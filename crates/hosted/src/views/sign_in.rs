//! The sign-in page: email and password together, as password managers expect.

use askama::Template;
use web::views::{Frame, Problems};

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
}

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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::too_many;

    #[test]
    fn waiting_is_said_in_whole_minutes() {
        assert_eq!(too_many(-5), "Too many attempts. Try again in 1 minute.");
        assert_eq!(too_many(60), "Too many attempts. Try again in 1 minute.");
        assert_eq!(too_many(61), "Too many attempts. Try again in 2 minutes.");
        assert_eq!(too_many(900), "Too many attempts. Try again in 15 minutes.");
    }
}

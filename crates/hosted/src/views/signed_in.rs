//! What a sign-in page becomes when this browser has signed in meanwhile, in another tab or before
//! going Back: the same way on, one press away.

use askama::Template;
use web::views::Frame;

/// "You are signed in as …".
#[derive(Template)]
#[template(path = "signed_in.html")]
pub struct SignedIn {
    /// Layout.
    pub frame: Frame,
    /// Where the form goes: on with this tab's own authorization.
    pub action: String,
    /// Token of the form.
    pub csrf: String,
    /// Display name of the application this tab belongs to.
    pub application: String,
    /// Name of the user, or the email.
    pub name: String,
    /// The session chooser.
    pub switch: String,
}

//! The answer of an authorization request with `response_mode=form_post` (OAuth 2.0 Form Post
//! Response Mode section 2): a form that sends itself, and a button where scripts are off.

use super::Frame;
use askama::Template;

/// The page that carries the parameters to the application by POST.
#[derive(Template)]
#[template(path = "form_post.html")]
pub struct FormPost {
    /// Layout.
    pub frame: Frame,
    /// Display name of the application.
    pub application: String,
    /// The verified `redirect_uri`; it also has to stand in `form-action`.
    pub action: String,
    /// Parameters of the answer.
    pub params: Vec<(String, String)>,
    /// The nonce of this page's one script, as in its `Content-Security-Policy`.
    pub nonce: String,
}

//! The outcomes that are not errors of the catalogue: signed in elsewhere, signed out, password
//! set. Each is `web::views::Message` with its words.

use web::views::{Frame, Message, Mood};

/// Another tab of this browser signed in while this one waited. `next` continues this tab's own
/// authorization, `switch` is the account chooser.
#[must_use]
pub fn signed_in(frame: Frame, name: &str, application: &str, next: &str, switch: &str) -> Message {
    let title = format!("You are signed in as {name}");
    let body = format!("Continue to {application}, or choose another account for it.");
    Message::new(frame, Mood::Done, "Signed in", &title, &body)
        .link("Continue", next)
        .link("Use another account", switch)
}

/// The session is over. `back` is the application's name and home page.
#[must_use]
pub fn signed_out(frame: Frame, back: Option<(&str, &str)>) -> Message {
    let title = format!("You are signed out of {}", frame.tenant);
    let body = "Others who use this browser cannot get into your account now. \
                An application that is still open may show its pages until you close it.";
    let page = Message::new(frame, Mood::Done, "Signed out", &title, body);
    match back {
        Some((application, url)) => page.link(&format!("Back to {application}"), url),
        None => page,
    }
}

/// There was nobody to sign out.
#[must_use]
pub fn not_signed_in(frame: Frame, back: Option<(&str, &str)>) -> Message {
    let title = "You are not signed in";
    let body = format!("This browser has no session at {}, so nothing had to end.", frame.tenant);
    let page = Message::new(frame, Mood::Nothing, "Signed out", title, &body);
    match back {
        Some((application, url)) => page.link(&format!("Back to {application}"), url),
        None => page,
    }
}

/// The password is stored. `sign_in` is where it can be used, if the tenant has such a page.
#[must_use]
pub fn password_set(frame: Frame, email: &str, sign_in: Option<(&str, &str)>) -> Message {
    let body = format!(
        "From now on, sign in as {email} with your new password. The link you used does not work again."
    );
    let page = Message::new(frame, Mood::Done, "Done", "Your password is set", &body);
    match sign_in {
        Some((application, url)) => page.link(&format!("Sign in to {application}"), url),
        None => page.and("Go back to the application you came from and sign in."),
    }
}

/// The first operator exists. `console` is the console's address.
#[must_use]
pub fn setup_done(frame: Frame, console: &str) -> Message {
    let body = "You are the first operator. Sign in to the console to create a tenant \
                and register an application.";
    Message::new(frame, Mood::Done, "Done", "Your installation is ready", body)
        .link("Open the console", console)
}

//! The outcomes that are not errors of the catalogue: blocked, signed out, password set. Each is
//! `web::views::Message` with its words.

use web::views::{Frame, Message, Mood};

/// The right password, but an administrator has blocked the account. Shown only then, so it tells
/// nobody else that the account exists.
#[must_use]
pub fn blocked(frame: Frame) -> Message {
    let body = format!(
        "Your password is right, but an administrator of {} has blocked this account.",
        frame.tenant
    );
    let next = format!("Ask the people who run {} to unblock it.", frame.tenant);
    Message::new(frame, Mood::Stopped, "Blocked", "Your account is blocked", &body).and(&next)
}

/// The session is over.
#[must_use]
pub fn signed_out(frame: Frame) -> Message {
    let title = format!("You are signed out of {}", frame.tenant);
    let body = "Others who use this browser cannot get into your account now. \
                An application that is still open may show its pages until you close it.";
    Message::new(frame, Mood::Done, "Signed out", &title, body)
}

/// There was nobody to sign out.
#[must_use]
pub fn not_signed_in(frame: Frame) -> Message {
    let body = format!("This browser has no session at {}, so nothing had to end.", frame.tenant);
    Message::new(frame, Mood::Nothing, "Signed out", "You are not signed in", &body)
}

/// A link to choose a new password was asked for. `address` is what was typed; the answer is the
/// same whether it has an account or not.
#[must_use]
pub fn recovery_sent(frame: Frame, address: Option<&str>) -> Message {
    let body = match address {
        Some(address) => {
            format!("If an account exists for {address}, we have sent a link to that address.")
        }
        None => "If an account exists for the address, we have sent a link to it.".to_owned(),
    };
    Message::new(frame, Mood::Note, "Link sent", "Check your email", &body)
        .and("The link works once and for 60 minutes. If nothing comes, look among unwanted mail.")
}

/// An account was asked for. The answer is the same whether the address has one or not.
#[must_use]
pub fn sign_up_sent(frame: Frame, address: Option<&str>) -> Message {
    let to = address.unwrap_or("your address");
    let body = format!("We have sent a message to {to}. Open the link in it to go on.");
    Message::new(frame, Mood::Note, "Link sent", "Check your email", &body)
        .and("The link works once and for 24 hours. If nothing comes, look among unwanted mail.")
}

/// A sign-up that came from a provider waits for its address. The answer is the same whether the
/// address has an account or not.
#[must_use]
pub fn complete_sent(frame: Frame, address: Option<&str>) -> Message {
    let to = address.unwrap_or("your address");
    let body = format!("We have sent a message to {to}. Open the link in it in this browser.");
    Message::new(frame, Mood::Note, "Link sent", "Check your email", &body)
        .and("The link works once and for 60 minutes. If nothing comes, look among unwanted mail.")
}

/// Strangers may not create an account.
#[must_use]
pub fn sign_up_closed(frame: Frame) -> Message {
    let body = format!("Accounts of {} are made by the people who run it.", frame.tenant);
    Message::new(frame, Mood::Nothing, "Closed", "You cannot create an account here", &body)
        .and("Ask them for one. If you have an account, sign in with it.")
}

/// The address is proven, in another browser than the one that asked.
#[must_use]
pub fn verified_elsewhere(frame: Frame) -> Message {
    let body = "Return to the device where you started, and sign in there with the password you \
                chose.";
    Message::new(frame, Mood::Done, "Done", "Your account is ready", body)
}

/// Somebody has the address by now.
#[must_use]
pub fn address_taken(frame: Frame) -> Message {
    let body = "The address got an account before this link was used, so no second one was made.";
    Message::new(frame, Mood::Note, "Already done", "There is an account with this address", body)
        .and("If it is yours, sign in to it. If you do not know its password, reset it.")
}

/// The password is stored.
#[must_use]
pub fn password_set(frame: Frame) -> Message {
    let body = "From now on, sign in with your new password. Applications that stayed connected \
                ask you to sign in again, and the link you used does not work a second time.";
    Message::new(frame, Mood::Done, "Done", "Your password is set", body)
        .and("Go back to the application you came from and sign in.")
}

/// The first operator exists. `console` is the console's address.
#[must_use]
pub fn setup_done(frame: Frame, console: &str) -> Message {
    let body = "You are the first operator. Sign in to the console to create a tenant \
                and register an application.";
    Message::new(frame, Mood::Done, "Done", "Your installation is ready", body)
        .link("Open the console", console)
}

/// The invitation is taken up.
#[must_use]
pub fn joined(frame: Frame) -> Message {
    let body = "You are a member now. Your account here signs you in to its applications.";
    Message::new(frame, Mood::Done, "Done", "You have joined", body)
        .and("Go to the application you were invited for and sign in.")
}

/// A mail with a link is on its way to the account's address.
#[must_use]
pub fn link_sent(frame: Frame, provider: &str) -> Message {
    let body = format!(
        "We sent a link to the address of your account. Open it in this browser within an hour to \
         connect {provider}."
    );
    Message::new(frame, Mood::Done, "Sent", "Check your email", &body)
        .and("No mail? Look into the spam folder. You can close this page.")
}

/// On to a provider, to link an account there.
#[must_use]
pub fn leaving(frame: Frame, provider: &str, url: &str) -> Message {
    let body = format!(
        "Sign in at {provider} with the account you want to link. You come back here, and nothing \
         is linked before you confirm it."
    );
    let title = format!("Go on to {provider}");
    Message::new(frame, Mood::Note, "One more step", &title, &body)
        .link(&format!("Continue to {provider}"), url)
}

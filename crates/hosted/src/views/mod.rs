//! The hosted pages as data: one struct per page, its template, and its standard messages.
//!
//! Plain strings in, HTML out. Handlers fill these from what the issuer answers; nothing here
//! reads a request, decides a step or formats a protocol value. The frame, form problems and the
//! message page come from `web::views`.

pub mod account;
pub mod admin_invitation;
pub mod choose;
pub mod complete;
pub mod connect;
pub mod consent;
pub mod fields;
pub mod invitation;
pub mod logout;
pub mod messages;
pub mod missing;
pub mod recover;
pub mod set_password;
pub mod setup;
pub mod sign_in;
pub mod sign_up;
pub mod signed_in;

#[cfg(test)]
pub(crate) mod lint;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use account::{
    AccountApplication, AccountApplications, AccountEmail, AccountFrame, AccountHome,
    AccountIdentities, AccountIdentity, AccountPassword, AccountProfile, AccountSession,
    AccountSessions, ConfirmEmail, UndoEmail,
};
pub use admin_invitation::AdminInvitation;
pub use choose::{Account, Choose};
pub use complete::Complete;
pub use connect::Connect;
pub use consent::{Consent, ConsentScope};
pub use fields::Field;
pub use invitation::{Invitation, InvitationStep};
pub use logout::Logout;
pub use missing::Missing;
pub use recover::Recover;
pub use set_password::SetPassword;
pub use setup::Setup;
pub use sign_in::{Provider, SignIn};
pub use sign_up::{SignUp, Verify};
pub use signed_in::SignedIn;

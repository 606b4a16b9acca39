//! What can go wrong while somebody signs in, consents or sets a password.
//!
//! Texts for the person never tell whether an account exists; the texts for admins do, because
//! admins see them in the trace alone.

super::entries! {
    /// Identifier or password is wrong; the same words for every cause.
    BAD_CREDENTIALS = "bad_credentials", User {
        user: "Email or password is not correct. Check both and try again, or reset your password.",
        admin: "The password is wrong, or no user of this tenant has this identifier, or the user \
            has no password.",
        fix: "Nothing to change. Send the user a link to set a new password if they ask.",
    }
    /// The guess limit is reached; the same words for every identifier.
    TOO_MANY_ATTEMPTS = "too_many_attempts", User {
        user: "Too many attempts. Try again in 5 minutes or reset your password.",
        admin: "The limit of failed attempts for this identifier or network address is reached.",
        fix: "Wait, or send the user a link to set a new password, which clears the count.",
    }
    /// The user is blocked; people see the words of a wrong password.
    USER_BLOCKED = "user_blocked", Admin {
        user: "Email or password is not correct. Check both and try again, or reset your password.",
        admin: "The user is blocked. The sign-in page says the same as for a wrong password.",
        fix: "Unblock the user on their page if they should have access.",
    }
    /// The sign-in took longer than a flow lives.
    FLOW_EXPIRED = "flow_expired", User {
        user: "This sign-in page was open for too long. Press Try again to go on where you were.",
        admin: "The sign-in was not finished within 60 minutes.",
        fix: "Nothing to change. Trying again restarts the same request.",
    }
    /// The sign-in was begun in another browser.
    FLOW_FOREIGN_BROWSER = "flow_foreign_browser", User {
        user: "This sign-in was started in another browser, or cookies are switched off here. \
            Press Try again to start it in this browser.",
        admin: "The cookie that ties a sign-in to its browser is missing or belongs to another \
            sign-in.",
        fix: "Check that a proxy in front does not drop cookies, and that the link was not copied \
            from one browser to another.",
    }
    /// The form's token does not belong to this browser.
    CSRF_FAILED = "csrf_failed", User {
        user: "Your session was refreshed while this page was open. Nothing was changed. Try again.",
        admin: "The form token does not belong to this session, or the request came from another \
            site.",
        fix: "Nothing to change for single cases. If it happens to everybody, check that the \
            proxy keeps the Origin and Cookie headers.",
    }
    /// The user chose Cancel on the consent page.
    CONSENT_DENIED = "consent_denied", User {
        user: "You chose not to share your data with the app. Go back to the app, and sign in \
            again if you change your mind.",
        admin: "The user did not consent.",
        fix: "Nothing to change. Ask for fewer scopes if users often say no.",
    }
    /// `prompt=none`, but there is no session.
    LOGIN_REQUIRED = "login_required", Developer {
        user: "You are not signed in. Go back to the app and sign in.",
        admin: "The request forbids pages (prompt=none), and the user has no session that \
            satisfies it.",
        fix: "Let the application repeat the request without prompt=none.",
    }
    /// `prompt=none`, but consent is missing.
    CONSENT_REQUIRED = "consent_required", Developer {
        user: "The app needs your agreement first. Go back to the app and sign in.",
        admin: "The request forbids pages (prompt=none), and the user has not consented to these \
            scopes.",
        fix: "Let the application repeat the request without prompt=none, or mark it as \
            first-party.",
    }
    /// `prompt=none`, but several sessions fit.
    ACCOUNT_SELECTION_REQUIRED = "account_selection_required", Developer {
        user: "You are signed in with more than one account. Go back to the app, sign in and \
            choose one.",
        admin: "The request forbids pages (prompt=none), and several sessions of the browser fit.",
        fix: "Let the application send id_token_hint or login_hint, or repeat the request without \
            prompt=none.",
    }
    /// The session is over.
    SESSION_EXPIRED = "session_expired", User {
        user: "You were signed out because you were away for some time. Sign in again to go on.",
        admin: "The session passed its idle or its absolute lifetime, or was ended.",
        fix: "Nothing to change, or set longer session lifetimes.",
    }
    /// The one-time link was not made here, or was changed.
    LINK_UNKNOWN = "link_unknown", User {
        user: "This link does not work. It may have been cut off in the email. Copy the whole \
            link, or ask for a new one.",
        admin: "The one-time link was not made by this tenant, or was changed or cut on the way.",
        fix: "Send a new link.",
    }
    /// The one-time link's life is over.
    LINK_EXPIRED = "link_expired", User {
        user: "This link is too old. Ask for a new one and open it soon.",
        admin: "The one-time link was opened after its lifetime.",
        fix: "Send a new link.",
    }
    /// The one-time link was used before.
    LINK_USED = "link_used", User {
        user: "This link was already used. Sign in, or ask for a new link if you still need one.",
        admin: "The one-time link was used before, or a newer one replaced it.",
        fix: "Send a new link if the user still needs one.",
    }
    /// The new password is too short.
    PASSWORD_TOO_SHORT = "password_too_short", User {
        user: "The password is too short. Add words until it has the length that the page names.",
        admin: "The password has fewer characters than the tenant's policy asks for.",
        fix: "Nothing to change, or set another minimum under MFA & security.",
    }
    /// The new password is on the blocklist.
    PASSWORD_COMMON = "password_common", User {
        user: "This password is easy to guess. Choose a few unrelated words instead.",
        admin: "The password is on the list of common passwords, follows a pattern, or is made of \
            the name of the user, the tenant or the product.",
        fix: "Nothing to change. The list cannot be switched off.",
    }
}

//! Refusals at the token endpoint and at endpoints that take a token.
//!
//! No browser sees most of them; the texts for people are there for applications that show what
//! they got, and for the trace.

super::entries! {
    /// The code was not made here, or was changed.
    CODE_UNKNOWN = "code_unknown", Developer {
        user: "The app could not finish your sign-in. Go back to the app and start again.",
        admin: "The authorization code was not made by this tenant, or was changed or cut on the \
            way.",
        fix: "Send the code exactly as it arrived, and to the token endpoint of the same issuer.",
    }
    /// The code's life is over.
    CODE_EXPIRED = "code_expired", Developer {
        user: "The app took too long to finish your sign-in. Go back to the app and start again.",
        admin: "The authorization code was redeemed after its lifetime.",
        fix: "Redeem the code at once, and check the clock of the application's server.",
    }
    /// The code was redeemed before.
    CODE_REUSED = "code_reused", Developer {
        user: "This sign-in was already used, so the app was signed out to protect you. Go back \
            to the app and sign in again.",
        admin: "The authorization code was redeemed a second time. The tokens of the first time \
            were revoked, because one of the two may have been somebody else.",
        fix: "Redeem each code once. Look for a retry or a double page load in the application.",
    }
    /// The code belongs to another application, redirect URI or tenant.
    CODE_WRONG_APPLICATION = "code_wrong_application", Developer {
        user: "The app could not finish your sign-in. Go back to the app and start again.",
        admin: "The authorization code was made for another application or another redirect_uri \
            than the one that redeems it.",
        fix: "Redeem the code with the same client ID and redirect_uri as in the authorization \
            request.",
    }
    /// The session behind the code is over.
    CODE_SESSION_ENDED = "code_session_ended", User {
        user: "You were signed out before the app could finish. Go back to the app and sign in \
            again.",
        admin: "The session, the user or the consent behind the authorization code ended before \
            the code was redeemed.",
        fix: "Nothing to change. The next sign-in works.",
    }
    /// No client authentication was sent.
    CLIENT_AUTH_MISSING = "client_auth_missing", Developer {
        user: "The app could not prove who it is. Go back to the app. If this happens again, tell \
            the people who run it.",
        admin: "The request to the token endpoint has no client credentials, or they cannot be \
            read.",
        fix: "Send client ID and client secret, by Basic header or in the body, as the \
            application's page says.",
    }
    /// The client secret is not one of the application's.
    CLIENT_SECRET_WRONG = "client_secret_wrong", Developer {
        user: "The app could not prove who it is. Go back to the app. If this happens again, tell \
            the people who run it.",
        admin: "The client secret is not one of the live secrets of this application.",
        fix: "Compare its first characters with the secrets on the application's page, and create \
            a new secret if the old one is lost or expired.",
    }
    /// Another authentication method than the registered one, or two at once.
    CLIENT_AUTH_METHOD = "client_auth_method", Developer {
        user: "The app could not prove who it is. Go back to the app. If this happens again, tell \
            the people who run it.",
        admin: "The application authenticated by another method than the one it is registered \
            for, or by two at once.",
        fix: "Set the application's library to the method shown under Credentials, or change the \
            method there.",
    }
    /// The application may not use this grant type.
    GRANT_TYPE_NOT_ALLOWED = "grant_type_not_allowed", Admin {
        user: "The app asked for a way of signing in that it is not allowed to use. Tell the \
            people who run the app.",
        admin: "The grant type is unknown here or not allowed for this application.",
        fix: "Allow the grant type under the application's settings, or use an allowed one.",
    }
    /// The refresh token was not made here, or was changed.
    REFRESH_UNKNOWN = "refresh_unknown", Developer {
        user: "The app has to ask you to sign in again. Go back to the app and sign in.",
        admin: "The refresh token was not made by this tenant for this application, or was \
            changed or cut.",
        fix: "Store refresh tokens unchanged, and send each to the issuer it came from.",
    }
    /// A spent refresh token came again.
    REFRESH_REPLAYED = "refresh_replayed", Developer {
        user: "Somebody may have copied the app's access, so we ended it to protect you. Go back \
            to the app and sign in again.",
        admin: "A refresh token that had been replaced was used again, so the whole grant was \
            revoked.",
        fix: "Store the new refresh token of every answer before the old one is dropped, and let \
            only one process refresh at a time.",
    }
    /// The refresh token's life is over.
    REFRESH_EXPIRED = "refresh_expired", User {
        user: "You have not used the app for a long time, so it has to ask you to sign in again. \
            Go back to the app and sign in.",
        admin: "The refresh token passed its idle or its absolute lifetime.",
        fix: "Nothing to change, or set longer lifetimes for the application.",
    }
    /// The grant was revoked.
    GRANT_REVOKED = "grant_revoked", User {
        user: "The app's access to your account was ended. Go back to the app and sign in again \
            if you still want to use it.",
        admin: "The grant behind the code or token was revoked: by the user, by an admin, by \
            sign-out or after a replay. The audit log names which.",
        fix: "Nothing to change. The next sign-in makes a new grant.",
    }
    /// The access token is malformed, foreign, or its grant, session or user is over.
    TOKEN_INVALID = "token_invalid", Developer {
        user: "The app's access is no longer good. Go back to the app and sign in again.",
        admin: "The token was not made by this tenant for this use, was changed, or the grant, \
            session or user behind it is gone.",
        fix: "Send the access token of this issuer as Authorization: Bearer, and get a new one \
            after a 401.",
    }
    /// The access token's life is over.
    TOKEN_EXPIRED = "token_expired", Developer {
        user: "The app's access has run out. Go back to the app and try again.",
        admin: "The access token is past its lifetime.",
        fix: "Refresh the token when a call answers 401, or a little before expires_in.",
    }
}

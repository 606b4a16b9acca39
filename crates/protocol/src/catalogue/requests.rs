//! Requests at the authorization and sign-out endpoints that an application gets wrong.
//!
//! The person at the browser did nothing wrong, so the texts send them back to the app; the texts
//! for admins name the parameter.

super::entries! {
    /// The redirect URI is not one of the registered ones.
    REDIRECT_URI_MISMATCH = "redirect_uri_mismatch", Developer {
        user: "The app asked to send you to an address it has not registered, so we stopped here \
            to protect you. Go back to the app and start again. If this happens twice, tell the \
            people who run the app.",
        admin: "The redirect_uri of the request is not equal to any registered redirect URI. The \
            comparison is letter by letter.",
        fix: "Register the address exactly as the application sends it, or change the \
            application to send a registered one.",
    }
    /// No application has this client_id.
    APPLICATION_UNKNOWN = "application_unknown", Developer {
        user: "We do not know the app that sent you here, so we cannot sign you in to it. Go back \
            to the app and start again. If this happens twice, tell the people who run the app.",
        admin: "No application of this tenant has the client_id of the request.",
        fix: "Copy the client ID from the application's page, and check that the application \
            talks to the issuer of the right tenant.",
    }
    /// The application is switched off.
    APPLICATION_DISABLED = "application_disabled", Admin {
        user: "Sign-in to this app is switched off at the moment. Ask the people who run the app \
            when it will be back.",
        admin: "The application is disabled.",
        fix: "Enable the application on its page.",
    }
    /// A response type other than `code`.
    RESPONSE_TYPE_UNSUPPORTED = "response_type_unsupported", Developer {
        user: "The app asked for a way of signing in that is not offered here. Go back to the app. \
            If this happens again, tell the people who run it.",
        admin: "The response_type of the request is not offered. Only code is.",
        fix: "Set the application's library to the authorization code flow (response_type=code).",
    }
    /// Something else is wrong with the request.
    REQUEST_INVALID = "request_invalid", Developer {
        user: "The app sent us something we could not read, so we cannot sign you in to it. Go \
            back to the app and start again. If this happens twice, tell the people who run it.",
        admin: "A parameter of the request is missing, sent twice, too long or malformed. The \
            details name it.",
        fix: "Correct the parameter in the application. The page for developers lists what each \
            request may hold.",
    }
    /// PKCE is required but there was no challenge.
    PKCE_MISSING = "pkce_missing", Developer {
        user: "The app left out a safety step that is required here, so we cannot sign you in to \
            it. Tell the people who run the app.",
        admin: "The request has no code_challenge, and this application must use PKCE.",
        fix: "Switch on PKCE (S256) in the application's library. Nearly all have it under that \
            name.",
    }
    /// The verifier does not belong to the challenge, or one of them is missing.
    PKCE_MISMATCH = "pkce_mismatch", Developer {
        user: "The app could not finish your sign-in, because its own safety check failed. Go \
            back to the app and start again.",
        admin: "The code_verifier does not belong to the code_challenge of the authorization \
            request, or only one of the two was sent.",
        fix: "Keep the verifier from the start of the sign-in until the code is redeemed, in the \
            same browser session, and send it unchanged.",
    }
    /// The requested scope may not be asked for.
    SCOPE_NOT_ALLOWED = "scope_not_allowed", Developer {
        user: "The app asked for more access than it is allowed to have. Go back to the app. If \
            this happens again, tell the people who run it.",
        admin: "The request names a scope that is malformed, unknown or not allowed for this \
            application, or beyond what was granted before.",
        fix: "Add the scope to the application's allowed scopes, or ask for fewer.",
    }
    /// The address to return to after sign-out is not registered.
    LOGOUT_REDIRECT_UNREGISTERED = "logout_redirect_unregistered", Developer {
        user: "The app asked to send you to an address it has not registered, so you stay here. \
            Close this page, or open the app again.",
        admin: "The post_logout_redirect_uri is not registered for the application, or came \
            without an ID token that names the application.",
        fix: "Register the address under the application's sign-out addresses, and send \
            id_token_hint with it.",
    }
    /// A browser called from a page that is not registered.
    ORIGIN_NOT_ALLOWED = "origin_not_allowed", Developer {
        user: "This web page may not use the sign-in service directly. Go back to the app and \
            start again. If this happens twice, tell the people who run it.",
        admin: "The Origin of the browser's request is not a registered web origin of the \
            application.",
        fix: "Add the origin (scheme, host and port) to the application's web origins.",
    }
}

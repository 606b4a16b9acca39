//! Tenants, rights, forms, and the state of the installation.
//!
//! The texts are shown by all faces alike; a face adds the details it knows, such as the field or
//! the time to wait.

super::entries! {
    /// No tenant answers at this host or path.
    TENANT_UNKNOWN = "tenant_unknown", Operator {
        user: "There is no sign-in page at this address. Check the address, or go back to the app \
            that sent you here.",
        admin: "No tenant has this host name or path.",
        fix: "Check the spelling of the slug or host, and that the proxy passes the Host header \
            unchanged.",
    }
    /// The tenant is suspended.
    TENANT_SUSPENDED = "tenant_suspended", Operator {
        user: "Sign-in is unavailable here at the moment. Ask the people who run the app when it \
            will be back.",
        admin: "The tenant is suspended. Nobody can sign in and no token is issued.",
        fix: "An operator can resume the tenant on its page under Tenants.",
    }
    /// The server has more to do than it can.
    SERVER_BUSY = "server_busy", Operator {
        user: "Many people are signing in right now. Nothing was lost. Wait a few seconds and try \
            again.",
        admin: "A queue of the server was full or a deadline passed. The answer was 503 with \
            Retry-After.",
        fix: "If it lasts, look at the hash queue and the write lane on the system's overview, and \
            add cores or nodes.",
    }
    /// One network address asks for too much.
    TOO_MANY_REQUESTS = "too_many_requests", User {
        user: "Too much was asked for from your network within the last hour. Wait a few minutes \
            and try again.",
        admin: "One network address asked for more mails or accounts within an hour than anybody \
            may who is not signed in.",
        fix: "Nothing to change for single cases. If many people share one address, check that the \
            proxy in front passes on theirs and is in the list of trusted proxies.",
    }
    /// The database does not answer.
    DATABASE_UNAVAILABLE = "database_unavailable", Operator {
        user: "Sign-in is interrupted for a moment. Nothing was changed. Wait a few seconds and \
            try again.",
        admin: "The database did not answer, is read-only or has no space left.",
        fix: "Check the database and its disk. The server recovers by itself; tessera doctor names \
            the cause.",
    }
    /// The page or object does not exist, or belongs to somebody else.
    NOT_FOUND = "not_found", User {
        user: "There is nothing at this address. Check the address, or go back.",
        admin: "No object of this tenant has this identifier, or no page has this address.",
        fix: "Check the identifier and the tenant.",
    }
    /// The address does not take this HTTP method.
    METHOD_NOT_ALLOWED = "method_not_allowed", Developer {
        user: "This address cannot be opened like this. Go back and use the buttons of the page.",
        admin: "The address does not take this HTTP method. The Allow header lists the ones it \
            takes.",
        fix: "Use a method of the Allow header. The token endpoint, for example, takes POST only.",
    }
    /// The request body is too large.
    PAYLOAD_TOO_LARGE = "payload_too_large", Developer {
        user: "What you sent is too large. Shorten it and try again.",
        admin: "The request body or a part of it is over the limit of this address.",
        fix: "Send less at once. The reference lists the limits.",
    }
    /// A field of a form needs correction.
    FORM_INVALID = "form_invalid", User {
        user: "Some of what you entered needs a correction. Look at the marked fields, change them \
            and send the form again.",
        admin: "One or more fields did not pass their checks. The answer names each of them.",
        fix: "Correct the named fields.",
    }
    /// Something with this name exists, or somebody changed it meanwhile.
    CONFLICT = "conflict", User {
        user: "This name is taken, or somebody changed the same thing a moment ago. Load the page \
            again, compare and save once more.",
        admin: "A unique value is taken already, or the object changed since it was read.",
        fix: "Choose another value, or read the object again and repeat the change.",
    }
    /// The actor lacks the right.
    FORBIDDEN = "forbidden", Admin {
        user: "Your account may not do this. Ask an admin for access.",
        admin: "The actor's roles do not hold the right for this action.",
        fix: "Give the actor a role with this right under Operators & roles.",
    }
    /// The first operator exists already.
    SETUP_CLOSED = "setup_closed", Operator {
        user: "This installation is set up already. Sign in instead.",
        admin: "The set-up link was used before, has expired, or an operator exists already.",
        fix: "Sign in as operator, or print a new link with tessera admin setup-link.",
    }
    /// Something unexpected.
    INTERNAL = "internal", Operator {
        user: "Something failed on our side. Nothing was changed as far as we know. Try again, and \
            if it happens twice, tell the people who run the app the request id below.",
        admin: "An unexpected error. The log holds its cause under the request id.",
        fix: "Search the log for the request id and report what it says.",
    }
}

//! The heading of an error page for each code of the catalogue that a visitor can meet.
//!
//! The catalogue has the sentence below it. A code without its own heading is a fault in what an
//! application sent, and says so.

/// The `h1` of the error page for `code`. `application` is the display name, when it is known.
///
/// Says what happened in the visitor's words: no protocol names, no blame.
#[must_use]
pub fn headline(code: &str, application: Option<&str>) -> String {
    let app = application.unwrap_or("the application");
    let text = match code {
        "redirect_uri_mismatch" | "logout_redirect_unregistered" => {
            return format!("We could not return you to {app}");
        }
        "application_disabled" => {
            return format!("{} is switched off", application.unwrap_or("This application"));
        }
        "application_unknown" => "We do not know this application",
        "tenant_unknown" => "There is no sign-in page here",
        "tenant_suspended" => "Sign-in is not available right now",
        "user_blocked" => "Your account is blocked",
        "too_many_attempts" => "Too many attempts",
        "too_many_requests" => "Too much at once",
        "flow_expired" | "session_expired" => "This sign-in has ended",
        "flow_foreign_browser" => "This sign-in began in another browser",
        "csrf_failed" => "We could not tell that this came from you",
        "link_unknown" => "This link does not work",
        "link_expired" => "This link has expired",
        "link_used" => "This link has already been used",
        "server_busy" | "database_unavailable" => "We cannot do this right now",
        "not_found" => "There is no page here",
        "method_not_allowed" => "This page cannot be used in that way",
        "payload_too_large" => "That was more than we can take",
        "forbidden" => "You may not do this",
        "setup_closed" => "This installation is already set up",
        "internal" => "We could not finish this",
        code => return at_a_provider(code, application),
    };
    text.to_owned()
}

/// The `h1` for what happens on the way through a provider, whose name is known, or else for a
/// fault of the application.
fn at_a_provider(code: &str, name: Option<&str>) -> String {
    let text = match code {
        "connection_unknown" => "There is no such way to sign in",
        "upstream_state" | "link_proof_over" => "This sign-in is over",
        "mapping_blocked" | "email_domain" => "This account cannot sign in here",
        "sign_up_closed" => "You have no account here yet",
        "email_missing" => "We need an email address of yours",
        "identity_taken" => "This account is connected elsewhere",
        "connection_disabled" => "This way to sign in is switched off",
        "upstream_denied" => "You were not signed in",
        "upstream_mix_up" => "We stopped this sign-in to protect you",
        code if code.starts_with("upstream_") || code.starts_with("id_token_") => {
            return format!("{} could not sign you in", name.unwrap_or("The provider"));
        }
        _ => {
            let app = name.unwrap_or("The application");
            return format!("{app} asked for something we cannot do");
        }
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::headline;

    #[test]
    fn headings_name_the_application_when_it_is_known() {
        let code = "redirect_uri_mismatch";
        assert_eq!(headline(code, Some("Acme Web")), "We could not return you to Acme Web");
        assert_eq!(headline(code, None), "We could not return you to the application");
        assert_eq!(headline("application_disabled", None), "This application is switched off");
        assert_eq!(
            headline("request_invalid", Some("Acme Web")),
            "Acme Web asked for something we cannot do"
        );
    }

    #[test]
    fn headings_use_plain_words() {
        let codes = ["tenant_unknown", "link_used", "server_busy", "internal", "request_invalid"];
        for code in codes {
            let text = headline(code, None).to_lowercase();
            for word in ["oops", "invalid", "please", "error", "uri", "token"] {
                assert!(!text.contains(word), "{code}: {text}");
            }
        }
    }
}

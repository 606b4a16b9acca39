//! The forms between signing in and its outcome, in the states that look different: consent, choice
//! of an account, sign-out, passwords, setup.

use askama::Template;
use web::views::{Frame, Link, Problems};

use super::super::*;
use super::{FLOW, Rendered, frame};

/// File name and page of each sample.
pub(super) fn all() -> Vec<Rendered> {
    let short = Problems::one("password", "This password has 9 characters. Use at least 15.");
    let email = Problems::one("email", "Enter an email like ann@example.com");
    vec![
        ("consent", consent(true).render()),
        ("consent-least", consent(false).render()),
        ("choose", choose().render()),
        ("logout", logout(&["ann@example.com"], "Acme Web").render()),
        ("logout-plain", logout(&["ann@example.com", "ops@acme.example.com"], "").render()),
        ("logout-nobody", logout(&[], "Acme Web").render()),
        ("set-password", set_password(Problems::none()).render()),
        ("set-password-short", set_password(short).render()),
        ("recover", recover(Problems::none()).render()),
        (
            "recover-address",
            recover(Problems::one("username", "Enter one email address.")).render(),
        ),
        ("recover-sent", messages::recovery_sent(frame(), Some("ann@example.com")).render()),
        ("setup", setup(Problems::none()).render()),
        ("setup-email", setup(email).render()),
    ]
}

fn consent(full: bool) -> Consent {
    let mut scopes = vec![ConsentScope::new("Know that it is you when you come back")];
    if full {
        scopes
            .push(ConsentScope::new("See your name, picture and the other fields of your profile"));
        scopes.push(ConsentScope::new("See your email address"));
        scopes.push(ConsentScope::offline());
    }
    Consent {
        frame: frame(),
        action: format!("/t/acme/consent/{FLOW}"),
        csrf: "9f2kV0".to_owned(),
        session: "ses_1".to_owned(),
        application: "Northwind Reports".to_owned(),
        returns_to: "reports.northwind.example.com".to_owned(),
        name: "Ann Archer".to_owned(),
        email: "ann@example.com".to_owned(),
        switch: format!("/t/acme/choose/{FLOW}"),
        scopes,
        privacy: Link::new("privacy notice", "https://reports.northwind.example.com/privacy"),
    }
}

fn choose() -> Choose {
    let account = |session: &str, name: &str, email: &str| Account {
        session: session.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
    };
    Choose {
        frame: frame(),
        action: format!("/t/acme/choose/{FLOW}"),
        csrf: "9f2kV0".to_owned(),
        application: "Acme Web".to_owned(),
        accounts: vec![
            account("ses_1", "Ann Archer", "ann@example.com"),
            account("ses_2", "ops@acme.example.com", ""),
            account("ses_3", "ليلى حداد", "layla@example.com"),
        ],
    }
}

fn logout(emails: &[&str], application: &str) -> Logout {
    Logout {
        frame: frame(),
        action: "/t/acme/logout".to_owned(),
        csrf: "9f2kV0".to_owned(),
        request: "\"><script>alert(1)</script>".to_owned(),
        emails: emails.iter().map(|email| (*email).to_owned()).collect(),
        application: application.to_owned(),
    }
}

fn set_password(problems: Problems) -> SetPassword {
    SetPassword {
        frame: frame(),
        action: "/t/acme/set-password/ln_6a".to_owned(),
        csrf: "9f2kV0".to_owned(),
        username: "ann@example.com".to_owned(),
        first: problems.is_empty(),
        everywhere: true,
        least: 15,
        notice: String::new(),
        problems,
    }
}

fn recover(problems: Problems) -> Recover {
    Recover {
        frame: frame(),
        action: format!("/t/acme/recover?tx={FLOW}"),
        csrf: "9f2kV0".to_owned(),
        username: if problems.is_empty() { String::new() } else { "ann".to_owned() },
        back: Some(format!("/t/acme/login/{FLOW}")),
        notice: String::new(),
        problems,
    }
}

fn setup(problems: Problems) -> Setup {
    let email = if problems.is_empty() { "" } else { "ann.example.com" };
    Setup {
        frame: Frame::installation("id.example.com"),
        action: "/setup/ln_6a".to_owned(),
        csrf: "9f2kV0".to_owned(),
        name: if problems.is_empty() { String::new() } else { "Ann Archer".to_owned() },
        email: email.to_owned(),
        least: 15,
        notice: String::new(),
        problems,
    }
}

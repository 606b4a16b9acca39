//! The pages of people who serve themselves, in the states that look different.

use askama::Template;
use mapping::schema::standard_fields;
use web::views::{Link, Problems};

use super::super::*;
use super::{FLOW, Rendered, frame, providers};

const WHEN: (&str, &str) = ("21 November 2026, 15:42 UTC", "2026-11-21T15:42:07Z");

fn when() -> (String, String) {
    (WHEN.0.to_owned(), WHEN.1.to_owned())
}

fn account(here: &str) -> AccountFrame {
    AccountFrame::new(frame(), "/t/acme", here, "ann@example.com")
}

fn fields() -> Vec<Field> {
    let mut fields: Vec<Field> =
        standard_fields().iter().skip(1).map(|field| Field::new(field, false)).collect();
    fields[0].value = "Ann <Archer>".to_owned();
    fields[1].locked = Some("From Google. Change it there.".to_owned());
    let own = |kind| mapping::FieldDefinition::new("team", "Team", kind);
    fields.push(Field::new(
        &own(mapping::FieldKind::Choice(vec!["Red".into(), "Blue".into()])),
        true,
    ));
    fields
}

/// File name and page of each sample.
pub(super) fn all() -> Vec<Rendered> {
    let mut pages = strangers();
    pages.extend(owners());
    pages
}

fn strangers() -> Vec<Rendered> {
    let mut wrong = Problems::one("email", "Enter an email address, like name@example.com.");
    wrong.add("agree", "Agree to the terms to create an account.");
    vec![
        ("sign-up", sign_up(Problems::none(), true).render()),
        ("sign-up-refused", sign_up(wrong, true).render()),
        ("sign-up-providers", sign_up(Problems::none(), false).render()),
        ("sign-up-sent", messages::sign_up_sent(frame(), Some("ann@example.com")).render()),
        ("sign-up-closed", messages::sign_up_closed(frame()).render()),
        ("verify", verify("").render()),
        ("verify-elsewhere", verify("Safari on iPhone").render()),
        ("verified-elsewhere", messages::verified_elsewhere(frame()).render()),
        ("address-taken", messages::address_taken(frame()).render()),
        ("missing", missing().render()),
        ("undo-email", undo().render()),
    ]
}

fn sign_up(problems: Problems, password: bool) -> SignUp {
    let name = standard_fields().iter().find(|field| field.key == "name");
    SignUp {
        frame: frame(),
        action: format!("/t/acme/signup?tx={FLOW}"),
        csrf: "9f2kV0".to_owned(),
        application: "Acme Web".to_owned(),
        email: String::new(),
        fields: name.map(|field| Field::new(field, false).optional()).into_iter().collect(),
        password,
        least: 15,
        terms: Link::new("terms", "https://acme.example/terms"),
        agreed: false,
        providers: providers(),
        back: format!("/t/acme/login/{FLOW}"),
        notice: String::new(),
        problems,
    }
}

pub(super) fn verify(device: &str) -> Verify {
    Verify {
        frame: frame(),
        action: "/t/acme/verify/ln_6a".to_owned(),
        csrf: "9f2kV0".to_owned(),
        email: "ann@example.com".to_owned(),
        application: "Acme Web".to_owned(),
        when: when(),
        device: device.to_owned(),
        provider: None,
        notice: String::new(),
    }
}

fn missing() -> Missing {
    Missing {
        frame: frame(),
        action: format!("/t/acme/profile/{FLOW}"),
        csrf: "9f2kV0".to_owned(),
        application: "Acme Web".to_owned(),
        name: "Ann Archer".to_owned(),
        email: "ann@example.com".to_owned(),
        switch: format!("/t/acme/choose/{FLOW}"),
        fields: fields().split_off(17),
        notice: String::new(),
        problems: Problems::none(),
    }
}

fn undo() -> UndoEmail {
    UndoEmail {
        frame: frame(),
        action: "/t/acme/undo-email/ln_6a".to_owned(),
        csrf: "9f2kV0".to_owned(),
        from: "eve@example.net".to_owned(),
        to: "ann@example.com".to_owned(),
        notice: String::new(),
    }
}

fn owners() -> Vec<Rendered> {
    let last = "This is the only way you sign in.";
    vec![
        ("account", home(true).render()),
        ("account-unverified", home(false).render()),
        ("account-profile", profile(Problems::none()).render()),
        ("account-profile-conflict", conflict().render()),
        ("account-profile-refused", profile(Problems::one("gender", "Shorten it.")).render()),
        ("account-email", email(None).render()),
        ("account-email-sent", email(Some("new@example.com")).render()),
        ("account-email-confirm", confirm().render()),
        ("account-password", password(true).render()),
        ("account-password-first", password(false).render()),
        ("account-identities", identities(2, Problems::none()).render()),
        ("account-identities-none", identities(0, Problems::none()).render()),
        ("account-identities-last", identities(1, Problems::one("identity", last)).render()),
        ("account-sessions", sessions().render()),
        ("account-applications", applications(true).render()),
        ("account-applications-none", applications(false).render()),
    ]
}

fn home(verified: bool) -> AccountHome {
    AccountHome {
        account: account(""),
        name: if verified { "Ann Archer".to_owned() } else { String::new() },
        email: "ann@example.com".to_owned(),
        verified,
        password: true,
        providers: vec!["Google".to_owned()],
        sessions: 2,
        applications: 0,
    }
}

fn profile(problems: Problems) -> AccountProfile {
    AccountProfile {
        account: account("/profile"),
        action: "/t/acme/account/profile".to_owned(),
        csrf: "9f2kV0".to_owned(),
        version: 3,
        fields: fields(),
        done: String::new(),
        notice: String::new(),
        conflict: Vec::new(),
        problems,
    }
}

fn conflict() -> AccountProfile {
    let row = |label: &str, mine: &str, now: &str| (label.into(), mine.into(), now.into());
    let conflict = vec![
        row("Name", "Ann Archer", "Ann <Archer>"),
        row("Nickname", "", "Annie"),
        row("Website", "https://example.com/a-very-long-path-of-a-page", ""),
    ];
    AccountProfile { conflict, ..profile(Problems::none()) }
}

fn email(sent: Option<&str>) -> AccountEmail {
    AccountEmail {
        account: account("/email"),
        action: "/t/acme/account/email".to_owned(),
        csrf: "9f2kV0".to_owned(),
        email: "ann@example.com".to_owned(),
        verified: sent.is_some(),
        typed: String::new(),
        sent: sent.map(str::to_owned),
        done: String::new(),
        notice: String::new(),
        problems: Problems::none(),
    }
}

fn confirm() -> ConfirmEmail {
    ConfirmEmail {
        account: account("/email"),
        action: "/t/acme/account/email/confirm/ln_6a".to_owned(),
        csrf: "9f2kV0".to_owned(),
        from: "ann@example.com".to_owned(),
        to: "new@example.com".to_owned(),
        notice: String::new(),
    }
}

fn password(has: bool) -> AccountPassword {
    AccountPassword {
        account: account("/password"),
        action: "/t/acme/account/password".to_owned(),
        csrf: "9f2kV0".to_owned(),
        username: "ann@example.com".to_owned(),
        has,
        open: true,
        least: 15,
        done: String::new(),
        notice: String::new(),
        problems: Problems::none(),
    }
}

fn identities(count: usize, problems: Problems) -> AccountIdentities {
    let identity = |at: usize| AccountIdentity {
        id: format!("idn_{at}"),
        provider: if at == 0 { "Google".to_owned() } else { String::new() },
        label: "\"><script>alert(1)</script>".to_owned(),
        since: when(),
        last: when(),
    };
    AccountIdentities {
        account: account("/identities"),
        link: "/t/acme/account/identities/link".to_owned(),
        unlink: "/t/acme/account/identities/unlink".to_owned(),
        csrf: "9f2kV0".to_owned(),
        password: count != 1,
        identities: (0..count).map(identity).collect(),
        more: vec![("github".to_owned(), "GitHub".to_owned())],
        done: String::new(),
        problems,
    }
}

fn sessions() -> AccountSessions {
    let session = |at: usize| AccountSession {
        id: format!("ses_{at}"),
        this: at == 0,
        device: "Firefox on Linux".to_owned(),
        phone: at == 1,
        ip: "192.0.2.14".to_owned(),
        since: when(),
        seen: when(),
    };
    AccountSessions {
        account: account("/sessions"),
        action: "/t/acme/account/sessions".to_owned(),
        csrf: "9f2kV0".to_owned(),
        sessions: (0..3).map(session).collect(),
        done: "It is signed out.".to_owned(),
    }
}

fn applications(some: bool) -> AccountApplications {
    let one = || AccountApplication {
        id: "app_1".to_owned(),
        name: "Northwind <Reports>".to_owned(),
        home: Link::new("Northwind", "https://northwind.example/"),
        first_party: false,
        may: vec!["See your email address".to_owned()],
        since: when(),
        last: when(),
    };
    AccountApplications {
        account: account("/applications"),
        action: "/t/acme/account/applications".to_owned(),
        csrf: "9f2kV0".to_owned(),
        applications: some.then(one).into_iter().collect(),
        done: String::new(),
    }
}

//! The pages of people who come from a provider and complete their sign-up.

use askama::Template;
use mapping::schema::standard_fields;
use web::views::{Link, Problems};

use super::super::*;
use super::people::verify;
use super::{Rendered, frame};

/// File name and page of each sample.
pub(super) fn all() -> Vec<Rendered> {
    vec![
        ("verify-provider", verify_provider().render()),
        ("complete", complete().render()),
        ("complete-refused", complete_refused().render()),
        ("complete-sent", messages::complete_sent(frame(), Some("ann@example.com")).render()),
    ]
}

fn complete() -> Complete {
    let field = standard_fields().iter().find(|field| field.key == "given_name");
    Complete {
        frame: frame(),
        action: "/t/acme/complete/AQJr".to_owned(),
        csrf: "9f2kV0".to_owned(),
        application: "Acme Web".to_owned(),
        provider: "GitHub".to_owned(),
        label: "ann-codes".to_owned(),
        email: String::new(),
        fields: field.map(|field| Field::new(field, false)).into_iter().collect(),
        terms: Link::new("terms", "https://acme.example/terms"),
        agreed: false,
        back: "/t/acme/login/AQJr".to_owned(),
        notice: String::new(),
        problems: Problems::none(),
    }
}

fn complete_refused() -> Complete {
    let mut problems = Problems::one("email", "Enter an email address");
    problems.add("given_name", "Given name is missing. Enter it.");
    problems.add("agree", "Agree to the terms to create an account.");
    Complete { problems, label: String::new(), email: "ann".to_owned(), ..complete() }
}

fn verify_provider() -> Verify {
    Verify { provider: Some(("GitHub".to_owned(), "ann-codes".to_owned())), ..verify("") }
}

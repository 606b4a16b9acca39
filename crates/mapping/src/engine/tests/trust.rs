//! When an address counts as proven (the attack known as nOAuth, and its kin), and that none
//! replaces another.

use serde_json::{Value, json};

use super::{compiled, profile};
use crate::engine::{Action, CurrentUser, MappedEmail, Occasion, Outcome, Reason};
use crate::profile::Profile;
use crate::user::UserProfile;

fn on(rule: Value, profile: &Profile) -> Outcome {
    compiled(json!([rule])).apply(profile, None, Occasion::Create)
}

fn verified(rule: Value, value: Value) -> bool {
    on(rule, &profile(value)).email.expect("an address").verified
}

fn trusting(trust: Value) -> Value {
    json!({"target": "email", "source": "email", "trust": trust})
}

#[test]
fn only_the_boolean_true_is_a_proof() {
    for (marker, expected) in [
        (json!(true), true),
        (json!(false), false),
        (json!("true"), false),
        (json!(1), false),
        (json!([true]), false),
        (json!({"value": true}), false),
        (json!(null), false),
    ] {
        let value = json!({"email": "a@x.test", "email_verified": marker});
        assert_eq!(verified(trusting(json!("verified")), value.clone()), expected, "{value}");
        assert!(!verified(trusting(json!("never")), value.clone()));
        assert!(verified(trusting(json!("always")), value));
    }
    assert!(!verified(trusting(json!("verified")), json!({"email": "a@x.test"})));
    let other = trusting(json!({"verified": "verified"}));
    assert!(verified(other.clone(), json!({"email": "a@x.test", "verified": true})));
    assert!(!verified(other, json!({"email": "a@x.test", "email_verified": true})));
}

#[test]
fn a_marker_from_another_document_proves_nothing() {
    let (address, marker) = (json!({"email": "a@x.test"}), json!({"email_verified": true}));
    let both = json!({"email": "a@x.test", "email_verified": true});
    let other = json!({"email": "b@x.test", "email_verified": true});
    for (token, userinfo, expected) in [
        (&both, &json!({}), true),
        (&json!({}), &both, true),
        (&both, &other, true),
        (&both, &json!({"email_verified": false}), true),
        (&address, &marker, false),
        (&marker, &address, false),
        (&address, &other, false),
        (&marker, &other, false),
        (&json!({"email": "a@x.test", "email_verified": null}), &marker, false),
    ] {
        let joined = profile(token.clone()).with(profile(userinfo.clone()));
        let found = on(trusting(json!("verified")), &joined).email.expect("an address");
        assert_eq!(found.verified, expected, "{token} {userinfo}: {found:?}");
    }
    let emails = br#"[{"email":"a@x.test","primary":true,"verified":true}]"#;
    let joined = profile(json!({"login": "a"})).with_member("emails", emails).unwrap();
    let rule = json!({"target": "email", "source": "emails[?primary==true].email",
        "trust": {"verified": "emails[?primary==true].verified"}});
    assert!(on(rule, &joined).email.unwrap().verified);
}

#[test]
fn a_default_is_never_proven() {
    let rule = json!({"target": "email", "source": "email", "trust": "always",
        "if_missing": {"default": "guest@x.test"}});
    assert!(!verified(rule, json!({"email_verified": true})));
}

#[test]
fn an_address_from_outside_replaces_none() {
    let rules = compiled(json!([trusting(json!("always"))]));
    let mut ann = UserProfile::default();
    ann.set("email", Some(json!("ann@x.test")));
    let current = CurrentUser::of(&ann);
    let value = profile(json!({"email": "Mallory@X.test"}));
    let outcome = rules.apply(&value, Some(&current), Occasion::SignIn);
    assert_eq!(outcome.fields[0].action, Action::Keep(Reason::EmailStays));
    outcome.write_to(&mut ann);
    assert_eq!(ann.email.as_deref(), Some("ann@x.test"));
    // It is still handed over, for the page that asks the owner.
    let MappedEmail { address, key, verified, row, .. } = outcome.email.unwrap();
    assert_eq!((address.as_str(), key.as_str()), ("Mallory@x.test", "mallory@x.test"));
    assert!(verified && row == 1);
}

#[test]
fn keys_are_those_of_protocol() {
    for address in ["Ann@X.test", "\u{c4}nn@b\u{fc}cher.test", "o'neil+tag@x.test"] {
        let found = on(trusting(json!("never")), &profile(json!({ "email": address })));
        let found = found.email.unwrap();
        let known = protocol::email::canonical_email(address).unwrap();
        assert_eq!((found.address, found.key), (known.display, known.key));
    }
}

//! Whatever the rules, the fields and the profile: nothing panics, nothing that the platform
//! decides is written, and what is written down reads back as itself.
//!
//! `PROPTEST_CASES=100000 cargo test -p mapping --test properties` looks longer.

mod generated;

use generated::{mapping, object, schema, text, value};
use mapping::path::Path;
use mapping::schema::{is_forbidden_target, is_reserved_claim};
use mapping::{
    Compiled, CurrentUser, Mapping, Occasion, Profile, UserProfile, check, difference, preview,
    redact, user_claims_with,
};
use proptest::prelude::*;
use protocol::Scopes;
use serde_json::{Map, Value, json};

fn refuses_the_platforms(members: &Map<String, Value>) -> Result<(), TestCaseError> {
    for key in members.keys() {
        prop_assert!(!is_forbidden_target(key), "{key}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn mapping_is_total_and_keeps_off_what_is_not_its_own(
        mapping in mapping(), schema in schema(), source in object(), current in object(),
        signs_in in any::<bool>(),
    ) {
        let profile = Profile::from_value(&source).expect("within bounds");
        let mut user = UserProfile { email_verified: Some(false), ..UserProfile::default() };
        for (key, value) in current.as_object().into_iter().flatten() {
            user.set(key, Some(value.clone()));
        }
        let (before, known) = (user.clone(), CurrentUser::of(&user));
        let occasion = if signs_in { Occasion::SignIn } else { Occasion::Create };
        let compiled = Compiled::new(&mapping, &schema);
        let outcome = compiled.apply(&profile, Some(&known), occasion);
        refuses_the_platforms(&outcome.changes())?;
        outcome.write_to(&mut user);
        prop_assert_eq!(&user.email, &before.email);
        prop_assert_eq!(user.email_verified, before.email_verified);
        prop_assert_eq!(user.updated_at, before.updated_at);
        for key in user.custom.keys() {
            prop_assert!(!is_forbidden_target(key) || before.custom.contains_key(key));
        }
        let explained = compiled.explain(&profile, Some(&known), occasion);
        prop_assert_eq!(explained.changes(), outcome.changes());
        prop_assert_eq!(&explained.email, &outcome.email);
        prop_assert_eq!(&explained.blocked, &outcome.blocked);
        let again = compiled.apply(&profile, Some(&known), occasion);
        prop_assert_eq!(again, outcome);
    }

    #[test]
    fn previews_and_claims_never_say_what_the_issuer_says(
        mapping in mapping(), schema in schema(), source in object(),
    ) {
        let profile = Profile::from_value(&source).expect("within bounds");
        let scopes = Scopes::parse("openid profile email phone address").expect("scopes");
        let shown = preview(&mapping, &schema, &profile, None, &scopes);
        let written = serde_json::to_value(&shown).expect("serializable");
        prop_assert!(written.is_object());
        prop_assert!(!shown.claims.keys().any(|claim| is_reserved_claim(claim)));
        let verified = shown.email.as_ref().is_some_and(|email| email.verified);
        prop_assert!(verified || shown.claims.get("email_verified") != Some(&json!(true)));
        let custom = source.as_object().cloned().unwrap_or_default();
        let claims = user_claims_with(&schema, &UserProfile { custom, ..Default::default() }, &scopes);
        prop_assert!(!claims.keys().any(|claim| is_reserved_claim(claim)));
        prop_assert!(claims.get("email").is_none());
        redact(&profile);
    }

    #[test]
    fn what_is_checked_runs_as_it_is(mapping in mapping(), schema in schema()) {
        let problems = check(&mapping, &schema);
        let compiled = Compiled::new(&mapping, &schema);
        prop_assert_eq!(compiled.problems(), &problems[..]);
        prop_assert!(problems.iter().all(|problem| problem.row <= mapping.rules.len()));
    }

    #[test]
    fn rules_read_back_as_themselves(mapping in mapping(), other in mapping()) {
        let written = mapping.to_value();
        prop_assert_eq!(&Mapping::from_value(&written).expect("readable"), &mapping);
        let text = serde_json::to_string(&mapping).expect("serializable");
        prop_assert_eq!(&serde_json::from_str::<Mapping>(&text).expect("readable"), &mapping);
        prop_assert!(difference(&mapping, &mapping).is_empty());
        let changes = difference(&mapping, &other);
        prop_assert_eq!(changes.is_empty(), mapping == other);
    }

    #[test]
    fn paths_read_back_as_themselves(text in text(), names in proptest::collection::vec(text(), 1..5)) {
        if let Ok(path) = Path::parse(&text) {
            prop_assert_eq!(Path::parse(&path.to_string()), Ok(path));
        }
        let escaped = names.iter().map(|name| name.replace('~', "~0").replace('/', "~1"));
        let pointer: String = escaped.map(|name| format!("/{name}")).collect();
        if let Ok(path) = Path::parse(&pointer) {
            prop_assert_eq!(Path::parse(&path.to_string()), Ok(path));
        }
    }

    #[test]
    fn anything_may_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), value in value()) {
        let _ = Profile::parse(&bytes);
        let _ = Mapping::parse(&bytes);
        let _ = Mapping::from_value(&value);
        let _ = Mapping::from_value(&json!({ "rules": [value] }));
    }
}

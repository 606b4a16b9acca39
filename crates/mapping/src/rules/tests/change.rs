//! What a page says before a mapping is saved.

use serde_json::json;

use crate::rules::*;

fn mapping(rows: &[(&str, &str)]) -> Mapping {
    Mapping { rules: rows.iter().map(|(target, path)| MappingRule::new(*target, *path)).collect() }
}

fn said(old: &Mapping, new: &Mapping) -> Vec<(ChangeKind, String, Option<usize>, Option<usize>)> {
    let changes = difference(old, new).into_iter();
    changes.map(|change| (change.kind, change.target, change.before, change.after)).collect()
}

#[test]
fn the_same_mapping_does_not_differ() {
    let mapping = standard_oidc();
    assert_eq!(difference(&mapping, &mapping), []);
}

#[test]
fn rows_are_added_removed_moved_and_changed() {
    let old = mapping(&[("name", "a"), ("email", "b"), ("locale", "c"), ("picture", "d")]);
    let added = mapping(&[
        ("name", "a"),
        ("gender", "g"),
        ("email", "b"),
        ("locale", "c"),
        ("picture", "d"),
    ]);
    assert_eq!(said(&old, &added), [(ChangeKind::Added, "gender".into(), None, Some(2))]);
    assert_eq!(said(&added, &old), [(ChangeKind::Removed, "gender".into(), Some(2), None)]);
    let moved = mapping(&[("email", "b"), ("locale", "c"), ("picture", "d"), ("name", "a")]);
    assert_eq!(said(&old, &moved), [(ChangeKind::Moved, "name".into(), Some(1), Some(4))]);
    let changed = mapping(&[("name", "a"), ("email", "mail"), ("locale", "c"), ("picture", "d")]);
    assert_eq!(said(&old, &changed), [(ChangeKind::Changed, "email".into(), Some(2), Some(2))]);
    let retargeted =
        mapping(&[("nickname", "a"), ("email", "b"), ("locale", "c"), ("picture", "d")]);
    assert_eq!(
        said(&old, &retargeted),
        [(ChangeKind::Changed, "nickname".into(), Some(1), Some(1))]
    );
}

#[test]
fn members_are_named_with_both_values() {
    let old = mapping(&[("name", "a")]);
    let mut new = old.clone();
    new.rules[0].transforms = vec![Transform::Trim];
    new.rules[0].update = Update::First;
    let members = &difference(&old, &new)[0].members;
    let said = serde_json::to_value(members).unwrap();
    assert_eq!(
        said,
        json!([{"name": "transforms", "before": null, "after": ["trim"]},
            {"name": "update", "before": "always", "after": "first"}])
    );
    let added = &difference(&Mapping::default(), &old)[0].members;
    assert_eq!(
        added.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(),
        ["source", "target", "update"]
    );
}

#[test]
fn alternatives_of_one_target_are_told_apart() {
    let old = mapping(&[("email", "email"), ("email", "mail")]);
    let new = mapping(&[("email", "mail"), ("email", "email")]);
    let kinds: Vec<_> = said(&old, &new).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [ChangeKind::Moved]);
    let gone = mapping(&[("email", "mail")]);
    assert_eq!(said(&old, &gone), [(ChangeKind::Removed, "email".into(), Some(1), None)]);
}

//! Paths are read, found and written; what is no path is refused at its place.

use serde_json::{Value, json};

use super::*;
use crate::work::Work;

fn profile() -> Value {
    json!({
        "login": "ann",
        "user": {"emails": [{"value": "a@x.test", "primary": false, "type": "home"},
                            {"value": "b@x.test", "primary": true, "type": "work"}]},
        "https://acme.example/team": "blue",
        "groups": [{"name": "staff"}, {"id": 2}, {"name": "ops"}],
        "tags": ["x", "y"],
        "custom:dept": "hr",
        "0": "zero",
        "": "blank",
        "a~b": {"c/d": 1},
        "nested": [[1, 2], [3]],
        "nothing": null,
    })
}

#[test]
fn paths_lead_to_values() {
    for (path, expected) in [
        ("login", json!("ann")),
        ("user.emails.0.value", json!("a@x.test")),
        ("user.emails[1].value", json!("b@x.test")),
        ("/user/emails/0/value", json!("a@x.test")),
        ("user.emails[?primary==true].value", json!("b@x.test")),
        ("user.emails[?type==\"work\"].value", json!("b@x.test")),
        ("user.emails[?type=='work'].value", json!("b@x.test")),
        ("user.emails[? type != \"work\" ].value", json!("a@x.test")),
        ("[\"https://acme.example/team\"]", json!("blue")),
        ("['https://acme.example/team']", json!("blue")),
        ("/https:~1~1acme.example~1team", json!("blue")),
        ("/a~0b/c~1d", json!(1)),
        ("groups[*].name", json!(["staff", "ops"])),
        ("groups[?id==2].id", json!(2)),
        ("tags[?@==\"y\"]", json!("y")),
        ("tags[*]", json!(["x", "y"])),
        ("nested[*][*]", json!([1, 2, 3])),
        ("custom:dept", json!("hr")),
        ("0", json!("zero")),
        ("/", json!("blank")),
        ("nothing", Value::Null),
    ] {
        let read = Path::parse(path).unwrap_or_else(|why| panic!("{path}: {why:?}"));
        assert_eq!(
            read.find(&profile(), &Work::for_one_profile()).as_deref(),
            Some(&expected),
            "{path}"
        );
        let written = read.to_string();
        assert_eq!(Path::parse(&written).as_ref(), Ok(&read), "{path} as {written}");
    }
}

#[test]
fn what_is_not_there_is_nothing() {
    for path in [
        "email",
        "login.value",
        "login[*]",
        "login[?a==1]",
        "user.emails.2.value",
        "user.emails.-1",
        "user.emails.+1",
        "user.emails.99999999999999999999999",
        "user.emails[?primary==\"true\"]",
        "user.emails[?missing!=1]",
        "user.emails.value",
        "groups[*].missing",
        "tags.0.0",
    ] {
        let read = Path::parse(path).unwrap_or_else(|why| panic!("{path}: {why:?}"));
        assert_eq!(read.find(&profile(), &Work::for_one_profile()), None, "{path}");
        assert!(read.locate(&profile(), &Work::for_one_profile()).ways.is_empty(), "{path}");
    }
}

#[test]
fn what_is_no_path_is_refused_at_its_place() {
    let long = "a".repeat(MAX_PATH + 1);
    let deep = "a.".repeat(MAX_STEPS) + "a";
    for (path, at) in [
        ("", 0),
        ("  ", 0),
        (".a", 0),
        ("a.", 2),
        ("a..b", 2),
        ("a b", 1),
        ("a/b", 1),
        ("https://x.test/a", 6),
        ("a[", 2),
        ("a[x]", 2),
        ("a[0", 3),
        ("a[1234567]", 2),
        ("a[?]", 3),
        ("a[?b]", 4),
        ("a[?b=1]", 4),
        ("a[?b==]", 6),
        ("a[?b==[1]]", 6),
        ("a[?b==\"x]", 6),
        ("a[?b=='x]", 6),
        ("a[?b==1", 7),
        ("[\"a\"", 4),
        ("/a~2", 1),
        ("/a\u{0}", 1),
        ("[\"a\\u0000\"]", 1),
        ("a\u{202e}b", 1),
        (&long, MAX_PATH),
        (&deep, 0),
    ] {
        let problem = Path::parse(path).expect_err(path);
        assert_eq!(problem.at, at, "{path}: {problem:?}");
        assert!(!problem.message.is_empty() && !problem.fix.is_empty());
    }
}

#[test]
fn the_way_is_written_down() {
    let located = Path::parse("user.emails[?primary==true].value")
        .unwrap()
        .locate(&profile(), &Work::for_one_profile());
    assert_eq!(located.ways, [["user", "emails", "1", "value"]]);
    assert_eq!(located.stopped, None);
    let located =
        Path::parse("groups[*].name").unwrap().locate(&profile(), &Work::for_one_profile());
    assert_eq!(located.ways, [["groups", "0", "name"], ["groups", "2", "name"]]);
    let located =
        Path::parse("login.first.name").unwrap().locate(&profile(), &Work::for_one_profile());
    assert_eq!((located.reached, located.stopped), (vec!["login".to_owned()], Some("text")));
}

#[test]
fn a_marker_shares_the_entry_of_its_address() {
    let shares = |address: &str, marker: &str| {
        Path::parse(marker).unwrap().shares_entry(&Path::parse(address).unwrap())
    };
    assert!(shares("email", "email_verified"));
    assert!(shares("user.email", "flags.verified"));
    assert!(shares("emails.0.value", "emails.0.verified"));
    assert!(shares("emails[?primary==true].value", "emails[?primary==true].meta.verified"));
    assert!(!shares("emails.0.value", "emails.1.verified"));
    assert!(!shares("emails[?primary==true].value", "emails[?verified==true].verified"));
    assert!(!shares("emails.0.value", "verified"));
    assert!(!shares("email", "flags.0.verified"));
    assert!(!shares("email", "flags[?verified==true].verified"));
}

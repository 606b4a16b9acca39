//! Answers judged where they are used: mixed, changing and empty ones.

use super::*;

fn guard(answers: &[(&str, &[&str])], allow: &[&str]) -> Guard {
    let list = |list: &[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
    let resolve = answers.iter().map(|(name, own)| ((*name).to_owned(), list(own))).collect();
    let allow: Vec<_> = allow.iter().map(|entry| AllowedHost::parse(entry).unwrap()).collect();
    let policy = Policy { resolve, ..Policy::default() };
    Guard::new(Arc::new(Lookup::new(&policy).unwrap()), &allow)
}

const PUBLIC: &str = "2606:4700:4700::1111";

#[tokio::test]
async fn one_private_answer_refuses_the_name() {
    for lists in [[PUBLIC, "127.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["8.8.8.8", "::ffff:8.8.8.8"]] {
        let guard = guard(&[("a.example", &lists)], &[]);
        let refused = guard.judged("a.example").await;
        assert!(matches!(refused, Err(Refusal::Blocked(_))), "{lists:?}: {refused:?}");
    }
    let guard = guard(&[("a.example", &[PUBLIC, "8.8.8.8"])], &[]);
    assert_eq!(guard.judged("a.example").await.unwrap().len(), 2);
}

#[tokio::test]
async fn each_look_is_judged_anew() {
    let guard = guard(&[("a.example", &[PUBLIC]), ("a.example", &["169.254.169.254"])], &[]);
    for _ in 0..3 {
        assert!(guard.judged("a.example").await.is_ok());
        let second = guard.judged("a.example").await;
        assert_eq!(second, Err(Refusal::Blocked(Class::Metadata)));
    }
}

#[tokio::test]
async fn the_allow_list_opens_its_names_alone() {
    let answers: &[(&str, &[&str])] = &[
        ("idp.test", &["127.0.0.1", "fd12::1"]),
        ("meta.test", &["169.254.169.254"]),
        ("other.test", &["127.0.0.1"]),
    ];
    let guard = guard(answers, &["idp.test:9000", "meta.test"]);
    assert_eq!(guard.judged("idp.test").await.unwrap().len(), 2);
    assert_eq!(guard.judged("meta.test").await, Err(Refusal::Blocked(Class::Metadata)));
    assert_eq!(guard.judged("other.test").await, Err(Refusal::Blocked(Class::Loopback)));
}

#[tokio::test]
async fn no_answer_is_no_address_and_many_are_cut() {
    let many: Vec<String> = (1..200).map(|n| format!("8.8.8.{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let guard = guard(&[("none.example", &[]), ("many.example", &many)], &[]);
    assert_eq!(guard.judged("none.example").await, Err(Refusal::NotFound));
    assert_eq!(guard.judged("many.example").await.unwrap().len(), ADDRESSES);
}

#[tokio::test]
async fn the_system_is_asked_for_other_names_and_judged_too() {
    let guard = guard(&[], &[]);
    let local = guard.judged("localhost").await;
    assert_eq!(local, Err(Refusal::Blocked(Class::Loopback)));
    assert_eq!(guard.judged("127.1").await, Err(Refusal::Blocked(Class::Loopback)));
}

#[test]
fn answers_are_for_names() {
    for name in ["", "127.0.0.1", "[::1]", "a b"] {
        let policy = Policy { resolve: vec![(name.to_owned(), vec![])], ..Policy::default() };
        assert!(Lookup::new(&policy).is_err(), "{name}");
    }
}

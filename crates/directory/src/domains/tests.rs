//! Proof and its lapse, by the clock.

use super::record::problem;
use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

fn row() -> DomainRow {
    DomainRow {
        tenant: TenantId::system(),
        host: "login.acme.test".into(),
        token: "tessera-proof=abc".into(),
        proven_at: None,
        proven_by: String::new(),
        checked_at: None,
        last_error: String::new(),
        created_at: NOW,
        due_at: NOW,
        failing_since: None,
    }
}

#[test]
fn only_the_very_token_proves() {
    let texts = |list: &[&str]| Ok(list.iter().map(|t| (*t).to_owned()).collect());
    assert_eq!(problem(&row(), &texts(&["v=spf1", " tessera-proof=abc "])), "");
    for other in [&[][..], &["tessera-proof=abcd"], &["xtessera-proof=abc"], &["TESSERA-PROOF=ABC"]]
    {
        assert!(problem(&row(), &texts(other)).contains("_tessera.login.acme.test"), "{other:?}");
    }
    assert_eq!(problem(&row(), &Err("no answer\u{0}".into())), "no answer");
}

#[test]
fn a_proof_lapses_after_a_week_without_its_record() {
    let proven = judged(NOW, &row(), "");
    assert_eq!((proven.proven_at, proven.proven_by.as_str()), (Some(NOW), "dns"));
    let day = |n: i64| NOW.plus_seconds(n * DAILY_S);
    let missing = judged(day(1), &proven, "gone");
    assert_eq!((missing.proven_at, missing.failing_since), (Some(NOW), Some(day(1))));
    let back = judged(day(2), &missing, "");
    assert_eq!((back.proven_at, back.failing_since), (Some(NOW), None));
    let still = judged(day(7), &missing, "gone");
    assert!(still.proven_at.is_some(), "six days");
    let lapsed = judged(day(8), &still, "gone");
    assert_eq!((lapsed.proven_at, lapsed.proven_by.as_str()), (None, ""));
}

#[test]
fn what_an_operator_vouches_for_needs_no_record() {
    let mut vouched = row();
    (vouched.proven_at, vouched.proven_by) = (Some(NOW), "operator".into());
    let after = judged(NOW.plus_seconds(30 * DAILY_S), &vouched, "gone");
    assert_eq!((after.proven_at, after.failing_since), (Some(NOW), None));
}

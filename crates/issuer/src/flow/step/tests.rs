//! What each demand of a request, a tenant or an application makes of a browser's sessions.

use protocol::Params;

use std::slice::from_ref;

use super::*;

const T0: Timestamp = Timestamp(1_800_000_000_000_000);

fn flow(extra: &str) -> Flow {
    let raw = format!("client_id=c&response_type=code&scope=openid+email{extra}");
    let params = Params::parse(raw.as_bytes()).unwrap();
    let request = protocol::authorize::parse(&params, "https://rp.test/cb").unwrap();
    Flow {
        id: "req".into(),
        request,
        browser: "b".into(),
        started_at: T0,
        sealed_at: T0,
        chosen: None,
        expected_user: None,
    }
}

fn session(n: u8, signed_in_s: i64) -> Candidate {
    let id = format!("ses_{:026}", n);
    Candidate {
        id: SessionId::parse(&id).unwrap(),
        user: format!("user{n}"),
        authenticated_at: T0.plus_seconds(signed_in_s),
        two_factors: false,
        enrolled: false,
        consented: None,
        lacking: false,
    }
}

fn allowed(mut session: Candidate, scopes: &str, at_s: i64) -> Candidate {
    session.consented = Some((Scopes::parse(scopes).unwrap(), T0.plus_seconds(at_s)));
    session
}

fn policy(consent: bool) -> SignInPolicy {
    let scopes = Scopes::parse("openid email").unwrap();
    SignInPolicy { consent, second_factor: SecondFactor::Off, scopes, required: Vec::new() }
}

fn decide(flow: &Flow, sessions: &[Candidate], consent: bool) -> Step {
    next_step(flow, sessions, &policy(consent), T0.plus_seconds(60))
}

#[test]
fn nobody_signed_in_must_authenticate_or_is_told_so_silently() {
    assert_eq!(decide(&flow(""), &[], false), Step::Authenticate { again: None });
    assert_eq!(decide(&flow("&prompt=none"), &[], false), Step::Fail(ErrorCode::LoginRequired));
}

#[test]
fn a_session_is_enough_for_a_first_party_application() {
    let one = session(1, -500);
    assert_eq!(decide(&flow(""), from_ref(&one), false), Step::Done(one.id.clone()));
    assert_eq!(decide(&flow("&prompt=none"), from_ref(&one), false), Step::Done(one.id));
}

#[test]
fn oidc_core_3_1_2_1_prompt_login_wants_a_new_proof() {
    let old = session(1, -5);
    let again = Some(old.id.clone());
    assert_eq!(decide(&flow("&prompt=login"), &[old], false), Step::Authenticate { again });
    let new = session(1, 5);
    assert_eq!(decide(&flow("&prompt=login"), from_ref(&new), false), Step::Done(new.id));
}

#[test]
fn oidc_core_3_1_2_1_max_age_counts_from_the_proof() {
    let old = session(1, -500);
    let again = Some(old.id.clone());
    assert_eq!(decide(&flow("&max_age=100"), from_ref(&old), false), Step::Authenticate { again });
    assert_eq!(decide(&flow("&max_age=1000"), from_ref(&old), false), Step::Done(old.id.clone()));
    let silent = decide(&flow("&max_age=100&prompt=none"), &[old], false);
    assert_eq!(silent, Step::Fail(ErrorCode::LoginRequired));
    // A proof of this flow is fresh, however small max_age is.
    let new = session(1, 1);
    assert_eq!(decide(&flow("&max_age=0"), from_ref(&new), false), Step::Done(new.id));
}

#[test]
fn consent_is_asked_once_and_again_when_scopes_grow_or_prompt_says_so() {
    let one = session(1, -500);
    assert_eq!(decide(&flow(""), from_ref(&one), true), Step::Consent(one.id.clone()));
    let given = allowed(one.clone(), "openid email profile", -400);
    assert_eq!(decide(&flow(""), from_ref(&given), true), Step::Done(one.id.clone()));
    let narrow = allowed(one.clone(), "openid", -400);
    assert_eq!(decide(&flow(""), &[narrow], true), Step::Consent(one.id.clone()));
    assert_eq!(decide(&flow("&prompt=consent"), &[given], true), Step::Consent(one.id.clone()));
    let renewed = allowed(one.clone(), "openid email", 10);
    assert_eq!(decide(&flow("&prompt=consent"), &[renewed], true), Step::Done(one.id.clone()));
    let silent = decide(&flow("&prompt=none"), &[one], true);
    assert_eq!(silent, Step::Fail(ErrorCode::ConsentRequired));
}

#[test]
fn select_account_is_asked_once_per_flow() {
    let (one, two) = (session(1, -5), session(2, -50));
    let mut flow = flow("&prompt=select_account");
    assert_eq!(decide(&flow, &[one.clone(), two.clone()], false), Step::Choose);
    flow.chosen = Some(two.id.as_str().to_owned());
    assert_eq!(decide(&flow, &[one, two.clone()], false), Step::Done(two.id));
    // "Use another account" ends in a proof of this flow, which is a choice too.
    flow.chosen = None;
    let three = session(3, 5);
    assert_eq!(decide(&flow, from_ref(&three), false), Step::Done(three.id));
}

#[test]
fn a_hint_at_somebody_else_never_answers_for_the_wrong_person() {
    let one = session(1, -5);
    let mut flow = flow("&prompt=none");
    flow.expected_user = Some("user2".into());
    assert_eq!(decide(&flow, from_ref(&one), false), Step::Fail(ErrorCode::LoginRequired));
    flow.expected_user = Some("user1".into());
    assert_eq!(decide(&flow, from_ref(&one), false), Step::Done(one.id));
}

#[test]
fn a_chosen_session_that_ended_meanwhile_is_no_session() {
    let one = session(1, -5);
    let mut flow = flow("");
    flow.chosen = Some("ses_gone".into());
    assert_eq!(decide(&flow, &[one], false), Step::Authenticate { again: None });
}

#[test]
fn a_second_factor_comes_before_consent_and_before_any_code() {
    let mut policy = policy(true);
    policy.second_factor = SecondFactor::Required;
    let now = T0.plus_seconds(60);
    let mut one = allowed(session(1, -5), "openid email", -4);
    assert_eq!(next_step(&flow(""), from_ref(&one), &policy, now), Step::Enrol(one.id.clone()));
    one.enrolled = true;
    let step = next_step(&flow(""), from_ref(&one), &policy, now);
    assert_eq!(step, Step::SecondFactor(one.id.clone()));
    let silent = next_step(&flow("&prompt=none"), from_ref(&one), &policy, now);
    assert_eq!(silent, Step::Fail(ErrorCode::InteractionRequired));
    one.two_factors = true;
    assert_eq!(next_step(&flow(""), from_ref(&one), &policy, now), Step::Done(one.id));
}

#[test]
fn whoever_lacks_a_field_is_asked_for_it_before_consent() {
    let mut one = session(1, -500);
    one.lacking = true;
    let step = Step::Profile(one.id.clone());
    assert_eq!(decide(&flow(""), from_ref(&one), true), step);
    let silent = Step::Fail(ErrorCode::InteractionRequired);
    assert_eq!(decide(&flow("&prompt=none"), from_ref(&one), true), silent);
    let again = Step::Authenticate { again: Some(one.id.clone()) };
    assert_eq!(decide(&flow("&prompt=login"), &[one], true), again, "the proof comes first");
}

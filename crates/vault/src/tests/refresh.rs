//! Refresh tokens: one spelling per token, and nothing else is accepted.
//!
//! Which generation is the current one is the issuer's to test.

use crate::{RefreshToken, refresh_token};

const TENANT: &str = "ten_00000000000000000000000001";
const GRANT: &str = "gra_01jgx0000000000000000000zz";
const KEY: [u8; 32] = [9; 32];

#[test]
fn round_trip() {
    for generation in [0, 1, 9, 10, 1_000_000, i64::MAX] {
        let token = refresh_token(TENANT, GRANT, generation, &KEY);
        let parsed = RefreshToken::parse(&token).expect("own token");
        assert_eq!((parsed.grant_id.as_str(), parsed.generation), (GRANT, generation));
        assert!(parsed.verify(TENANT, &KEY));
    }
}

#[test]
fn the_format_is_fixed() {
    // Computed by another implementation of HMAC; issued tokens must survive every upgrade.
    let token = refresh_token(TENANT, GRANT, 3, &KEY);
    assert_eq!(
        token,
        "rt_01jgx0000000000000000000zz_3_pQq3nLO5ia8K5pDC1OqDRvpVZavmihx6t6L6LQff7eI"
    );
}

#[test]
fn another_tenant_key_grant_or_generation_fails() {
    let token = refresh_token(TENANT, GRANT, 3, &KEY);
    let parsed = RefreshToken::parse(&token).expect("own token");
    assert!(!parsed.verify("ten_00000000000000000000000002", &KEY));
    assert!(!parsed.verify(TENANT, &[8; 32]));
    let future = token.replace("_3_", "_4_");
    assert!(!RefreshToken::parse(&future).expect("well formed").verify(TENANT, &KEY));
    let other = token.replace("zz_3", "zy_3");
    assert!(!RefreshToken::parse(&other).expect("well formed").verify(TENANT, &KEY));
}

#[test]
fn cut_or_changed_tokens_parse_to_none_or_fail() {
    let token = refresh_token(TENANT, GRANT, 12, &KEY);
    for len in 0..token.len() {
        assert_eq!(RefreshToken::parse(&token[..len]), None, "cut at {len}");
    }
    for index in 0..token.len() {
        for other in ["0", "z", "-", "_", "A", "="] {
            let mut changed = token.clone();
            changed.replace_range(index..=index, other);
            let parsed = RefreshToken::parse(&changed);
            let verified = parsed.is_some_and(|parsed| parsed.verify(TENANT, &KEY));
            assert!(changed == token || !verified, "{changed}");
        }
    }
}

#[test]
fn garbage_parses_to_none() {
    let mac = "A".repeat(43);
    let id = "01jgx0000000000000000000zz";
    let garbage = [
        String::new(),
        "rt_".to_owned(),
        "rt___".to_owned(),
        format!("at_{id}_1_{mac}"),
        format!("RT_{id}_1_{mac}"),
        format!("rt_gra_{id}_1_{mac}"),
        format!("rt_{id}__{mac}"),
        format!("rt_{id}_-1_{mac}"),
        format!("rt_{id}_+1_{mac}"),
        format!("rt_{id}_01_{mac}"),
        format!("rt_{id}_1a_{mac}"),
        format!("rt_{id}_9223372036854775808_{mac}"),
        format!("rt_{}_1_{mac}", id.to_uppercase()),
        format!("rt_{}_1_{mac}", id.replace('j', "u")),
        format!("rt_{id}0_1_{mac}"),
        format!("rt_{id}_1_{mac}A"),
        format!("rt_{id}_1_{mac}="),
        format!("rt_{id}_1_{}B", &mac[1..]),
        format!("rt_{id}_1_{} ", &mac[1..]),
        format!(" rt_{id}_1_{mac}"),
        format!("rt_{id}_1_{mac}\n"),
        format!("rt_{id}_1_{}", "é".repeat(21)),
        "x".repeat(1_000_000),
    ];
    for text in garbage {
        assert_eq!(RefreshToken::parse(&text), None, "{text:.80}");
    }
}

#[test]
fn debug_output_holds_no_mac() {
    let token = refresh_token(TENANT, GRANT, 3, &KEY);
    let text = format!("{:?}", RefreshToken::parse(&token));
    assert!(text.contains(GRANT) && text.contains("[secret]"), "{text}");
}

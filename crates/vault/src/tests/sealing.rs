//! Sealing: round trips, every changed byte, foreign tenants and purposes, rotation of masters.
//!
//! Also the keyed lookups and the cache of derived keys, which stand on the same masters.

use std::sync::Arc;

use super::{K1, K2, NOW, masters, vault};
use crate::cache::BoundedCache;
use crate::{OpenError, Purpose, SeededRandom, SystemRandom, Vault};

const A: &str = "ten_00000000000000000000000001";
const B: &str = "ten_00000000000000000000000002";
const PURPOSES: [Purpose; 8] = [
    Purpose::Flow,
    Purpose::Code,
    Purpose::SigningKey,
    Purpose::GrantKey,
    Purpose::InstallationKey,
    Purpose::Cookie,
    Purpose::PageToken,
    Purpose::MasterCheck,
];

#[test]
fn round_trips_of_all_purposes_and_lengths() {
    let vault = vault();
    for purpose in PURPOSES {
        for len in [0, 1, 15, 16, 17, 1500, 100_000] {
            let plain = vec![7u8; len];
            let sealed = vault.seal(purpose, A, b"browser", NOW, &plain);
            assert_eq!(sealed.len(), len + 2 + 2 + 4 + 12 + 16);
            assert_eq!(vault.open(purpose, A, b"browser", &sealed), Ok(plain.clone()));
            let text = vault.seal_text(purpose, A, b"", NOW, &plain);
            assert_eq!(vault.open_text(purpose, A, b"", &text), Ok(plain.clone()));
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
            let secret = vault.open_secret(purpose, A, b"browser", &sealed).expect("opens");
            assert_eq!(*secret, plain);
        }
    }
}

#[test]
fn the_format_stays_readable_by_newer_versions() {
    // Sealed values outlive upgrades. Sealed by another implementation of HKDF and RFC 8452.
    let sealed = "AQJrMQAATnlkZWZnaGlqa2xtbm_-2IXmViFi4SDHzwkD9fBjomqvO1SoCQ";
    assert_eq!(vault().open_text(Purpose::Code, A, b"x", sealed), Ok(b"tessera".to_vec()));
}

#[test]
fn any_changed_byte_is_refused() {
    let vault = vault();
    let sealed = vault.seal(Purpose::Code, A, b"x", NOW, b"some plain text");
    for index in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[index] ^= 1 << bit;
            assert!(vault.open(Purpose::Code, A, b"x", &changed).is_err(), "byte {index}");
        }
    }
    for len in 0..sealed.len() {
        assert!(vault.open(Purpose::Code, A, b"x", &sealed[..len]).is_err(), "cut at {len}");
    }
    let longer = [&sealed[..], &[0]].concat();
    assert_eq!(vault.open(Purpose::Code, A, b"x", &longer), Err(OpenError::Forged));
}

#[test]
fn any_changed_character_of_the_text_is_refused() {
    let vault = vault();
    let text = vault.seal_text(Purpose::Cookie, A, b"", NOW, b"cookie");
    for index in 0..text.len() {
        for other in ["A", "_", "9", "=", "+", " "] {
            let mut changed = text.clone();
            changed.replace_range(index..=index, other);
            let opened = vault.open_text(Purpose::Cookie, A, b"", &changed);
            assert!(changed == text || opened.is_err(), "{changed}");
        }
    }
    assert!(vault.open_text(Purpose::Cookie, A, b"", &format!("{text}=")).is_err());
}

#[test]
fn nothing_opens_for_another_tenant_purpose_or_browser() {
    let vault = vault();
    for purpose in PURPOSES {
        let sealed = vault.seal(purpose, A, b"x", NOW, b"plain");
        for other in PURPOSES.into_iter().filter(|other| *other != purpose) {
            assert_eq!(vault.open(other, A, b"x", &sealed), Err(OpenError::Forged));
        }
        for tenant in [B, "", "ten_0", &A[..A.len() - 1]] {
            assert_eq!(vault.open(purpose, tenant, b"x", &sealed), Err(OpenError::Forged));
        }
        for extra in [&b""[..], b"y", b"xx", b"x\0"] {
            assert_eq!(vault.open(purpose, A, extra, &sealed), Err(OpenError::Forged));
        }
    }
}

#[test]
fn the_border_between_tenant_and_extra_is_authenticated() {
    let vault = vault();
    let sealed = vault.seal(Purpose::Flow, "ten_ab", b"c", NOW, b"plain");
    assert_eq!(vault.open(Purpose::Flow, "ten_a", b"bc", &sealed), Err(OpenError::Forged));
    assert_eq!(vault.open(Purpose::Flow, "ten_ab", b"c", &sealed), Ok(b"plain".to_vec()));
}

#[test]
fn after_a_rotation_old_values_open_and_new_ones_use_the_new_master() {
    let vault = vault();
    let old = vault.seal(Purpose::SigningKey, A, b"", NOW, b"old");
    assert_eq!(Vault::sealed_kid(&old), Some("k1"));
    vault.reload(masters(&format!("{K1}\n{K2}")));
    let before = vault.seal(Purpose::SigningKey, A, b"", NOW - 1, b"before");
    let new = vault.seal(Purpose::SigningKey, A, b"", NOW, b"new");
    assert_eq!(Vault::sealed_kid(&before), Some("k1"));
    assert_eq!(Vault::sealed_kid(&new), Some("k2"));
    for (sealed, plain) in [(&old, "old"), (&before, "before"), (&new, "new")] {
        let opened = vault.open(Purpose::SigningKey, A, b"", sealed);
        assert_eq!(opened, Ok(plain.as_bytes().to_vec()));
    }
    vault.reload(masters(K2));
    assert_eq!(vault.open(Purpose::SigningKey, A, b"", &old), Err(OpenError::UnknownMaster));
    assert_eq!(vault.open(Purpose::SigningKey, A, b"", &new), Ok(b"new".to_vec()));
}

#[test]
fn a_reload_forgets_keys_derived_from_a_master_of_the_same_name() {
    let vault = vault();
    let sealed = vault.seal(Purpose::Flow, A, b"", NOW, b"plain");
    vault.reload(masters(&K2.replace("k2 1735689600", "k1 1700000000")));
    assert_eq!(vault.open(Purpose::Flow, A, b"", &sealed), Err(OpenError::Forged));
}

#[test]
fn values_sealed_on_one_day_open_on_another_and_on_another_node() {
    let sealed = vault().seal(Purpose::GrantKey, A, b"", NOW, b"plain");
    let other = Vault::new(masters(K1), Arc::new(SystemRandom));
    let _ = other.seal(Purpose::GrantKey, A, b"", NOW + 90 * 86_400, b"later");
    assert_eq!(other.open(Purpose::GrantKey, A, b"", &sealed), Ok(b"plain".to_vec()));
    let early = other.seal(Purpose::GrantKey, A, b"", -1, b"clock before 1970");
    assert!(other.open(Purpose::GrantKey, A, b"", &early).is_ok());
}

#[test]
fn the_same_plain_text_never_looks_the_same() {
    let vault = vault();
    let first = vault.seal(Purpose::Flow, A, b"", NOW, b"plain");
    assert_ne!(first, vault.seal(Purpose::Flow, A, b"", NOW, b"plain"));
}

#[test]
fn garbage_is_malformed_and_has_no_kid() {
    let garbage: [&[u8]; 7] =
        [b"", &[1], &[1, 0], &[2, 2, b'k', b'1'], &[1, 9], &[1, 255, b'k'], &[0; 64]];
    for bytes in garbage {
        assert_eq!(vault().open(Purpose::Flow, A, b"", bytes), Err(OpenError::Malformed));
        assert_eq!(Vault::sealed_kid(bytes), None);
    }
    assert_eq!(vault().open_text(Purpose::Flow, A, b"", "ö"), Err(OpenError::Malformed));
}

#[test]
fn lookups_depend_on_key_label_and_the_borders_of_parts() {
    let vault = vault();
    let mac = vault.lookup_mac("label", &[b"ab", b"c"]);
    assert_eq!(mac, vault.lookup_mac("label", &[b"ab", b"c"]));
    for parts in [&[&b"a"[..], b"bc"][..], &[b"abc"], &[b"ab", b"c", b""], &[]] {
        assert_ne!(mac, vault.lookup_mac("label", parts));
    }
    assert_ne!(mac, vault.lookup_mac("other", &[b"ab", b"c"]));
    vault.set_installation_key([43; 32]);
    assert_ne!(mac, vault.lookup_mac("label", &[b"ab", b"c"]));
    vault.set_installation_key([42; 32]);
    assert_eq!(mac, vault.lookup_mac("label", &[b"ab", b"c"]));
}

#[test]
fn without_an_installation_key_nothing_matches_another_node() {
    let (a, b) = (SeededRandom::new(1), SeededRandom::new(2));
    let (a, b) = (Vault::new(masters(K1), Arc::new(a)), Vault::new(masters(K1), Arc::new(b)));
    assert_ne!(a.lookup_mac("label", &[b"x"]), b.lookup_mac("label", &[b"x"]));
}

#[test]
fn the_cache_of_derived_keys_stays_bounded_and_keeps_what_is_used() {
    let cache = BoundedCache::new(10);
    cache.insert(b"hot", Arc::new(0));
    for number in 1..1000u32 {
        cache.insert(&number.to_be_bytes(), Arc::new(number));
        assert_eq!(cache.get(b"hot").as_deref(), Some(&0));
        assert!(cache.len() <= 20);
    }
    assert!(cache.get(&1u32.to_be_bytes()).is_none());
    assert!(cache.get(&999u32.to_be_bytes()).is_some());
}

#[test]
fn debug_output_of_a_vault_names_masters_only() {
    assert_eq!(format!("{:?}", vault()), r#"Vault(["k1"])"#);
}

#[test]
fn a_master_that_another_node_began_to_use_is_looked_for_once() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let random: Arc<dyn crate::Random> = Arc::new(crate::SystemRandom);
    let old = crate::Masters::generate(0, random.as_ref());
    let new = crate::Masters::generate(5, random.as_ref());
    let both = format!("{}\n{}\n", old.trim(), new.trim());
    let here = crate::Vault::new(crate::Masters::parse(&old).unwrap(), random.clone());
    let there = crate::Vault::new(crate::Masters::parse(&both).unwrap(), random);
    let sealed = there.seal(crate::Purpose::Flow, "ten", b"", 10, b"value");
    assert!(here.open(crate::Purpose::Flow, "ten", b"", &sealed).is_err());
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = looks.clone();
    here.find_masters_with(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        crate::Masters::parse(&both).ok()
    });
    // The look that found nothing is not repeated at once: forgeries must not cost file reads.
    let mut opened = here.open(crate::Purpose::Flow, "ten", b"", &sealed);
    assert!(opened.is_err() && looks.load(Ordering::SeqCst) == 0);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while opened.is_err() && std::time::Instant::now() < deadline {
        std::thread::yield_now();
        opened = here.open(crate::Purpose::Flow, "ten", b"", &sealed);
    }
    assert_eq!(opened.unwrap(), b"value");
    assert_eq!(looks.load(Ordering::SeqCst), 1);
}

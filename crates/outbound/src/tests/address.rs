//! Every special-purpose block at both ends and one step outside, against an independent
//! reading: CIDR blocks written as text, and the standard library's own predicates.

use super::*;
use std::net::{Ipv4Addr, Ipv6Addr};

// IANA IPv4 and IPv6 special-purpose registries, multicast and class E, metadata addresses.
const V4: &[(&str, Class)] = &[
    ("0.0.0.0/32", Class::Unspecified),
    ("0.0.0.0/8", Class::Reserved),
    ("10.0.0.0/8", Class::Private),
    ("100.100.100.200/32", Class::Metadata),
    ("100.64.0.0/10", Class::Shared),
    ("127.0.0.0/8", Class::Loopback),
    ("168.63.129.16/32", Class::Metadata),
    ("169.254.169.254/32", Class::Metadata),
    ("169.254.0.0/16", Class::LinkLocal),
    ("172.16.0.0/12", Class::Private),
    ("192.0.0.192/32", Class::Metadata),
    ("192.0.0.0/24", Class::Reserved),
    ("192.0.2.0/24", Class::Documentation),
    ("192.31.196.0/24", Class::Reserved),
    ("192.52.193.0/24", Class::Reserved),
    ("192.88.99.0/24", Class::Reserved),
    ("192.168.0.0/16", Class::Private),
    ("192.175.48.0/24", Class::Reserved),
    ("198.18.0.0/15", Class::Reserved),
    ("198.51.100.0/24", Class::Documentation),
    ("203.0.113.0/24", Class::Documentation),
    ("224.0.0.0/4", Class::Multicast),
    ("240.0.0.0/4", Class::Reserved),
];

fn block(text: &str) -> (u32, u32) {
    let (base, bits) = text.split_once('/').unwrap();
    let base = u32::from(base.parse::<Ipv4Addr>().unwrap());
    let size = 1_u64 << (32 - bits.parse::<u32>().unwrap());
    (base, (u64::from(base) + size - 1) as u32)
}

fn expected(address: u32) -> Class {
    let inside = |(text, _): &&(&str, Class)| {
        let (first, last) = block(text);
        (first..=last).contains(&address)
    };
    V4.iter().find(inside).map_or(Class::Public, |(_, class)| *class)
}

#[test]
fn every_ipv4_block_ends_where_the_registry_says() {
    for (text, _) in V4 {
        let (first, last) = block(text);
        for address in [first, last, first.wrapping_sub(1), last.wrapping_add(1)] {
            let shown = Ipv4Addr::from(address);
            assert_eq!(classify(shown.into()), expected(address), "{shown} ({text})");
        }
    }
}

#[test]
fn ipv4_agrees_with_the_table_everywhere() {
    // A prime step walks over every /16 and through all values of the lower bytes.
    let mut address = 0_u32;
    loop {
        let shown = Ipv4Addr::from(address);
        let class = classify(shown.into());
        assert_eq!(class, expected(address), "{shown}");
        let special = shown.is_private()
            || shown.is_loopback()
            || shown.is_link_local()
            || shown.is_multicast()
            || shown.is_broadcast()
            || shown.is_documentation()
            || shown.is_unspecified();
        assert!(!special || class != Class::Public, "{shown}");
        match address.checked_add(65_521) {
            Some(next) => address = next,
            None => break,
        }
    }
}

#[test]
fn ipv6_blocks_are_told_apart() {
    let cases = [
        ("::", Class::Unspecified),
        ("::1", Class::Loopback),
        ("::2", Class::Reserved),
        ("100::1", Class::Reserved),
        ("2001::1", Class::Reserved),
        ("2001:1ff:ffff::", Class::Reserved),
        ("2001:200::1", Class::Public),
        ("2001:db7:ffff::1", Class::Public),
        ("2001:db8::1", Class::Documentation),
        ("2001:db9::1", Class::Public),
        ("2606:4700:4700::1111", Class::Public),
        ("3ffe:ffff::1", Class::Public),
        ("3fff::1", Class::Documentation),
        ("3fff:fff:ffff::1", Class::Documentation),
        ("3fff:1000::1", Class::Public),
        ("4000::1", Class::Reserved),
        ("1fff:ffff::1", Class::Reserved),
        ("5f00::1", Class::Reserved),
        ("64:ff9b:1::a00:1", Class::Reserved),
        ("fbff::1", Class::Reserved),
        ("fc00::1", Class::Private),
        ("fd00::1", Class::Private),
        ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Private),
        ("fd00:ec2::254", Class::Metadata),
        ("fd20:ce::254", Class::Metadata),
        ("fe00::1", Class::Reserved),
        ("fe80::1", Class::LinkLocal),
        ("febf:ffff::1", Class::LinkLocal),
        ("fec0::1", Class::Private),
        ("feff:ffff::1", Class::Private),
        ("ff02::1", Class::Multicast),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Multicast),
    ];
    for (text, class) in cases {
        assert_eq!(classify(text.parse().unwrap()), class, "{text}");
    }
}

#[test]
fn ipv4_inside_ipv6_gains_nothing() {
    for (text, class) in V4 {
        let (first, last) = block(text);
        for address in [first, last] {
            let class = if expected(address) == *class { *class } else { expected(address) };
            let v4 = Ipv4Addr::from(address);
            let [a, b, c, d] = v4.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let forms = [
                v4.to_ipv6_mapped(),
                Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            ];
            for form in forms {
                assert_eq!(classify(form.into()), class, "{form} ({v4})");
            }
            assert_ne!(classify(v4.to_ipv6_compatible().into()), Class::Public, "::{v4}");
        }
    }
    let public = |text: &str| classify(text.parse().unwrap());
    assert_eq!(public("::ffff:8.8.8.8"), Class::Embedded);
    assert_eq!(public("::8.8.8.8"), Class::Embedded);
    assert_eq!(public("2002:808:808::1"), Class::Embedded);
    // The one form that networks without IPv4 depend on.
    assert_eq!(public("64:ff9b::8.8.8.8"), Class::Public);
}

#[test]
fn a_name_on_the_allow_list_never_leads_to_metadata() {
    for text in
        ["169.254.169.254", "169.254.1.1", "fe80::1", "0.0.0.0", "224.0.0.1", "fd00:ec2::254"]
    {
        assert!(!classify(text.parse().unwrap()).may_be_allowed(), "{text}");
    }
    for text in ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "fd12::1", "100.64.0.1", "8.8.8.8"]
    {
        assert!(classify(text.parse().unwrap()).may_be_allowed(), "{text}");
    }
}

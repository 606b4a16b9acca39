//! Which addresses are globally reachable, after the IANA special-purpose address registries
//! (RFC 6890, RFC 8190), and what the others are called.
//!
//! Pure: no name is resolved here. Who may reach the others all the same is said by `policy`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Public,
    Loopback,
    Private,
    /// RFC 6598, between a carrier and its customers.
    Shared,
    LinkLocal,
    /// Where clouds hand credentials to their machines.
    Metadata,
    Multicast,
    Unspecified,
    Documentation,
    Reserved,
    /// A public IPv4 address written as IPv6 in a form that no name server hands out.
    Embedded,
}

impl Class {
    /// What it is, with its article.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Public => "a public address",
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::Shared => "a shared address of a carrier",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "a cloud metadata address",
            Self::Multicast => "a multicast address",
            Self::Unspecified => "the unspecified address",
            Self::Documentation => "a documentation address",
            Self::Reserved => "a reserved address",
            Self::Embedded => "an IPv4 address in the clothes of IPv6",
        }
    }

    /// Whether a *name* on the allow-list may lead here. Not to metadata or link-local
    /// addresses: who answers for the name must not choose those. An address on the allow-list
    /// is meant literally and is not asked.
    pub(crate) fn may_be_allowed(self) -> bool {
        matches!(self, Self::Public | Self::Loopback | Self::Private | Self::Shared)
    }
}

/// The class of an address, whatever its form.
pub(crate) fn classify(address: IpAddr) -> Class {
    match address {
        IpAddr::V4(v4) => classify_v4(v4),
        IpAddr::V6(v6) => classify_v6(v6),
    }
}

fn classify_v4(address: Ipv4Addr) -> Class {
    match address.octets() {
        [0, 0, 0, 0] => Class::Unspecified,
        [127, ..] => Class::Loopback,
        [169, 254, 169, 254] | [100, 100, 100, 200] | [168, 63, 129, 16] | [192, 0, 0, 192] => {
            Class::Metadata
        }
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Class::Private,
        [100, 64..=127, ..] => Class::Shared,
        [169, 254, ..] => Class::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Class::Documentation,
        [224..=239, ..] => Class::Multicast,
        // "This network", protocol assignments, AS112, AMT, 6to4 relays, benchmarking, class E.
        [0, ..]
        | [192, 0, 0, _]
        | [192, 31, 196, _]
        | [192, 52, 193, _]
        | [192, 88, 99, _]
        | [192, 175, 48, _]
        | [198, 18..=19, ..]
        | [240..=255, ..] => Class::Reserved,
        _ => Class::Public,
    }
}

fn classify_v6(address: Ipv6Addr) -> Class {
    let parts = address.segments();
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 0] => Class::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Class::Loopback,
        // Mapped, translated (RFC 7915) and compatible forms of IPv4.
        [0, 0, 0, 0, 0, 0xffff, a, b]
        | [0, 0, 0, 0, 0xffff, 0, a, b]
        | [0, 0, 0, 0, 0, 0, a, b] => embedded(a, b),
        // RFC 6052: how a network without IPv4 reaches it. Only public addresses may be written so.
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] => classify_v4(inner(a, b)),
        // 6to4, deprecated by RFC 7526.
        [0x2002, a, b, ..] => embedded(a, b),
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => {
            Class::Metadata
        }
        // Unique local, and site-local before it (RFC 3879).
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Class::Private,
        [0xfe80..=0xfebf, ..] => Class::LinkLocal,
        [0xff00..=0xffff, ..] => Class::Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Class::Documentation,
        // 2001::/23: Teredo, benchmarking, ORCHID.
        [0x2001, 0..=0x1ff, ..] => Class::Reserved,
        // RFC 4291 §2.4: global unicast that is handed out.
        [0x2000..=0x3fff, ..] => Class::Public,
        _ => Class::Reserved,
    }
}

fn embedded(a: u16, b: u16) -> Class {
    match classify_v4(inner(a, b)) {
        Class::Public => Class::Embedded,
        class => class,
    }
}

fn inner(a: u16, b: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(a) << 16) | u32::from(b))
}

#[cfg(test)]
#[path = "tests/address.rs"]
mod tests;

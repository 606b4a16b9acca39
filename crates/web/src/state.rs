//! What every handler is given besides its request: the context of use cases, the threads they run
//! on, and the settings that the kit reads on every request.

use std::net::IpAddr;
use std::sync::Arc;

use context::Ctx;
use federation::Upstreams;
use outbound::Outbound;

use crate::cors::OriginCache;
use crate::host::HostRules;
use crate::runner::Runner;

/// The state of an application, shared by all workers as `actix_web::web::Data<State>`.
#[derive(Clone)]
pub struct State {
    /// What use cases are given.
    pub ctx: Ctx,
    /// The threads they run on.
    pub runner: Runner,
    /// What is fetched from elsewhere goes through it.
    pub outbound: Outbound,
    /// The same, with the documents of providers that are kept.
    pub upstreams: Upstreams,
    pub(crate) rules: Arc<HostRules>,
    pub(crate) origins: Arc<OriginCache>,
}

impl State {
    /// The state for a context, its threads and the HTTP client.
    pub fn new(ctx: Ctx, runner: Runner, outbound: Outbound) -> State {
        let upstreams = Upstreams::new(outbound.clone());
        let settings = &ctx.settings;
        let rules = HostRules::new(&settings.base_url, settings.base_domain.as_deref());
        State { rules: Arc::new(rules), origins: Arc::default(), ctx, runner, outbound, upstreams }
    }

    /// Whether forwarding headers from this address count.
    pub(crate) fn trusts(&self, ip: IpAddr) -> bool {
        self.ctx.settings.trusted_proxies.iter().any(|(net, bits)| within(ip, *net, *bits))
    }
}

/// Whether an address is inside a network of `bits` leading bits.
fn within(ip: IpAddr, net: IpAddr, bits: u8) -> bool {
    match (ip.to_canonical(), net.to_canonical()) {
        (IpAddr::V4(ip), IpAddr::V4(net)) => same_head(&ip.octets(), &net.octets(), bits),
        (IpAddr::V6(ip), IpAddr::V6(net)) => same_head(&ip.octets(), &net.octets(), bits),
        _ => false,
    }
}

fn same_head(a: &[u8], b: &[u8], bits: u8) -> bool {
    let (whole, rest) = (usize::from(bits / 8), bits % 8);
    if whole > a.len() || (whole == a.len() && rest > 0) || a[..whole] != b[..whole] {
        return false;
    }
    rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_matched_by_their_leading_bits() {
        let inside = |ip: &str, net: &str, bits| {
            within(ip.parse().expect("an address"), net.parse().expect("an address"), bits)
        };
        assert!(inside("10.1.2.3", "10.0.0.0", 8));
        assert!(inside("10.1.2.3", "10.1.2.3", 32));
        assert!(inside("::ffff:10.1.2.3", "10.1.2.0", 24));
        assert!(inside("2001:db8:1::9", "2001:db8::", 31));
        assert!(inside("9.9.9.9", "0.0.0.0", 0));
        assert!(!inside("11.1.2.3", "10.0.0.0", 8));
        assert!(!inside("10.1.2.3", "10.1.2.2", 32));
        assert!(!inside("10.1.2.3", "10.1.2.3", 40), "more bits than an address has match nothing");
        assert!(!inside("::1", "0.0.0.0", 0));
    }
}

//! Whether the machine was the same before and after a round: a fixed loop of signatures on the
//! server core, and the time the hypervisor took away from it.

use crate::process::{SERVER_CORE, pinned, sibling};

/// Most drift of the loop over a round.
const DRIFT: f64 = 0.05;
/// Most time taken away over a round, as share of all time.
const STEAL: f64 = 0.02;

/// The state of the machine at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    signature_us: f64,
    stolen: u64,
    total: u64,
}

impl Moment {
    /// Measures now; takes some 50 ms.
    ///
    /// # Panics
    /// When the loop cannot be started.
    pub fn now() -> Moment {
        let output = pinned(&sibling("floor"), SERVER_CORE).arg("signatures").output();
        let output = output.expect("the loop of signatures starts");
        let text = String::from_utf8_lossy(&output.stdout);
        let signature_us = text.trim().parse().expect("microseconds");
        let (stolen, total) = ticks().unwrap_or_default();
        Moment { signature_us, stolen, total }
    }

    /// Whether a round between `self` and `later` counts.
    pub fn is_like(&self, later: &Moment) -> bool {
        let drift = (later.signature_us / self.signature_us - 1.0).abs();
        let (stolen, total) = (later.stolen - self.stolen, later.total - self.total);
        drift <= DRIFT && stolen as f64 <= total as f64 * STEAL
    }
}

/// Ticks of the server core: taken away, and all.
fn ticks() -> Option<(u64, u64)> {
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("cpu{SERVER_CORE} ")))?;
    let ticks: Vec<u64> = line.split_whitespace().filter_map(|tick| tick.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal; guest times are within the first two.
    Some((*ticks.get(7)?, ticks.iter().take(8).sum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_and_stolen_time_spoil_a_round() {
        let at = |signature_us, stolen, total| Moment { signature_us, stolen, total };
        let start = at(20.0, 5, 1000);
        assert!(start.is_like(&at(20.9, 5, 1300)));
        assert!(!start.is_like(&at(21.1, 5, 1300)));
        assert!(!start.is_like(&at(18.9, 5, 1300)));
        assert!(start.is_like(&at(20.0, 11, 1300)));
        assert!(!start.is_like(&at(20.0, 12, 1300)));
    }
}

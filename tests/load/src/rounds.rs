//! Interleaved rounds of two sides (A B B A …), a ratio per pair, and what may be claimed of it.

use crate::generator::{Round, run};
use crate::target::Target;
use std::time::Duration;

/// How long and how often; the environment makes a run longer.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Connections.
    pub connections: usize,
    /// Length of a round.
    pub round: Duration,
    /// Pairs of rounds.
    pub pairs: usize,
}

impl Plan {
    /// BENCH_SECONDS per round (5) and BENCH_PAIRS (5), 64 connections.
    pub fn from_environment() -> Plan {
        let number = |name: &str, default: u64| {
            std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
        };
        Plan {
            connections: 64,
            round: Duration::from_secs(number("BENCH_SECONDS", 5)),
            pairs: number("BENCH_PAIRS", 5) as usize,
        }
    }
}

/// The ratios of all pairs, ours over the floor.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Our rounds.
    pub ours: Vec<Round>,
    /// The floor's rounds.
    pub floor: Vec<Round>,
}

impl Comparison {
    /// Runs the pairs after a warm-up of both sides.
    pub fn run(plan: Plan, ours: &Target, floor: &Target) -> Comparison {
        let warm = Duration::from_secs(1);
        run(ours, plan.connections, warm);
        run(floor, plan.connections, warm);
        let mut comparison = Comparison { ours: Vec::new(), floor: Vec::new() };
        for pair in 0..plan.pairs {
            let sides = if pair % 2 == 0 { [true, false] } else { [false, true] };
            for is_ours in sides {
                let target = if is_ours { ours } else { floor };
                let round = run(target, plan.connections, plan.round);
                let list = if is_ours { &mut comparison.ours } else { &mut comparison.floor };
                list.push(round);
            }
        }
        comparison
    }

    /// Our CPU cost per answer over the floor's, as share of the floor's speed: 1 is the floor.
    pub fn by_cpu(&self) -> Spread {
        Spread::of(self.pairs(|ours, floor| floor.cpu_us / ours.cpu_us))
    }

    /// Our throughput over the floor's.
    pub fn by_rate(&self) -> Spread {
        Spread::of(self.pairs(|ours, floor| ours.rate() / floor.rate()))
    }

    /// Answers of ours that were not what was asked for.
    pub fn wrong(&self) -> u64 {
        self.ours.iter().chain(&self.floor).map(|round| round.wrong).sum()
    }

    /// Whether the generator was the limit in any round of the floor.
    pub fn generator_bound(&self) -> bool {
        self.ours.iter().chain(&self.floor).any(|round| round.generator > 0.7)
    }

    fn pairs(&self, ratio: impl Fn(&Round, &Round) -> f64) -> Vec<f64> {
        self.ours.iter().zip(&self.floor).map(|(ours, floor)| ratio(ours, floor)).collect()
    }
}

/// Median, least and most of the ratios.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// Least: what may be claimed.
    pub least: f64,
    /// Most.
    pub most: f64,
}

impl Spread {
    /// Of any numbers.
    pub fn of(mut numbers: Vec<f64>) -> Spread {
        numbers.sort_by(f64::total_cmp);
        let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
        let last = numbers.len().saturating_sub(1);
        Spread { median: at(numbers.len() / 2), least: at(0), most: at(last) }
    }

    /// `median (least to most)` in percent.
    pub fn percent(&self) -> String {
        let p = |value: f64| format!("{:.0}", value * 100.0);
        format!("{} % ({} to {})", p(self.median), p(self.least), p(self.most))
    }
}

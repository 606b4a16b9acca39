//! Interleaved rounds of two sides (A B B A …), a ratio per pair, and what may be claimed of it.

use crate::generator::{Round, run};
use crate::steady::Moment;
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

/// Pairs that are tried for each that is wanted.
const PATIENCE: usize = 4;

/// The rounds of both sides, pair by pair.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Our rounds.
    pub ours: Vec<Round>,
    /// The floor's rounds.
    pub floor: Vec<Round>,
    /// Pairs that did not count because the machine changed meanwhile.
    pub dropped: usize,
    /// Pairs that were wanted.
    pub wanted: usize,
    /// Answers that were not what was asked for, in all rounds, dropped ones too.
    pub wrong: u64,
}

impl Comparison {
    /// Runs the pairs after a warm-up of both sides. A pair during which the machine changed is
    /// dropped and run again, up to four times as many as wanted.
    pub fn run(plan: Plan, ours: &Target, floor: &Target) -> Comparison {
        let warm = Duration::from_secs(1);
        run(ours, plan.connections, warm);
        run(floor, plan.connections, warm);
        let (rounds, wanted) = (Vec::new, plan.pairs);
        let mut comparison =
            Comparison { ours: rounds(), floor: rounds(), dropped: 0, wanted, wrong: 0 };
        for pair in 0..wanted * PATIENCE {
            if comparison.enough() {
                break;
            }
            let turns = if pair % 2 == 0 { [ours, floor] } else { [floor, ours] };
            let [first, second] = turns.map(|target| steady_round(plan, target));
            comparison.wrong += first.0.wrong + second.0.wrong;
            let (own, other) = if pair % 2 == 0 { (first, second) } else { (second, first) };
            if own.1 && other.1 {
                comparison.ours.push(own.0);
                comparison.floor.push(other.0);
            } else {
                comparison.dropped += 1;
            }
        }
        comparison
    }

    /// Whether as many pairs counted as were wanted.
    pub fn enough(&self) -> bool {
        self.ours.len() >= self.wanted
    }

    /// The share of the floor that may be claimed: the lower end of the interval of the CPU ratio,
    /// and of the throughput ratio too unless the generator was the limit.
    pub fn claim(&self) -> f64 {
        let cpu = self.by_cpu().low;
        if self.generator_bound() { cpu } else { cpu.min(self.by_rate().low) }
    }

    /// Our CPU cost per answer over the floor's, as share of the floor's speed: 1 is the floor.
    pub fn by_cpu(&self) -> Spread {
        Spread::of(self.pairs(|ours, floor| floor.cpu_us / ours.cpu_us))
    }

    /// Our throughput over the floor's.
    pub fn by_rate(&self) -> Spread {
        Spread::of(self.pairs(|ours, floor| ours.rate() / floor.rate()))
    }

    /// Whether the generator was the limit in any round of the floor.
    pub fn generator_bound(&self) -> bool {
        self.ours.iter().chain(&self.floor).any(|round| round.generator > 0.7)
    }

    fn pairs(&self, ratio: impl Fn(&Round, &Round) -> f64) -> Vec<f64> {
        self.ours.iter().zip(&self.floor).map(|(ours, floor)| ratio(ours, floor)).collect()
    }
}

/// A round, and whether the machine was the same before and after it.
fn steady_round(plan: Plan, target: &Target) -> (Round, bool) {
    let before = Moment::now();
    let round = run(target, plan.connections, plan.round);
    (round, before.is_like(&Moment::now()))
}

/// Median, least and most of the ratios, and the 95 % interval of the median.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// Least.
    pub least: f64,
    /// Most.
    pub most: f64,
    /// Lower end of the interval: what may be claimed.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Samples of the bootstrap.
const SAMPLES: usize = 4000;

impl Spread {
    /// Of any numbers.
    pub fn of(mut numbers: Vec<f64>) -> Spread {
        numbers.sort_by(f64::total_cmp);
        let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
        let last = numbers.len().saturating_sub(1);
        let medians = resampled(&numbers);
        let quantile = |share: f64| {
            let index = (medians.len() as f64 * share) as usize;
            medians.get(index).copied().unwrap_or(f64::NAN)
        };
        let (low, high) = (quantile(0.025), quantile(0.975));
        Spread { median: at(numbers.len() / 2), least: at(0), most: at(last), low, high }
    }

    /// `median (least to most; 95 %: low to high)` in percent.
    pub fn percent(&self) -> String {
        let p = |value: f64| format!("{:.0}", value * 100.0);
        let [median, least, most, low, high] =
            [self.median, self.least, self.most, self.low, self.high].map(p);
        format!("{median} % ({least} to {most}; 95 %: {low} to {high})")
    }
}

/// The medians of samples drawn with replacement, sorted: the bootstrap (Efron 1979). The draws are
/// the same in every run, so that one report has one reading.
fn resampled(numbers: &[f64]) -> Vec<f64> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        numbers[state as usize % numbers.len()]
    };
    let mut medians: Vec<f64> = Vec::new();
    for _ in 0..if numbers.is_empty() { 0 } else { SAMPLES } {
        let mut sample: Vec<f64> = numbers.iter().map(|_| draw()).collect();
        sample.sort_by(f64::total_cmp);
        medians.push(sample[sample.len() / 2]);
    }
    medians.sort_by(f64::total_cmp);
    medians
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_pairs_claim_their_least_and_many_claim_near_their_median() {
        let few = Spread::of(vec![0.72, 0.70, 0.74, 0.71, 0.73]);
        assert_eq!((few.median, few.low, few.high), (0.72, 0.70, 0.74));
        let many = Spread::of((0..101).map(|n| 0.5 + f64::from(n) / 1000.0).collect());
        assert!((many.median - 0.55).abs() < 1e-9);
        assert!(many.least < many.low && many.low < many.median && many.median < many.high);
        assert!(Spread::of(Vec::new()).low.is_nan(), "nothing measured, nothing claimed");
    }
}

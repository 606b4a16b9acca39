//! The steps of one sign-in at a provider, as they are shown to an admin who tests a connection.
//! Ordinary sign-ins record them too, without evidence: the trace needs the step that failed.

use std::time::Instant;

use directory::connection_tests::{Mark, TestStep};
use mapping::redact_value;
use serde_json::Value;

use crate::failure::Failure;

/// What has been done so far.
#[derive(Debug)]
pub struct Run {
    steps: Vec<TestStep>,
    verbose: bool,
    begun: Instant,
}

impl Run {
    /// A run that keeps evidence only if it is a test.
    pub fn new(verbose: bool) -> Run {
        Run { steps: Vec::new(), verbose, begun: Instant::now() }
    }

    /// The steps.
    pub fn into_steps(self) -> Vec<TestStep> {
        self.steps
    }

    /// The step that failed, if one did.
    pub(crate) fn failed_at(&self) -> &'static str {
        let failed = self.steps.iter().find(|step| step.mark == Mark::Fail);
        failed.map_or("", |step| name_of(&step.name))
    }

    pub(crate) fn ok(&mut self, name: &'static str, evidence: impl FnOnce() -> Value) {
        self.put(name, Mark::Ok, "", evidence);
    }

    pub(crate) fn warn(
        &mut self,
        name: &'static str,
        code: &'static str,
        evidence: impl FnOnce() -> Value,
    ) {
        self.put(name, Mark::Warn, code, evidence);
    }

    /// Notes a step that failed and hands the failure on.
    pub(crate) fn fail(&mut self, name: &'static str, failure: Failure) -> Failure {
        let evidence = failure.evidence.clone();
        self.put(name, Mark::Fail, failure.code, || evidence);
        failure
    }

    /// Notes how a step came out.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        result: Result<T, Failure>,
        evidence: impl FnOnce(&T) -> Value,
    ) -> Result<T, Failure> {
        match result {
            Ok(value) => {
                self.ok(name, || evidence(&value));
                Ok(value)
            }
            Err(failure) => Err(self.fail(name, failure)),
        }
    }

    fn put(
        &mut self,
        name: &'static str,
        mark: Mark,
        code: &'static str,
        evidence: impl FnOnce() -> Value,
    ) {
        let ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.begun = Instant::now();
        let evidence = if self.verbose { redact_value(&evidence()) } else { Value::Null };
        self.steps.push(TestStep {
            name: name.to_owned(),
            mark,
            ms,
            code: code.to_owned(),
            evidence,
        });
    }
}

/// Every step in the order in which they come.
const NAMES: [&str; 14] = [
    "configuration",
    "discovery",
    "credentials",
    "authorization_request",
    "callback",
    "token_request",
    "id_token",
    "keys",
    "signature",
    "claims",
    "userinfo",
    "extra_request",
    "mapping",
    "decision",
];

fn name_of(name: &str) -> &'static str {
    NAMES.iter().find(|known| **known == name).copied().unwrap_or("")
}

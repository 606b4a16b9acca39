//! `tessera doctor`: looks at everything a start depends on and says what to do about each.

use serde_json::{Value, json};

use super::output::{self, say};
use crate::args::Global;
use crate::boot::{self, For};
use crate::config::{self, Config};
use crate::fail::Fail;
use crate::{mail, masters, tls};

struct Finding {
    check: &'static str,
    problem: Option<String>,
}

/// Runs every check; fails when one does.
pub fn run(global: &Global) -> Result<(), Fail> {
    let config = config::load(global.config.as_deref())?;
    let findings = [
        finding("settings", config.settings().map(drop)),
        finding("master key", masters::source(&config).and_then(|s| masters::read(&s)).map(drop)),
        finding("tls", tls::config(&config).map(drop)),
        finding("database", boot::database(&config).and_then(|db| Ok(db.ping()?))),
        finding("schema and keys", boot::open(&config, For::Command).map(drop)),
        finding("addresses", addresses(&config)),
        finding("mail server", mail_server(&config)),
    ];
    let rows: Vec<Value> = findings
        .iter()
        .map(|f| json!({ "check": f.check, "ok": f.problem.is_none(), "problem": f.problem }))
        .collect();
    let bad = findings.iter().filter(|f| f.problem.is_some()).count();
    output::answer(global.json, &json!({ "ok": bad == 0, "checks": rows }), || {
        for finding in &findings {
            match &finding.problem {
                None => say!("ok    {}", finding.check),
                Some(problem) => say!("FAIL  {}: {problem}", finding.check),
            }
        }
    });
    if bad == 0 {
        Ok(())
    } else {
        Err(Fail::new(format!("{bad} of {} checks failed", findings.len())))
    }
}

fn finding(check: &'static str, result: Result<(), Fail>) -> Finding {
    Finding { check, problem: result.err().map(|e| e.to_string()) }
}

/// Whether the mail server can be reached and lets us in, when one is set up.
fn mail_server(config: &Config) -> Result<(), Fail> {
    mail::probe(&boot::open(config, For::Command)?).map_err(Fail::new)
}

/// Whether people can be told one address: https to the outside, and tenants' hosts that exist.
fn addresses(config: &Config) -> Result<(), Fail> {
    let settings = config.settings()?;
    if !config.development
        && settings.https()
        && config.tls_cert.is_none()
        && config.trusted_proxies.is_empty()
    {
        return Err(Fail::new(
            "base_url is https, but neither tls_cert nor trusted_proxies is set: every visitor would seem to come from the proxy. Set trusted_proxies to its network",
        ));
    }
    Ok(())
}

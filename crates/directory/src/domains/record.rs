//! What a host of a tenant's own may be, and whether what DNS said proves it.

use context::Ctx;
use store::domains::DomainRow;

use crate::error::FieldError;

/// The label before the host under which its TXT record is.
pub const RECORD: &str = "_tessera";

/// A host as it is kept: lower-case ASCII (UTS 46). Addresses of this installation, of other
/// tenants, of machines and of nobody are refused.
pub fn own_host(ctx: &Ctx, typed: &str, errors: &mut Vec<FieldError>) -> String {
    let typed = typed.trim();
    let mut wrong = |code, said: &str| {
        errors.push(FieldError::new("host", code, said));
        String::new()
    };
    if typed.is_empty() {
        return wrong("required", "Enter a host such as login.example.com.");
    }
    let shape =
        "Write a host name only, such as login.example.com, without https:// and without a port.";
    let host = match url::Host::parse(typed) {
        Ok(url::Host::Domain(host)) => host,
        Ok(_) => return wrong("address", "This is an address of a machine. Enter a host name."),
        Err(_) => return wrong("host", shape),
    };
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let longest = 253 - RECORD.len() - 1;
    if host.len() > longest || !host.contains('.') || !host.split('.').all(label) {
        return wrong("host", shape);
    }
    // RFC 6761: names that are nobody's.
    if host.rsplit('.').next().is_some_and(|top| ["localhost", "local", "invalid"].contains(&top)) {
        return wrong("host", "This name is for one machine or network only.");
    }
    if ours(ctx, &host) {
        let said = "This is an address of the installation itself; tenants have theirs below it by their short name.";
        return wrong("taken", said);
    }
    host
}

/// Whether a host is the installation's, or below the domain that tenants' hosts hang under.
fn ours(ctx: &Ctx, host: &str) -> bool {
    let base = ctx.settings.authority().split(':').next().unwrap_or_default();
    let below = |domain: &str| {
        host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    };
    host == base || ctx.settings.base_domain.as_deref().is_some_and(below)
}

/// What is wrong with the record of a host; empty when it proves it.
pub(super) fn problem(row: &DomainRow, texts: &Result<Vec<String>, String>) -> String {
    match texts {
        Ok(texts) if texts.iter().any(|text| text.trim() == row.token) => String::new(),
        Ok(texts) if texts.is_empty() => {
            format!("DNS has no TXT record at {RECORD}.{}", row.host)
        }
        Ok(texts) => {
            let first: String = texts[0].chars().filter(|c| !c.is_control()).take(80).collect();
            format!("the TXT record at {RECORD}.{} says something else: {first}", row.host)
        }
        Err(error) => error.chars().filter(|c| !c.is_control()).take(200).collect(),
    }
}

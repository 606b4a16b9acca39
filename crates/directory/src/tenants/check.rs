//! What a tenant's name and host may be. Slugs are `protocol`'s.

use context::Ctx;

use crate::error::FieldError;

pub(crate) fn check_name(name: &str, errors: &mut Vec<FieldError>) {
    let trimmed = name.trim();
    if trimmed.is_empty() {
        errors.push(FieldError::new("name", "required", "Enter a name."));
    } else if trimmed.chars().count() > 100 {
        errors.push(FieldError::new("name", "too_long", "Shorten the name to 100 characters."));
    } else if trimmed.chars().any(|c| c.is_control() || is_direction_mark(c)) {
        errors.push(FieldError::new(
            "name",
            "characters",
            "Remove invisible characters from the name.",
        ));
    }
}

/// Characters that reorder the text around them and so make a name read as another.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(super) fn check_host(
    ctx: &Ctx,
    host: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let host = host.map(|h| h.trim().to_ascii_lowercase()).filter(|h| !h.is_empty())?;
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    if host.len() > 253 || !host.contains('.') || !host.split('.').all(label) {
        errors.push(FieldError::new("host", "host", "Write a host name only, such as login.example.com, without https:// and without a port."));
    } else if is_slug_host(ctx, &host) {
        errors.push(FieldError::new(
            "host",
            "taken",
            "Hosts right below the installation's domain belong to the tenants of that short name.",
        ));
    } else if host == ctx.settings.authority().split(':').next().unwrap_or_default() {
        errors.push(FieldError::new(
            "host",
            "taken",
            "This is the address of the installation itself.",
        ));
    }
    Some(host)
}

/// `{slug}.{base domain}` is the address of the tenant with that slug, whoever has it.
fn is_slug_host(ctx: &Ctx, host: &str) -> bool {
    let domain = ctx.settings.base_domain.as_deref();
    let label = domain.and_then(|domain| host.strip_suffix(domain)?.strip_suffix('.'));
    label.is_some_and(|label| !label.contains('.'))
}

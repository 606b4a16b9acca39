//! Light, dark or as the system says: a cookie, so that the server renders the page right and
//! nothing flashes.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};
use context::Settings;
use web::{Fault, cookies};

use crate::visit::Posted;

/// Its life in days: the longest browsers grant.
const DAYS: i64 = 400;

fn cookie_name(settings: &Settings) -> &'static str {
    if settings.https() { "__Host-console-theme" } else { "console-theme" }
}

/// What a request asks for: `light`, `dark` or nothing.
pub(crate) fn of(settings: &Settings, req: &HttpRequest) -> &'static str {
    named(req.cookie(cookie_name(settings)).as_ref().map(Cookie::value).unwrap_or_default())
}

fn named(value: &str) -> &'static str {
    match value {
        "light" => "light",
        "dark" => "dark",
        _ => "",
    }
}

/// `POST /console/appearance`.
pub(crate) async fn choose(posted: Posted) -> Result<HttpResponse, Fault> {
    let theme = named(posted.form.get("theme").unwrap_or_default());
    let to = back(posted.form.get("to").unwrap_or_default());
    let mut response = posted.visit.go(&to)?;
    cookies::set(&mut response, &cookie(posted.visit.settings(), theme));
    Ok(response)
}

fn cookie(settings: &Settings, theme: &str) -> Cookie<'static> {
    let days = if theme.is_empty() { 0 } else { DAYS };
    Cookie::build(cookie_name(settings), theme.to_owned())
        .path("/")
        .http_only(true)
        .secure(settings.https())
        .same_site(SameSite::Lax)
        .max_age(Duration::days(days))
        .finish()
}

/// A path of the console, or its start for anything else.
pub(crate) fn back(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./?=&%".contains(&b);
    let ours = path == "/console" || path.starts_with("/console/") || path.starts_with("/console?");
    let fine = ours && path.len() <= 1_024 && path.bytes().all(plain) && !path.contains("//");
    if fine { path.to_owned() } else { "/console".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_console_is_gone_back_to() {
        for good in ["/console", "/console/t/acme/applications?q=a%20b&after=x_-"] {
            assert_eq!(back(good), good);
        }
        for bad in [
            "",
            "/",
            "/consolex",
            "https://evil.test/console",
            "//evil.test",
            "/console//evil.test",
            "/console/\\evil",
            "/console/\r\nx: y",
            "/t/acme/login",
        ] {
            assert_eq!(back(bad), "/console", "{bad}");
        }
    }
}

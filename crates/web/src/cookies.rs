//! The cookies of a tenant: sessions (several people may be signed in), the browser id that flows
//! are bound to, and the mark of a browser that has signed in before.
//!
//! Owns names, attributes and the strict reading of values: a cookie that is doubled, cut or
//! changed counts as absent. Path tenants share one origin, so their names end in the tenant id; on
//! plain-http loopback (development) prefix and Secure fall away. What a token means is the
//! issuer's business.

use std::collections::HashSet;

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{self, HeaderMap};
use context::{Settings, Tenant};

/// Most people signed in to one tenant in one browser.
pub const MAX_SESSIONS: usize = 5;
/// Most cookies of one sort that path tenants keep on their shared origin.
const MAX_TENANTS: usize = 8;
/// A session token: 32 bytes as base64url.
const SESSION_LEN: usize = 43;
/// A browser id: 16 bytes as base64url.
const BID_LEN: usize = 22;
/// Most proofs of earlier sign-ins, and the longest one in bytes.
const MAX_KNOWN: usize = 5;
const MAX_PROOF: usize = 512;
/// How long a browser is remembered: the longest life browsers grant a cookie is 400 days.
const LONG: Duration = Duration::days(400);

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Session tokens, newest first, joined by dots.
    Sessions,
    /// The browser id flows are sealed to.
    Browser,
    /// Opaque proofs that people signed in from this browser before, newest first, joined by tildes.
    Known,
    /// The way somebody last got in from this browser: a connection's code, or `password`.
    Way,
}

impl Sort {
    const fn stem(self) -> &'static str {
        match self {
            Sort::Sessions => "ses",
            Sort::Browser => "bid",
            Sort::Known => "kb",
            Sort::Way => "way",
        }
    }
}

/// Names and attributes of the cookies at one address.
#[derive(Debug, Clone)]
pub struct CookieJar {
    secure: bool,
    suffix: Option<String>,
}

impl CookieJar {
    /// The cookies of a tenant.
    pub fn of(settings: &Settings, tenant: &Tenant) -> CookieJar {
        let suffix = (!tenant.path().is_empty()).then(|| last8(tenant.id.as_str()).to_owned());
        CookieJar { secure: settings.https(), suffix }
    }

    /// The full name of a cookie: `__Host-ses`, `__Host-ses-1a2b3c4d`, `ses-1a2b3c4d`.
    pub fn name(&self, sort: Sort) -> String {
        match &self.suffix {
            Some(suffix) => format!("{}-{suffix}", self.stem(sort)),
            None => self.stem(sort),
        }
    }

    fn stem(&self, sort: Sort) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{}", sort.stem())
    }

    /// The session tokens a browser sent, newest first, at most [`MAX_SESSIONS`].
    pub fn sessions(&self, headers: &HeaderMap) -> Vec<String> {
        let Some(value) = read(headers, &self.name(Sort::Sessions)) else { return Vec::new() };
        let tokens: Vec<&str> = value.split('.').collect();
        let sound = tokens.iter().all(|token| is_token(token, SESSION_LEN));
        if !sound || tokens.len() > MAX_SESSIONS {
            return Vec::new();
        }
        tokens.into_iter().map(str::to_owned).collect()
    }

    /// The browser id (22 characters of base64url), if the browser sent a whole one.
    pub fn browser_id(&self, headers: &HeaderMap) -> Option<String> {
        let value = read(headers, &self.name(Sort::Browser))?;
        is_token(value, BID_LEN).then(|| value.to_owned())
    }

    /// The proofs of earlier sign-ins, newest first, at most five.
    pub fn known(&self, headers: &HeaderMap) -> Vec<String> {
        let Some(value) = read(headers, &self.name(Sort::Known)) else { return Vec::new() };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        let sound = |proof: &&str| proof.len() <= MAX_PROOF && proof.bytes().all(plain);
        value.split('~').take(MAX_KNOWN).filter(sound).map(str::to_owned).collect()
    }

    /// The way somebody last got in from this browser. Only the order of buttons hangs on it.
    pub fn way(&self, headers: &HeaderMap) -> Option<String> {
        let value = read(headers, &self.name(Sort::Way))?;
        is_way(value).then(|| value.to_owned())
    }

    /// The cookie that remembers the way somebody got in.
    pub fn got_in_by(&self, way: &str) -> Cookie<'static> {
        match is_way(way) {
            true => self.cookie(Sort::Way, way.to_owned(), Some(LONG)),
            false => self.gone(&self.name(Sort::Way)),
        }
    }

    /// The cookie that adds `newest` to the tokens the browser has; the oldest falls out. Without
    /// `max_age` (seconds) it ends with the browser.
    pub fn add_session(
        &self,
        had: &[String],
        newest: &str,
        max_age: Option<i64>,
    ) -> Cookie<'static> {
        let value = newest_first(had, newest, MAX_SESSIONS, ".");
        self.cookie(Sort::Sessions, value, max_age.map(Duration::seconds))
    }

    /// The cookie that keeps these tokens and no other; with none it removes itself.
    pub fn keep_sessions(&self, tokens: &[String], max_age: Option<i64>) -> Cookie<'static> {
        match tokens {
            [] => self.gone(&self.name(Sort::Sessions)),
            tokens => {
                let value = tokens[..tokens.len().min(MAX_SESSIONS)].join(".");
                self.cookie(Sort::Sessions, value, max_age.map(Duration::seconds))
            }
        }
    }

    /// The cookie of a browser id.
    pub fn browser(&self, bid: &str) -> Cookie<'static> {
        self.cookie(Sort::Browser, bid.to_owned(), None)
    }

    /// The cookie that adds a proof to those of earlier sign-ins; the oldest falls out.
    pub fn add_known(&self, had: &[String], newest: &str) -> Cookie<'static> {
        self.cookie(Sort::Known, newest_first(had, newest, MAX_KNOWN, "~"), Some(LONG))
    }

    /// The cookie that removes the one of this sort.
    pub fn remove(&self, sort: Sort) -> Cookie<'static> {
        self.gone(&self.name(sort))
    }

    /// Cookies of the same sort that other path tenants left on the shared origin and that make
    /// more than eight together with a new one; browsers send the oldest first.
    pub fn surplus(&self, headers: &HeaderMap, sort: Sort) -> Vec<Cookie<'static>> {
        if self.suffix.is_none() {
            return Vec::new();
        }
        let (own, stem) = (self.name(sort), format!("{}-", self.stem(sort)));
        let others: Vec<&str> = pairs(headers)
            .map(|(name, _)| name)
            .filter(|name| *name != own && name.strip_prefix(&stem).is_some_and(is_suffix))
            .collect();
        let keep = MAX_TENANTS - 1;
        others.iter().take(others.len().saturating_sub(keep)).map(|name| self.gone(name)).collect()
    }

    fn cookie(&self, sort: Sort, value: String, max_age: Option<Duration>) -> Cookie<'static> {
        let mut cookie = self.bare(self.name(sort), value);
        if let Some(age) = max_age {
            cookie.set_max_age(age);
        }
        cookie
    }

    fn gone(&self, name: &str) -> Cookie<'static> {
        let mut cookie = self.bare(name.to_owned(), String::new());
        cookie.set_max_age(Duration::ZERO);
        cookie
    }

    fn bare(&self, name: String, value: String) -> Cookie<'static> {
        Cookie::build(name, value)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish()
    }
}

/// Adds a Set-Cookie header to an answer.
pub fn set(response: &mut HttpResponse, cookie: &Cookie<'_>) {
    // Names and values are made of token characters only, so the header is always valid.
    if let Ok(value) = header::HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// The value of a cookie of this exact name; none if it was sent twice (a subdomain or another
/// path may have planted the second).
fn read<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let mut found = pairs(headers).filter(|(name, _)| *name == wanted);
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
}

fn is_token(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_way(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

fn newest_first(had: &[String], newest: &str, most: usize, joint: &str) -> String {
    let mut seen = HashSet::new();
    let values = std::iter::once(newest).chain(had.iter().map(String::as_str));
    let kept: Vec<&str> = values.filter(|value| seen.insert(*value)).take(most).collect();
    kept.join(joint)
}

fn is_suffix(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn last8(id: &str) -> &str {
    id.get(id.len().saturating_sub(8)..).unwrap_or(id)
}

#[cfg(test)]
mod tests;

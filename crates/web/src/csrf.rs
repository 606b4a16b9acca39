//! Cross-site request forgery: every form of ours carries a token, and the browser has to say that
//! it sent it from our own page. Both must hold.
//!
//! Owns the token's place in forms and the reading of Sec-Fetch-Site and Origin. What a token is
//! bound to (session, flow, browser id) is the caller's choice; its making is the vault's.

use actix_web::http::header::{self, HeaderMap, HeaderName};
use protocol::form::Params;
use vault::{csrf_token, ct_eq};

use crate::State;

/// Name of the form field that carries the token.
pub const FIELD: &str = "csrf";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The form did not come from our own page, or is of another session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsrfError {
    /// The browser says that another site sent it.
    #[error("sent from another site")]
    CrossSite,
    /// The token is missing or belongs to something else. With the right browser id the page may
    /// be shown again with what was typed.
    #[error("the form token does not fit")]
    Token,
}

/// The token of a form bound to `parts`, such as the browser id, the session id and the form's
/// name. Changes with each of them.
pub fn token(state: &State, parts: &[&[u8]]) -> String {
    csrf_token(&state.ctx.vault, parts)
}

/// Checks a posted form: sent from `origin` (scheme, host and port of the page) and with the token
/// for these `parts`.
///
/// # Errors
/// Which of the two does not hold.
pub fn check(
    state: &State,
    headers: &HeaderMap,
    origin: &str,
    form: &Params,
    parts: &[&[u8]],
) -> Result<(), CsrfError> {
    if !same_origin(headers, origin) {
        return Err(CsrfError::CrossSite);
    }
    let sent = form.get(FIELD).unwrap_or_default();
    let expected = token(state, parts);
    match ct_eq(sent.as_bytes(), expected.as_bytes()) {
        true => Ok(()),
        false => Err(CsrfError::Token),
    }
}

/// Whether the browser sent this from a page of `origin`. Of Sec-Fetch-Site, Origin and Referer
/// each that is there must agree; one that says nothing useful counts against it. A client that
/// sends none of them is no browser that follows other sites' forms, and the token decides alone.
pub fn same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let site = one(headers, SEC_FETCH_SITE);
    let from = one(headers, header::ORIGIN);
    match (site, from) {
        (Value::Absent, Value::Absent) => match one(headers, header::REFERER) {
            Value::Absent => true,
            Value::Is(referer) => {
                referer.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'))
            }
            Value::Unclear => false,
        },
        (site, from) => site.absent_or("same-origin") && from.absent_or(origin),
    }
}

/// Whether the browser says that another site (or another origin of this one) sent the request.
pub fn is_cross_site(headers: &HeaderMap, origin: &str) -> bool {
    !same_origin(headers, origin)
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Absent,
    Is(&'a str),
    Unclear,
}

impl Value<'_> {
    fn absent_or(self, wanted: &str) -> bool {
        match self {
            Value::Absent => true,
            Value::Is(value) => value.eq_ignore_ascii_case(wanted),
            Value::Unclear => false,
        }
    }
}

fn one(headers: &HeaderMap, name: HeaderName) -> Value<'_> {
    let mut values = headers.get_all(name);
    match (values.next(), values.next()) {
        (None, _) => Value::Absent,
        (Some(value), None) => value.to_str().map_or(Value::Unclear, Value::Is),
        (Some(_), Some(_)) => Value::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    const OURS: &str = "https://acme.example";

    fn sent(list: &[(HeaderName, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        same_origin(&headers, OURS)
    }

    #[test]
    fn r100_our_own_page_may_post() {
        assert!(sent(&[(SEC_FETCH_SITE, "same-origin"), (header::ORIGIN, OURS)]));
        assert!(sent(&[(SEC_FETCH_SITE, "same-origin")]));
        assert!(sent(&[(header::ORIGIN, OURS)]));
        assert!(sent(&[(header::REFERER, "https://acme.example/login/x")]));
        assert!(sent(&[]), "no browser");
    }

    #[test]
    fn every_sign_of_another_site_counts_against_it() {
        for list in [
            &[(SEC_FETCH_SITE, "cross-site")][..],
            &[(SEC_FETCH_SITE, "same-site")],
            &[(SEC_FETCH_SITE, "none")],
            &[(SEC_FETCH_SITE, "same-origin"), (header::ORIGIN, "https://evil.test")],
            &[(SEC_FETCH_SITE, "cross-site"), (header::ORIGIN, OURS)],
            &[(SEC_FETCH_SITE, "same-origin"), (SEC_FETCH_SITE, "cross-site")],
            &[(header::ORIGIN, "null")],
            &[(header::ORIGIN, "https://acme.example.evil.test")],
            &[(header::ORIGIN, "http://acme.example")],
            &[(header::ORIGIN, OURS), (header::ORIGIN, OURS)],
            &[(header::REFERER, "https://acme.example.evil.test/")],
            &[(header::REFERER, "https://evil.test/?https://acme.example/")],
        ] {
            assert!(!sent(list), "{list:?}");
        }
    }
}

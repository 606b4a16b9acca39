//! The response headers of every kind of answer: the content security policy of pages, what API
//! answers carry, and what every answer carries.
//!
//! A page states only what is special about it (`PageHeaders`); the pipeline in `mount` adds the
//! rest, so a new page cannot forget a header. CORS headers are written by `cors` alone.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

const PAGE_CSP_START: &str = "default-src 'none'; script-src 'self'";
const PAGE_CSP_MIDDLE: &str = "; style-src 'self'; img-src 'self'; connect-src 'self'; \
     font-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
     form-action 'self'";
const PAGE_CSP_END: &str = "; require-trusted-types-for 'script'";
const ASSET_CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
const PREVIEW_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
);
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), \
     microphone=(), geolocation=()",
);
/// One year, the least that counts; each host speaks for itself only.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// What is special about one page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageHeaders {
    /// Places beside our own origin where forms of this page may end: `https://app.example` or
    /// `com.acme.app:` (a browser follows the redirect of a form only to these).
    pub form_action: Vec<String>,
    /// Nonce of the page's one inline script, base64 text. Only the form_post page has one.
    pub nonce: Option<String>,
    /// Whether it shows previews: documents of our own, each with its own sandbox, in frames.
    pub frames: bool,
}

impl PageHeaders {
    /// A page whose forms may end at the application of this flow; `source` is what
    /// `protocol::redirect_uri::form_action_of` says of its redirect URI.
    pub fn form_action(source: impl Into<String>) -> PageHeaders {
        PageHeaders { form_action: vec![source.into()], ..PageHeaders::default() }
    }

    /// The value of the Content-Security-Policy header. Sources that are not a plain origin or
    /// scheme are left out, so none can add a directive.
    pub fn csp(&self) -> String {
        let mut csp = String::with_capacity(384);
        csp.push_str(PAGE_CSP_START);
        if let Some(nonce) = self.nonce.as_deref().filter(|nonce| is_nonce(nonce)) {
            csp.push_str(" 'nonce-");
            csp.push_str(nonce);
            csp.push('\'');
        }
        csp.push_str(PAGE_CSP_MIDDLE);
        for source in self.form_action.iter().filter(|source| is_source(source)) {
            csp.push(' ');
            csp.push_str(source);
        }
        if self.frames {
            csp.push_str("; frame-src 'self'");
        }
        csp.push_str(PAGE_CSP_END);
        csp
    }

    /// The same page, with previews in frames.
    #[must_use]
    pub fn with_frames(mut self) -> PageHeaders {
        self.frames = true;
        self
    }

    /// Writes the headers of a page; what a handler has set already stays.
    pub fn apply(&self, headers: &mut HeaderMap) {
        if let Ok(csp) = HeaderValue::from_str(&self.csp()) {
            keep_or_insert(headers, header::CONTENT_SECURITY_POLICY, csp);
        }
        keep_or_insert(headers, header::REFERRER_POLICY, SAME_ORIGIN);
        keep_or_insert(headers, header::CACHE_CONTROL, NO_STORE);
        keep_or_insert(headers, header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        keep_or_insert(headers, COOP, SAME_ORIGIN);
        keep_or_insert(headers, PERMISSIONS_POLICY, PERMISSIONS);
    }
}

fn is_nonce(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b))
}

fn is_source(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b":/.-+[]_".contains(&b);
    text.contains(':') && text.bytes().all(plain)
}

/// Headers of a preview in a frame: a document of foreign making that runs nothing, reaches nothing
/// and has an origin of its own. Its links open new windows.
pub fn preview(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, PREVIEW_CSP);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(header::REFERRER_POLICY, SAME_ORIGIN);
}

/// Headers of a protocol answer: never stored (RFC 6749 §5.1) unless the handler said otherwise.
pub fn protocol(headers: &mut HeaderMap) {
    keep_or_insert(headers, header::CACHE_CONTROL, NO_STORE);
    keep_or_insert(headers, header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
}

/// Headers of a public document, which says itself how long it may be kept.
pub(crate) fn document(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
}

/// Headers of a file we serve: data, never a document of ours.
pub fn asset(headers: &mut HeaderMap) {
    keep_or_insert(headers, header::CONTENT_SECURITY_POLICY, ASSET_CSP);
    keep_or_insert(headers, header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
}

/// Headers of every answer: the request id and, where browsers reach us over https, HSTS.
pub fn every(headers: &mut HeaderMap, request_id: Option<HeaderValue>, https: bool) {
    if let Some(id) = request_id {
        headers.insert(REQUEST_ID, id);
    }
    if https {
        keep_or_insert(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

fn keep_or_insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_page_may_post_to_itself_only() {
        let csp = PageHeaders::default().csp();
        assert!(csp.contains("form-action 'self';"));
        assert!(csp.contains("script-src 'self';"));
        assert!(csp.contains("frame-ancestors 'none'"));
        assert!(csp.contains("base-uri 'none'"));
        assert!(csp.ends_with("require-trusted-types-for 'script'"));
    }

    #[test]
    fn the_flows_application_may_receive_the_form() {
        for source in ["https://app.example", "com.acme.app:", "http://127.0.0.1:9"] {
            let csp = PageHeaders::form_action(source).csp();
            assert!(csp.contains(&format!("form-action 'self' {source};")), "{csp}");
        }
    }

    #[test]
    fn a_source_cannot_add_a_directive() {
        for source in ["https://a; script-src *", "https://a script-src", "*", "'unsafe-inline'"] {
            assert_eq!(PageHeaders::form_action(source).csp(), PageHeaders::default().csp());
        }
        let nonce = PageHeaders { nonce: Some("x' *".into()), ..PageHeaders::default() };
        assert_eq!(nonce.csp(), PageHeaders::default().csp());
    }

    #[test]
    fn a_nonce_allows_one_inline_script() {
        let page = PageHeaders { nonce: Some("abc_-123".into()), ..PageHeaders::default() };
        assert!(page.csp().contains("script-src 'self' 'nonce-abc_-123';"));
    }

    #[test]
    fn what_a_handler_set_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        protocol(&mut headers);
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "public, max-age=60");
        assert_eq!(headers.get(header::X_CONTENT_TYPE_OPTIONS).unwrap(), "nosniff");
    }
}

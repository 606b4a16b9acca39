//! Which API a token is asked for: `resource` (RFC 8707) or the older `audience` parameter.
//!
//! Whether the API exists and the application may use it is decided in `issuer`.

use url::Url;

use crate::error::{ErrorCode, OauthError};
use crate::form::Params;

/// Longest audience in bytes.
pub const MAX_AUDIENCE: usize = 512;

/// Reads `resource` or `audience`. Errors: `invalid_target` if a resource is not an absolute URI
/// without fragment (RFC 8707 §2), if both are sent and differ, or if it is over-long.
pub fn audience(params: &Params) -> Result<Option<String>, OauthError> {
    let refuse = |hint| Err(OauthError::new(ErrorCode::InvalidTarget, hint));
    let (resource, audience) = (params.get("resource"), params.get("audience"));
    if let Some(uri) = resource {
        // RFC 8707 §2: an absolute URI that MUST NOT include a fragment component.
        if Url::parse(uri).is_err() || uri.contains('#') {
            return refuse("resource must be an absolute URI without fragment");
        }
        if audience.is_some_and(|other| other != uri) {
            return refuse("resource and audience name different APIs");
        }
    }
    let wanted = resource.or(audience);
    if wanted.is_some_and(|text| text.len() > MAX_AUDIENCE) {
        return refuse("resource is longer than 512 bytes");
    }
    Ok(wanted.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Result<Option<String>, ErrorCode> {
        audience(&Params::parse(raw.as_bytes()).unwrap()).map_err(|error| error.code)
    }

    #[test]
    fn rfc8707_2_resource_is_an_absolute_uri_without_fragment() {
        assert_eq!(read("resource=https%3A%2F%2Fapi.test"), Ok(Some("https://api.test".into())));
        assert_eq!(read("resource=urn:x:y"), Ok(Some("urn:x:y".into())));
        for bad in ["resource=api", "resource=/x", "resource=https://api.test/%23f"] {
            assert_eq!(read(bad), Err(ErrorCode::InvalidTarget), "{bad}");
        }
    }

    #[test]
    fn audience_is_a_free_name_and_must_not_contradict() {
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("audience=orders"), Ok(Some("orders".into())));
        assert_eq!(read("audience=urn:x&resource=urn:x"), Ok(Some("urn:x".into())));
        assert_eq!(read("audience=urn:y&resource=urn:x"), Err(ErrorCode::InvalidTarget));
        let long = format!("audience={}", "a".repeat(MAX_AUDIENCE + 1));
        assert_eq!(read(&long), Err(ErrorCode::InvalidTarget));
    }
}

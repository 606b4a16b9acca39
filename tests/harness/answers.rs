//! What a relying party gets: the callback with its parameters, and the token response.

use crate::http::Response;
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// What came back to the redirect URI.
#[derive(Clone, Debug)]
pub struct Callback {
    /// The whole address.
    pub url: Url,
    /// The parameters.
    pub parameters: BTreeMap<String, String>,
}

/// A successful token response.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Access token.
    pub access: String,
    /// ID token, or empty.
    pub id: String,
    /// Refresh token, or empty.
    pub refresh: String,
    /// The whole answer.
    pub body: Value,
}

impl Callback {
    /// Reads the parameters of a callback address.
    pub fn from(url: Url) -> Callback {
        let pairs = url.query_pairs().map(|(n, v)| (n.into_owned(), v.into_owned()));
        Callback { parameters: pairs.collect(), url }
    }

    /// A parameter, or an empty text.
    pub fn get(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// The code.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn code(&self) -> &str {
        assert!(self.parameters.contains_key("code"), "no code in {}", self.url);
        self.get("code")
    }
}

impl Tokens {
    /// Reads a token response.
    ///
    /// # Panics
    /// When it is an error.
    #[track_caller]
    pub fn from(response: Response) -> Tokens {
        let body = response.expect(200).json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Tokens {
            access: text("access_token"),
            id: text("id_token"),
            refresh: text("refresh_token"),
            body: body.clone(),
        }
    }
}

//! A minimal relying party: builds the authorization request with PKCE, walks a browser through
//! whatever pages come, redeems the code and uses the tokens. Endpoints come from discovery.

use crate::answers::{Callback, Tokens};
use crate::browser::{Browser, Page, authority, target_of};
use crate::http::{Request, Response, form_encode};
use crate::ready::{Application, User};
use crate::server::Server;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use url::Url;

/// The verifier of RFC 7636 Appendix B …
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// … and its S256 challenge.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An application as seen from its own side.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    /// Its registration.
    pub application: Application,
    /// Its provider.
    pub issuer: String,
    /// The provider's discovery document.
    pub metadata: Value,
    /// Parameters of the authorization request.
    pub parameters: BTreeMap<String, String>,
    address: SocketAddr,
}

impl RelyingParty {
    /// An application of the demo tenant.
    pub fn new(server: &Server, application: &Application) -> RelyingParty {
        RelyingParty::of(server, &server.ready().tenant.issuer, application)
    }

    /// An application of any tenant.
    pub fn of(server: &Server, issuer: &str, application: &Application) -> RelyingParty {
        let mut party = RelyingParty {
            application: application.clone(),
            issuer: issuer.to_owned(),
            metadata: Value::Null,
            parameters: BTreeMap::new(),
            address: server.address(),
        };
        let url = format!("{issuer}/.well-known/openid-configuration");
        party.metadata = party.request(&url, Request::get).expect(200).json();
        let redirect = application.redirect_uris.first().map(String::as_str).unwrap_or_default();
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", &application.client_id),
            ("redirect_uri", redirect),
            ("scope", "openid profile email offline_access"),
            ("state", "state-of-this-test"),
            ("nonce", "nonce-of-this-test"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ] {
            party.parameters.insert(name.to_owned(), value.to_owned());
        }
        party
    }

    /// Talks to another node.
    pub fn at(mut self, server: &Server) -> RelyingParty {
        self.address = server.address();
        self
    }

    /// Sets a parameter of the authorization request.
    pub fn with(mut self, name: &str, value: &str) -> RelyingParty {
        self.parameters.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Leaves a parameter out.
    pub fn without(mut self, name: &str) -> RelyingParty {
        self.parameters.remove(name);
        self
    }

    /// An endpoint by its discovery name.
    ///
    /// # Panics
    /// When discovery does not name it.
    #[track_caller]
    pub fn endpoint(&self, name: &str) -> String {
        let value = self.metadata[name].as_str();
        value.unwrap_or_else(|| panic!("no {name} in {}", self.metadata)).to_owned()
    }

    /// The address the application sends a browser to.
    pub fn authorize_url(&self) -> String {
        let fields: Vec<_> =
            self.parameters.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        format!("{}?{}", self.endpoint("authorization_endpoint"), form_encode(&fields))
    }

    /// Opens the authorization address and follows redirects.
    pub fn start(&self, browser: &mut Browser) -> Page {
        self.application.redirect_uris.iter().for_each(|address| browser.stop_at(address));
        browser.open(&self.authorize_url())
    }

    /// Signs in with the password, consents when asked, and answers the callback.
    ///
    /// # Panics
    /// When the journey ends anywhere else.
    #[track_caller]
    pub fn sign_in(&self, browser: &mut Browser, user: &User) -> Callback {
        let page = self.start(browser);
        let page = sign_in_on(browser, &page, user);
        self.finish(browser, page)
    }

    /// The whole journey on a fresh browser, tokens included.
    #[track_caller]
    pub fn sign_in_fresh(&self, server: &Server, user: &User) -> Tokens {
        let callback = self.sign_in(&mut Browser::new(server), user);
        self.tokens(&callback)
    }

    /// The journey of somebody who is signed in already.
    ///
    /// # Panics
    /// When the journey ends anywhere else.
    #[track_caller]
    pub fn sign_in_again(&self, browser: &mut Browser) -> Callback {
        let page = self.start(browser);
        self.finish(browser, page)
    }

    /// Consents when asked and answers the callback.
    ///
    /// # Panics
    /// When the journey ends anywhere else.
    #[track_caller]
    pub fn finish(&self, browser: &mut Browser, page: Page) -> Callback {
        let page = consent_on(browser, page);
        assert!(page.left, "still at {}: {}", page.url, page.response.summary());
        Callback::from(page.url)
    }

    /// Sends a form to an endpoint with this application's own client authentication.
    pub fn post(&self, endpoint: &str, fields: &[(&str, &str)]) -> Response {
        let request = |target: &str| match &self.application.client_secret {
            Some(secret) => {
                Request::post(target).basic(&self.application.client_id, secret).form(fields)
            }
            None => {
                let mut all = fields.to_vec();
                all.push(("client_id", &self.application.client_id));
                Request::post(target).form(&all)
            }
        };
        self.request(&self.endpoint(endpoint), request)
    }

    /// A token request with this application's own client authentication.
    pub fn token(&self, fields: &[(&str, &str)]) -> Response {
        self.post("token_endpoint", fields)
    }

    /// Redeems a code as this party sent it out.
    pub fn redeem(&self, code: &str) -> Response {
        let redirect = self.parameters.get("redirect_uri").map_or("", String::as_str);
        let mut fields =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect)];
        if self.parameters.contains_key("code_challenge") {
            fields.push(("code_verifier", VERIFIER));
        }
        self.token(&fields)
    }

    /// Redeems the code of a callback.
    ///
    /// # Panics
    /// When that fails.
    #[track_caller]
    pub fn tokens(&self, callback: &Callback) -> Tokens {
        Tokens::from(self.redeem(callback.code()))
    }

    /// Rotates a refresh token.
    pub fn refresh(&self, token: &str) -> Response {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// Asks for the user's claims.
    pub fn userinfo(&self, access: &str) -> Response {
        self.request(&self.endpoint("userinfo_endpoint"), |t| Request::get(t).bearer(access))
    }

    /// Asks about a token.
    pub fn introspect(&self, token: &str) -> Response {
        self.post("introspection_endpoint", &[("token", token)])
    }

    /// Whether introspection calls a token active.
    pub fn is_active(&self, token: &str) -> bool {
        let answer = self.introspect(token).expect(200).json();
        answer["active"].as_bool().expect("introspection says active or not")
    }

    /// Ends a token.
    pub fn revoke(&self, token: &str) -> Response {
        self.post("revocation_endpoint", &[("token", token)])
    }

    /// Sends any request to an absolute address on this party's node.
    pub fn request(&self, url: &str, make: impl FnOnce(&str) -> Request) -> Response {
        let answer = self.try_request(url, make);
        answer.unwrap_or_else(|error| panic!("no answer from {url}: {error}"))
    }

    /// The same, giving socket errors to the caller.
    ///
    /// # Errors
    /// Whatever the socket says.
    pub fn try_request(
        &self,
        url: &str,
        make: impl FnOnce(&str) -> Request,
    ) -> std::io::Result<Response> {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{error}: {url}"));
        make(&target_of(&url)).send(self.address, &authority(&url))
    }
}

/// Fills the sign-in form of a page, when it has one.
#[track_caller]
pub fn sign_in_on(browser: &mut Browser, page: &Page, user: &User) -> Page {
    let form = page.form_with_button("login-submit");
    let form = form.set("username", &user.email).set("password", &user.password);
    browser.submit(page, &form.press("login-submit"))
}

/// Allows what a consent page asks, when the page is one.
pub fn consent_on(browser: &mut Browser, page: Page) -> Page {
    if page.left || !page.has_button("consent-allow") {
        return page;
    }
    let form = page.form_with_button("consent-allow").press("consent-allow");
    browser.submit(&page, &form)
}

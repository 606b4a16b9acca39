//! A provider that people come from, with a script: it speaks OpenID Connect and OAuth 2.0 on a
//! port of loopback, signs with keys of its own, checks what a careful provider checks, and goes
//! wrong in exactly the way a test asks for. The person at its sign-in page is the test.

mod script;
mod serve;
mod token;

pub use script::{Alg, Script};
pub use serve::Seen;

use crate::browser::{Browser, Page};
use crate::server::Server;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;
use vault::{Algorithm, SigningKey, SystemRandom};

/// What a client must send to the token endpoint.
pub const CLIENT_ID: &str = "tessera at the provider";
/// Its secret.
pub const CLIENT_SECRET: &str = "s3cret / with + signs";

/// A running provider; it ends with this value.
#[derive(Clone)]
pub struct Upstream {
    shared: Arc<Shared>,
    stop: Arc<Stop>,
}

pub(crate) struct Shared {
    address: SocketAddr,
    script: Mutex<Script>,
    keys: Mutex<Keys>,
    codes: Mutex<HashMap<String, Grant>>,
    seen: Mutex<Vec<Seen>>,
    count: AtomicU32,
}

/// The keys it signs with, the newest last, and those it shows.
struct Keys {
    all: Vec<SigningKey>,
    shown: usize,
}

/// What was asked for with a code.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub nonce: String,
    pub redirect_uri: String,
    pub challenge: Option<String>,
}

struct Stop {
    address: SocketAddr,
    now: Arc<AtomicBool>,
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.now.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = std::net::TcpStream::connect(self.address);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(number: usize) -> SigningKey {
    let pkcs8 = vault::generate(Algorithm::Es256, &SystemRandom).expect("a key");
    SigningKey::parse(&format!("key-{number}"), Algorithm::Es256, &pkcs8).expect("a key")
}

impl Upstream {
    /// Starts a provider that does everything right.
    ///
    /// # Panics
    /// When no port can be had.
    pub fn start() -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            address,
            script: Mutex::default(),
            keys: Mutex::new(Keys { all: vec![key(1)], shown: 1 }),
            codes: Mutex::default(),
            seen: Mutex::default(),
            count: AtomicU32::new(0),
        });
        let now = Arc::new(AtomicBool::new(false));
        serve::run(listener, Arc::clone(&shared), Arc::clone(&now));
        Upstream { shared, stop: Arc::new(Stop { address, now }) }
    }

    /// `HOST:PORT`, as `--allow-host` takes it.
    pub fn host(&self) -> String {
        self.stop.address.to_string()
    }

    /// Its issuer.
    pub fn issuer(&self) -> String {
        self.shared.issuer()
    }

    /// An address of its own.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.shared.address)
    }

    /// Changes what it does from now on.
    pub fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut lock(&self.shared.script));
    }

    /// Signs with a new key from now on; `shown` says whether its key set has it.
    pub fn rotate(&self, shown: bool) {
        let mut keys = lock(&self.shared.keys);
        let number = keys.all.len() + 1;
        keys.all.push(key(number));
        if shown {
            keys.shown = number;
        }
    }

    /// The person at its sign-in page agrees: the address their browser is sent back to.
    ///
    /// # Panics
    /// When the authorization request is not one it would accept.
    #[track_caller]
    pub fn agree(&self, request: &Url) -> String {
        let (back, state) = self.asked(request);
        let get = |name: &str| parameter(request, name);
        let code = format!("code-{}", self.shared.count.fetch_add(1, Ordering::Relaxed));
        let grant = Grant {
            nonce: get("nonce").unwrap_or_default(),
            redirect_uri: back.clone(),
            challenge: get("code_challenge"),
        };
        lock(&self.shared.codes).insert(code.clone(), grant);
        let mut fields = vec![("code", code), ("state", state)];
        fields.extend(lock(&self.shared.script).iss.clone().map(|iss| ("iss", iss)));
        address(&back, &fields)
    }

    /// The person, or the provider, refuses.
    #[track_caller]
    pub fn refuse(&self, request: &Url, error: &str, description: &str) -> String {
        let (back, state) = self.asked(request);
        let fields = [("error", error), ("error_description", description), ("state", &state)];
        address(&back, &fields.map(|(name, value)| (name, value.to_owned())))
    }

    /// Where the answer goes, and the state, of an authorization request.
    #[track_caller]
    fn asked(&self, request: &Url) -> (String, String) {
        let get = |name: &str| parameter(request, name).unwrap_or_default();
        assert!(request.as_str().starts_with(&self.url("/authorize")), "not here: {request}");
        assert_eq!(get("response_type"), "code", "{request}");
        assert_eq!(get("client_id"), CLIENT_ID, "{request}");
        (get("redirect_uri"), get("state"))
    }

    /// Requests it received, oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        self.seen().iter().filter(|seen| seen.path == path).count()
    }
}

impl Shared {
    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The key it signs with.
    pub(crate) fn signing(&self) -> SigningKey {
        lock(&self.keys).all.last().expect("one at least").clone()
    }

    pub(crate) fn key_set(&self) -> Value {
        let keys = lock(&self.keys);
        let shown: Vec<Value> = keys.all[..keys.shown].iter().map(SigningKey::public_jwk).collect();
        json!({ "keys": shown })
    }

    pub(crate) fn discovery(&self) -> Value {
        let issuer = self.issuer();
        let mut document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        script::merge(&mut document, &lock(&self.script).discovery);
        document
    }
}

impl Upstream {
    /// Registers it as a connection of the demo tenant and answers what the command says.
    #[track_caller]
    pub fn connect(&self, server: &Server, code: &str, more: &[&str]) -> Value {
        let tenant = server.ready().tenant.slug.clone();
        self.connect_to(server, &tenant, code, more)
    }

    /// The same for any tenant.
    #[track_caller]
    pub fn connect_to(&self, server: &Server, tenant: &str, code: &str, more: &[&str]) -> Value {
        let secret = server.folder().join(format!("secret-{tenant}-{code}"));
        std::fs::write(&secret, CLIENT_SECRET).expect("the folder is writable");
        let secret = secret.to_string_lossy().into_owned();
        let issuer = self.issuer();
        let mut arguments = vec![
            "connection",
            "create",
            "--tenant",
            tenant,
            "--code",
            code,
            "--client-id",
            CLIENT_ID,
            "--client-secret-file",
            &secret,
        ];
        if !more.iter().any(|word| *word == "--token-endpoint" || *word == "--issuer") {
            arguments.extend(["--issuer", &issuer]);
        }
        arguments.extend(more);
        server.cli().json(&arguments)
    }
}

/// A server that may call these providers, and they.
pub fn server_with(database: crate::Database, upstreams: &[&Upstream]) -> Server {
    let mut options = crate::Options::new(database);
    for upstream in upstreams {
        options = options.argument("--allow-host").argument(&upstream.host());
    }
    Server::with(options)
}

/// Presses a provider's button on a sign-in page: the address at the provider.
#[track_caller]
pub fn press(browser: &mut Browser, page: &Page, code: &str) -> Url {
    let text = page.response.text();
    let marked = format!("data-connection=\"{code}\"");
    let tag = text.split('<').find(|tag| tag.starts_with("a ") && tag.contains(&marked));
    let tag = tag.unwrap_or_else(|| panic!("no button of {code} at {}", page.url));
    let href = tag.split("href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let href = href.expect("a link").replace("&amp;", "&").replace("&#38;", "&");
    let target = page.url.join(&href).expect("an address");
    let gone = browser.open(target.as_str());
    assert!(gone.left, "still at {}: {}", gone.url, gone.response.summary());
    gone.url
}

/// A parameter of an address.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

fn address(back: &str, fields: &[(&str, String)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    format!("{back}?{}", crate::http::form_encode(&pairs))
}

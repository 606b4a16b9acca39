//! An installation with an operator, an auditor of one tenant and something of everything, and a
//! browser that is signed in to the console.

use actix_web::cookie::{Cookie, CookieJar, Key};
use actix_web::test::TestRequest;
use context::Addressing;
use directory::connections::{self, CreateConnection};
use directory::users::{self, CreateUser};
use directory::{Actor, console, setup};
use protocol::form::encode;
use protocol::redirect_uri::ApplicationType;
use store::roles::RoleRow;
use store::sessions::SessionRow;
use store::{SessionId, TenantId, UserId};
use web::testing::{Answer, Fixture, get, post};

use super::lint;

const HOST: &str = "id.example.com";

/// The installation.
pub struct Site {
    pub fixture: Fixture,
    pub tenant: TenantId,
    /// An application of `acme`.
    pub app: String,
    /// Its secret's id.
    pub secret: String,
    /// A user of `acme`.
    pub user: String,
    pub operator: UserId,
    /// A connection of `acme`.
    pub connection: String,
}

impl Site {
    pub fn new() -> Site {
        let fixture = Fixture::new("https://id.example.com", Addressing::Path);
        let ctx = &fixture.state.ctx;
        setup::ensure_system(ctx).unwrap();
        setup::seed_operator(ctx, "op@example.com", "Olga Operator", "x").unwrap();
        let actor = Actor::cli(ctx);
        let system = TenantId::system();
        let operator = users::show(ctx, &actor, &system, "op@example.com").unwrap().id;
        let made = fixture.application(ApplicationType::Web, &["https://app.test/cb"]);
        let (tenant, app) = (made.row.tenant.clone(), made.row.id.to_string());
        let shown = directory::applications::show(ctx, &actor, &tenant, &app).unwrap();
        let user = user(&fixture, &tenant, "ann@example.com");
        let secret = shown.secrets[0].id.to_string();
        let connection = connection(&fixture, &tenant);
        Site { tenant, app, secret, user: user.to_string(), operator, connection, fixture }
    }

    /// Somebody of the system tenant with a role on `acme`.
    pub fn with_role(&self, email: &str, role: &str) -> UserId {
        let id = user(&self.fixture, &TenantId::system(), email);
        let ctx = &self.fixture.state.ctx;
        let row = RoleRow {
            tenant: self.tenant.clone(),
            actor: id.clone(),
            role: role.to_owned(),
            created_at: ctx.now(),
        };
        ctx.db.write(&self.tenant, |tx| tx.insert_role(&row)).unwrap();
        id
    }

    /// A browser in which somebody is signed in to the console.
    pub fn browser(&self, who: &UserId) -> Browser<'_> {
        let ctx = &self.fixture.state.ctx;
        let session = self.session(who);
        let proof = console::SignedIn {
            user: who.clone(),
            session,
            ip: "192.0.2.7".into(),
            user_agent: "Firefox/1 Linux".into(),
            request: String::new(),
        };
        let token = console::begin(ctx, &proof).unwrap();
        let key = Key::derive_from(&ctx.vault.lookup_mac("console-cookie", &[]));
        let mut jar = CookieJar::new();
        let cookie = Cookie::new("__Host-console", token.expose().to_owned());
        jar.signed_mut(&key).add(cookie);
        let value = jar.get("__Host-console").unwrap().value().to_owned();
        Browser { site: self, cookies: vec![("__Host-console".into(), value)] }
    }

    /// The session of a sign-in at the system tenant.
    fn session(&self, who: &UserId) -> SessionId {
        let ctx = &self.fixture.state.ctx;
        let (system, now) = (TenantId::system(), ctx.now());
        let id = SessionId::new(now, ctx.vault.random());
        let row = SessionRow {
            tenant: system.clone(),
            id: id.clone(),
            user_id: who.clone(),
            kind: "sso".into(),
            token_hash: id.as_str().as_bytes().to_vec(),
            amr: "pwd".into(),
            epoch: 1,
            remember: false,
            ip: String::new(),
            user_agent: String::new(),
            created_at: now,
            authenticated_at: now,
            seen_at: now,
            idle_us: 3_600_000_000,
            expires_at: now.plus_seconds(3_600),
            ended_at: None,
            connection: String::new(),
        };
        ctx.db.write(&system, |tx| tx.insert_session(&row)).unwrap();
        id
    }
}

fn user(fixture: &Fixture, tenant: &TenantId, email: &str) -> UserId {
    let ctx = &fixture.state.ctx;
    let input = CreateUser { email: email.to_owned(), ..CreateUser::default() };
    users::create(ctx, &Actor::cli(ctx), tenant, &input, Some("x")).unwrap().user.id
}

fn connection(fixture: &Fixture, tenant: &TenantId) -> String {
    let ctx = &fixture.state.ctx;
    let actor = Actor::cli(ctx);
    let preset = directory::presets::find("github").unwrap();
    let inputs = std::collections::BTreeMap::new();
    let mut input = CreateConnection::of_preset(preset, &inputs).unwrap();
    input.config.client_id = "client".into();
    let row = connections::create(ctx, &actor, tenant, &input, Some("s3cret-of-github")).unwrap();
    let field = mapping::FieldDefinition::new("dept", "Department", mapping::FieldKind::Text);
    directory::fields::create(ctx, &actor, tenant, &field).unwrap();
    row.id.to_string()
}

/// A browser that keeps cookies.
pub struct Browser<'a> {
    site: &'a Site,
    cookies: Vec<(String, String)>,
}

impl Browser<'_> {
    /// Opens a page; a page of ours has to keep the rules of our HTML.
    pub async fn open(&mut self, path: &str) -> Answer {
        let answer = self.send(get(HOST, path)).await;
        if answer.header("content-type").starts_with("text/html") && answer.status < 500 {
            let wrong = lint::lint(&answer.body);
            assert!(wrong.is_empty(), "{path}: {wrong:#?}\n{}", answer.body);
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        answer
    }

    /// Asks for what need not be a page of ours, such as a preview or a file.
    pub async fn peek(&mut self, path: &str) -> Answer {
        self.send(get(HOST, path)).await
    }

    /// Sends the form of a page with this action, as it stands but for `changes`.
    pub async fn submit(&mut self, page: &Answer, path: &str, changes: &[(&str, &str)]) -> Answer {
        self.post(path, &changed(page, path, changes)).await
    }

    /// The same for a form that could carry a file.
    pub async fn submit_parts(
        &mut self,
        page: &Answer,
        path: &str,
        changes: &[(&str, &str)],
    ) -> Answer {
        self.post_parts(path, &changed(page, path, changes)).await
    }

    /// Sends a form from our own page.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Answer {
        let pairs =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = post(HOST, path, &body)
            .insert_header(("sec-fetch-site", "same-origin"))
            .insert_header(("origin", "https://id.example.com"));
        let answer = self.send(request).await;
        if answer.header("content-type").starts_with("text/html") && answer.status < 500 {
            let wrong = lint::lint(&answer.body);
            assert!(wrong.is_empty(), "{path}: {wrong:#?}\n{}", answer.body);
        }
        answer
    }

    /// Sends a form that could carry a file, without one.
    pub async fn post_parts(&mut self, path: &str, fields: &[(String, String)]) -> Answer {
        let part = |(name, value): &(String, String)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = fields.iter().map(part).collect::<String>() + "--b--\r\n";
        let request = post(HOST, path, &body)
            .insert_header(("content-type", "multipart/form-data; boundary=b"))
            .insert_header(("sec-fetch-site", "same-origin"))
            .insert_header(("origin", "https://id.example.com"));
        self.send(request).await
    }

    /// Goes where an answer leads.
    pub async fn follow(&mut self, answer: Answer) -> Answer {
        let to = answer.header("location").to_owned();
        let path = to.strip_prefix("https://id.example.com").unwrap_or(&to).to_owned();
        assert!(answer.status == 303 || answer.status == 302, "{} {}", answer.status, answer.body);
        self.open(&path).await
    }

    async fn send(&mut self, request: TestRequest) -> Answer {
        let pairs: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = request.insert_header(("cookie", pairs.join("; ")));
        let answer = self.site.fixture.send(&crate::routes(), request).await;
        for line in answer.headers.get_all("set-cookie") {
            let cookie = Cookie::parse(line.to_str().unwrap().to_owned()).unwrap();
            self.cookies.retain(|(name, _)| name != cookie.name());
            if !cookie.value().is_empty() {
                self.cookies.push((cookie.name().to_owned(), cookie.value().to_owned()));
            }
        }
        answer
    }
}

/// The form of a page with this action, as it stands but for `changes`.
fn changed(page: &Answer, path: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = lint::fields(&page.body, path);
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

//! An installation with people in it, and a browser that keeps cookies and sends forms.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, web as actix};
use context::Addressing;
use directory::Actor;
use directory::mail::{self, Message};
use directory::users::{self, CreateUser};
use issuer::authorize;
use protocol::form::encode;
use protocol::redirect_uri::ApplicationType;
use store::settings::SignInSettings;
use web::testing::{Answer, Fixture, get, post};
use web::{Face, Fault, QueryParams, Route, RouteKind};

use crate::views::lint;
use crate::visit::Visit;

pub const HOST: &str = "id.example.com";

/// The tenant `acme` with an application, Ann and Bob.
pub struct Site {
    pub fixture: Fixture,
    pub tenant: store::TenantId,
    client_id: String,
    routes: Vec<Route>,
}

impl Site {
    pub fn new() -> Site {
        let fixture = Fixture::new("https://id.example.com", Addressing::Path);
        let app = fixture.application(ApplicationType::Web, &["https://app.test/cb"]);
        let (ctx, tenant) = (&fixture.state.ctx, app.row.tenant.clone());
        let secret = vault::SecretString::new(super::PASSWORD.to_owned());
        let Ok(vault::HashTicket::Hashed(phc)) = ctx.hashes.hash_blocking("", secret) else {
            panic!("a password is hashed")
        };
        for (email, name) in [("ann@example.com", "Ann Archer"), ("bob@example.com", "")] {
            let input = CreateUser {
                email: email.to_owned(),
                name: Some(name.to_owned()),
                ..CreateUser::default()
            };
            users::create(ctx, &Actor::cli(ctx), &tenant, &input, Some(&phc)).unwrap();
        }
        let mut routes = crate::routes();
        routes.push(Route::new("GET", "/begin", Face::TokenService, RouteKind::Page, || {
            actix::to(begin)
        }));
        Site { client_id: app.row.id.to_string(), tenant, fixture, routes }
    }
}

impl Site {
    /// The mails that wait to be sent, the oldest first; each is seen once.
    pub fn mails(&self) -> Vec<Message> {
        let ctx = &self.fixture.state.ctx;
        let (now, until) = (ctx.now(), ctx.now().plus_seconds(3_600));
        let rows = ctx.db.system_write(|tx| tx.lease_outbox("test", now, until, 50, 50)).unwrap();
        rows.iter().map(|row| mail::open(ctx, row).unwrap()).collect()
    }

    /// The application.
    pub fn application(&self) -> store::ApplicationId {
        store::ApplicationId::parse(&self.client_id).unwrap()
    }

    /// A change of the tenant's settings for signing in.
    pub fn settings(&self, change: impl Fn(&mut SignInSettings)) {
        let ctx = &self.fixture.state.ctx;
        let changed = ctx.db.write(&self.tenant, |tx| {
            let (mut settings, version) = tx.find_setting::<SignInSettings>()?;
            change(&mut settings);
            tx.changed("tenant", self.tenant.as_str());
            tx.put_setting(&settings, version, ctx.now())
        });
        let changed: Result<bool, store::Error> = changed;
        assert!(changed.unwrap());
    }
}

/// What the protocol's face does to begin a flow.
async fn begin(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let next =
        visit.ask(move |ctx, tenant, browser| authorize::start(ctx, tenant, &query.0, browser));
    crate::flow::answer(&visit, next.await??)
}

/// A page and where it was found.
pub struct Shown {
    pub path: String,
    pub status: StatusCode,
    pub body: String,
    answer: Answer,
}

impl Shown {
    pub fn header(&self, name: &str) -> &str {
        self.answer.header(name)
    }
}

/// One browser.
pub struct Surfer<'s> {
    site: &'s Site,
    pub cookies: Vec<(String, String)>,
    /// The site whose page sends the forms.
    pub origin: String,
}

/// The path of one of our own addresses.
pub fn path_of(url: &str) -> String {
    url.strip_prefix("https://id.example.com").unwrap_or(url).to_owned()
}

impl<'s> Surfer<'s> {
    pub fn new(site: &'s Site) -> Surfer<'s> {
        Surfer { site, cookies: Vec::new(), origin: "https://id.example.com".to_owned() }
    }

    /// Begins a flow and goes to its first page.
    pub async fn start(&mut self, more: &str) -> Shown {
        let (client, uri) = (&self.site.client_id, encode("https://app.test/cb"));
        let path = format!(
            "/t/acme/begin?response_type=code&client_id={client}&redirect_uri={uri}&scope=openid\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
             &code_challenge_method=S256{more}"
        );
        let answer = self.get(&path).await;
        self.follow(answer).await
    }

    pub async fn get(&mut self, path: &str) -> Shown {
        self.send(path, get(HOST, path)).await
    }

    /// Opens an address and goes where it leads.
    pub async fn open(&mut self, path: &str) -> Shown {
        let answer = self.get(path).await;
        self.follow(answer).await
    }

    pub async fn post(&mut self, path: &str, body: &str) -> Shown {
        let origin = (header::ORIGIN, self.origin.clone());
        self.send(path, post(HOST, path, body).insert_header(origin)).await
    }

    /// Follows redirects as long as they stay here.
    pub async fn follow(&mut self, mut shown: Shown) -> Shown {
        while shown.header("location").starts_with("https://id.example.com/") {
            let path = path_of(shown.header("location"));
            shown = self.get(&path).await;
        }
        shown
    }

    /// Presses a button of a page, with these fields changed or added.
    pub async fn press(&mut self, page: &Shown, id: &str, changed: &[(&str, &str)]) -> Shown {
        let mark = format!("id=\"{id}\"");
        let forms =
            page.body.split("<form").skip(1).filter_map(|form| form.split("</form>").next());
        let form = forms.into_iter().find(|form| form.contains(&mark));
        let form = form.unwrap_or_else(|| panic!("no button {id}: {}", page.body));
        let tags = lint::read(&format!("<form{form}</form>"));
        let button = tags.iter().find(|tag| tag.get("id") == Some(id)).unwrap();
        let mut fields: Vec<(&str, &str)> = changed.to_vec();
        if let (Some(name), Some(value)) = (button.get("name"), button.get("value")) {
            fields.push((name, value));
        }
        self.send_form(&tags, &fields).await
    }

    /// Sends the form of a page with these fields changed or added.
    pub async fn submit(&mut self, page: &Shown, changed: &[(&str, &str)]) -> Shown {
        self.send_form(&lint::read(&page.body), changed).await
    }

    async fn send_form(&mut self, tags: &[lint::Tag], changed: &[(&str, &str)]) -> Shown {
        let action = tags.iter().find(|tag| tag.name == "form").and_then(|tag| tag.get("action"));
        let mut fields: Vec<(String, String)> = tags
            .iter()
            .filter(|tag| tag.name == "input" && tag.get("type") != Some("checkbox"))
            .filter_map(|tag| {
                Some((tag.get("name")?.to_owned(), tag.get("value").unwrap_or("").to_owned()))
            })
            .collect();
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let path = path_of(action.expect("a form has an action"));
        self.post(&path, &body.join("&")).await
    }

    pub async fn sign_in(&mut self, page: &Shown, email: &str, password: &str) -> Shown {
        self.submit(page, &[("username", email), ("password", password)]).await
    }

    async fn send(&mut self, path: &str, request: actix_web::test::TestRequest) -> Shown {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = match pairs.is_empty() {
            true => request,
            false => request.insert_header((header::COOKIE, pairs.join("; "))),
        };
        let answer = self.site.fixture.send(&self.site.routes, request).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let page = answer.header("content-type").starts_with("text/html");
        if page {
            assert_eq!(lint::lint(&answer.body), Vec::<String>::new(), "{path}\n{}", answer.body);
        }
        let status = StatusCode::from_u16(answer.status).unwrap();
        Shown { path: path.to_owned(), status, body: answer.body.clone(), answer }
    }

    fn keep(&mut self, line: &str) {
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        self.cookies.retain(|(known, _)| known != name);
        if !line.contains("Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

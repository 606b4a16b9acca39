//! Everybody who might knock.

use crate::world::World;
use harness::{Browser, Request, Response};
use url::Url;

/// Somebody with a browser, a token, or nothing.
pub struct Actor {
    pub name: &'static str,
    pub browser: Browser,
    pub bearer: Option<String>,
    pub basic: Option<(String, String)>,
}

impl Actor {
    fn bare(world: &World, name: &'static str) -> Actor {
        Actor { name, browser: Browser::new(&world.server), bearer: None, basic: None }
    }

    /// Those without any right in the console and none in tenant A.
    pub fn strangers(world: &World) -> Vec<Actor> {
        let nobody = Actor::bare(world, "nobody");
        let mut garbage = Actor::bare(world, "a garbage token");
        garbage.bearer = Some("garbage.garbage.garbage".to_owned());
        let mut user_of_b = Actor::bare(world, "a user of B");
        user_of_b.browser = world.b.browser.clone();
        let mut token_of_b = Actor::bare(world, "a token of B");
        token_of_b.bearer = Some(world.b.tokens.access.clone());
        let mut client_of_b = Actor::bare(world, "an application of B");
        let application = &world.b.party.application;
        let secret = application.client_secret.clone().expect("a secret");
        client_of_b.basic = Some((application.client_id.clone(), secret));
        vec![nobody, garbage, user_of_b, token_of_b, client_of_b]
    }

    /// A plain user of tenant A: at home in A, nobody in the console.
    pub fn user_of_a(world: &World) -> Actor {
        Actor { browser: world.a.browser.clone(), ..Actor::bare(world, "a user of A") }
    }

    /// The operator, signed in at the console.
    pub fn operator(world: &World) -> Actor {
        let mut actor = Actor::bare(world, "the operator");
        let login = actor.browser.open(&world.server.ready().console_url);
        let operator = &world.server.ready().operator;
        let form = login.form_with_button("login-submit");
        let form = form.set("username", &operator.email).set("password", &operator.password);
        let home = actor.browser.submit(&login, &form.press("login-submit"));
        assert_eq!(home.status(), 200, "{}", home.response.summary());
        actor
    }

    /// One request; forms carry nothing, as a stranger's would.
    pub fn ask(&mut self, world: &World, method: &str, path: &str) -> Response {
        let mut request = Request::new(method, path);
        if let Some(token) = &self.bearer {
            request = request.bearer(token);
        }
        if let Some((id, secret)) = &self.basic {
            request = request.basic(id, secret);
        }
        if method == "POST" {
            let origin = world.server.base().origin().ascii_serialization();
            request = request.form(&[]).header("Origin", &origin);
            request = request.header("Sec-Fetch-Site", "same-origin");
        }
        let url: Url = world.server.base().join("/").expect("an address");
        let url = url.join(path).unwrap_or(url);
        self.browser.send(&url, request)
    }
}

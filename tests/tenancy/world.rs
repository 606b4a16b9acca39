//! An installation with two tenants, A (the demo tenant) and B, each with an application, a user
//! and a session, whose names are canaries.

use harness::cli::Cli;
use harness::{Application, Browser, Database, RelyingParty, Server, Tokens, User, picture};

/// What must never be seen from A: every object of B carries it in its name.
pub const CANARY: &str = "canary-of-b";

/// The installation.
pub struct World {
    pub server: Server,
    pub a: Side,
    pub b: Side,
}

/// One tenant with an object of every kind.
pub struct Side {
    pub slug: String,
    pub party: RelyingParty,
    pub user: User,
    pub browser: Browser,
    pub tokens: Tokens,
    pub session: String,
    pub mail: String,
    pub organization: String,
    pub invitation: String,
    pub batch: String,
    pub connection: String,
    pub flow: String,
    /// An invitation to the administration.
    pub admin: String,
    pub logo: String,
}

impl World {
    /// Makes both tenants.
    pub fn new(database: Database) -> World {
        let server = Server::start(database);
        let cli = server.cli();
        let issuer = cli.create_tenant(&format!("b-{CANARY}"), &["--environment", "development"]);
        let slug = format!("b-{CANARY}");
        let b = Side::new(&server, &slug, &issuer, CANARY);
        let ready = server.ready().clone();
        let a = Side::new(&server, &ready.tenant.slug, &ready.tenant.issuer, "of-a");
        World { server, a, b }
    }
}

impl Side {
    fn new(server: &Server, slug: &str, issuer: &str, name: &str) -> Side {
        let cli = server.cli();
        let redirect = format!("https://{name}.example.test/callback");
        let arguments = [
            "app",
            "create",
            "--tenant",
            slug,
            "--type",
            "web",
            "--name",
            name,
            "--redirect-uri",
            &redirect,
        ];
        let created = cli.json(&arguments);
        let application: Application = serde_json::from_value(created).expect("an application");
        let (email, password) = (format!("user@{name}.test"), "a password long enough for all");
        let id = cli.create_user(slug, &email, password);
        let user = User { id, email, password: password.to_owned() };
        let connection = connection(&cli, slug, name);
        let party = RelyingParty::of(server, issuer, &application);
        let mut browser = Browser::new(server);
        let tokens = party.tokens(&party.sign_in(&mut browser, &user));
        let claims = harness::jwt::claims(&tokens.id);
        let session = claims["sid"].as_str().expect("sid").to_owned();
        let host = format!("login.{name}.example");
        cli.json(&["domain", "add", "--tenant", slug, &host]);
        let test = ["--template", "reset_password", "--to", &user.email];
        let mail = cli.json(&[&["mail", "template", "send", "--tenant", slug][..], &test].concat());
        let mail = mail["id"].as_str().expect("an id").to_owned();
        let invited = ["--email", &format!("admin@{name}.test"), "--role", "auditor"];
        let invited = cli.json(&[&["admin", "invite", "--tenant", slug][..], &invited].concat());
        let admin = invited["id"].as_str().expect("an id").to_owned();
        let flow = flow(&cli, slug);
        let (organization, invitation) = customer(server, slug, name);
        let logo = upload(&cli, slug, name);
        let (slug, batch) = (slug.to_owned(), job(server, slug));
        Side {
            slug,
            party,
            user,
            browser,
            tokens,
            session,
            mail,
            connection,
            flow,
            admin,
            organization,
            invitation,
            batch,
            logo,
        }
    }

    /// The id that a path parameter of this name takes for this side.
    ///
    /// # Panics
    /// For a name nobody has thought about: then a line is missing here.
    pub fn value(&self, parameter: &str, path: &str) -> String {
        match parameter {
            "slug" | "tenant" | "place" => self.slug.clone(),
            "app" | "application" => self.party.application.id.clone(),
            "user" => self.user.id.clone(),
            "session" => self.session.clone(),
            "connection" => self.connection.clone(),
            "version" => "1".to_owned(),
            "test" => "tst_00000000000000000000000000".to_owned(),
            "field" => format!("field_{}", self.slug.replace('-', "_")),
            "secret" => "sec_00000000000000000000000000".to_owned(),
            "id" if path.contains("/users/") => self.user.id.clone(),
            "id" if path.contains("/sessions/") => self.session.clone(),
            "id" => self.party.application.id.clone(),
            "identity" => "idn_00000000000000000000000000".to_owned(),
            "batch" => self.batch.clone(),
            "number" => "1".to_owned(),
            "organization" => self.organization.clone(),
            "flow" if path.contains("/logs/") => self.flow.clone(),
            "invitation" if path.contains("/admins") => self.admin.clone(),
            "invitation" => self.invitation.clone(),
            "tx" | "flow" | "token" | "link" | "pending" => "x".repeat(40),
            "asset" => self.logo.clone(),
            "look" => "x".repeat(60),
            "colour" => "123456".to_owned(),
            "code" => format!("up-{}", self.slug),
            "mail" => self.mail.clone(),
            "template" => "reset_password".to_owned(),
            "language" => "en".to_owned(),
            "host" => format!("login.{}.example", self.party.application.name),
            "name" | "file" | "path" | "hash" | "tail" => "no-such-thing".to_owned(),
            other => panic!("a new kind of path parameter: {{{other}}} in {path}"),
        }
    }

    /// An id of the same kind that nobody has.
    pub fn missing(&self, parameter: &str, path: &str) -> String {
        let value = self.value(parameter, path);
        match value.split_once('_') {
            // A colour or a file name is nobody's object.
            _ if ["colour", "place", "template", "language", "name", "file", "path", "hash"]
                .contains(&parameter) =>
            {
                value
            }
            Some((prefix, id)) if id.len() == 26 => format!("{prefix}_{}", "0".repeat(26)),
            _ => "nobody-has-this".to_owned(),
        }
    }
}

/// An organization, and an invitation to it.
fn customer(server: &Server, slug: &str, name: &str) -> (String, String) {
    let cli = server.cli();
    let id = |value: serde_json::Value| value["id"].as_str().expect("an id").to_owned();
    let short = format!("org-{name}");
    let create = ["org", "create", "--tenant", slug, "--slug", &short, "--name", name];
    let organization = id(cli.json(&create));
    let email = format!("invited@{name}.test");
    let invite = ["member", "invite", "--tenant", slug, "--org", &organization, "--email", &email];
    let invitation = id(cli.json(&invite));
    (organization, invitation)
}

/// A job that is done.
fn job(server: &Server, slug: &str) -> String {
    let cli = server.cli();
    let exported = cli.try_run(&["user", "export", "--tenant", slug]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    let jobs = cli.json(&["job", "list", "--tenant", slug]);
    jobs["items"][0]["id"].as_str().expect("a job").to_owned()
}

/// A connection and a field of users, named like everything else of this side.
fn connection(cli: &harness::cli::Cli, slug: &str, name: &str) -> String {
    let key = format!("field_{}", slug.replace('-', "_"));
    let label = format!("Field {name}");
    let kind = ["--kind", "text"];
    let field = ["field", "create", "--tenant", slug, "--key", &key, "--label", &label];
    cli.json(&[&field[..], &kind[..]].concat());
    let issuer = format!("https://up.{name}.example.test");
    let create = ["connection", "create", "--tenant", slug, "--code", "upstream", "--name", name];
    let more = ["--issuer", &issuer, "--client-id", name, "--disabled"];
    let made = cli.json(&[&create[..], &more[..]].concat());
    made["id"].as_str().expect("an id").to_owned()
}

/// A logo of the tenant, other than that of the other one: its id.
fn upload(cli: &Cli, slug: &str, name: &str) -> String {
    let file = std::env::temp_dir().join(format!(
        "logo-{slug}-{}-{:?}.png",
        std::process::id(),
        std::thread::current().id()
    ));
    let green = if name == CANARY { 200 } else { 20 };
    std::fs::write(&file, picture::png(48, 16, [10, green, 90])).expect("a file");
    let path = file.to_string_lossy();
    let look = cli.json(&["branding", "logo", "--tenant", slug, "--file", &path]);
    let _ = std::fs::remove_file(&file);
    look["logo"]["id"].as_str().expect("an image").to_owned()
}

/// A path with its parameters filled in.
pub fn fill(path: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, tail) = after.split_once('}').expect("braces come in pairs");
        out.push_str(before);
        out.push_str(&value(inside.split(':').next().unwrap_or_default()));
        rest = tail;
    }
    out.push_str(rest);
    out
}

const LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

/// The flow of the sign-in just made, once it is in the log.
fn flow(cli: &harness::cli::Cli, slug: &str) -> String {
    let signed_in = ["log", "list", "--tenant", slug, "--outcome", "signed_in"];
    harness::wait::until("the sign-in in the log", LIMIT, || {
        let list = cli.json(&signed_in);
        list["items"][0]["flow"].as_str().map(str::to_owned)
    })
}

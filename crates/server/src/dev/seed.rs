//! What a development server begins with: an operator, the tenant `demo`, five applications and
//! three people. Passwords are random, and kept beside the database so that a restart knows them.

use std::path::Path;

use context::Ctx;
use directory::applications::CreateApplication;
use directory::tenants::CreateTenant;
use directory::users::CreateUser;
use directory::{Actor, applications, setup, tenants, users};
use mapping::{Address, UserProfile};
use protocol::redirect_uri::{ApplicationType, Environment};
use serde::{Deserialize, Serialize};
use store::TenantId;
use vault::{HashTicket, SecretString};

use crate::fail::Fail;
use crate::masters::write_private;

const FILE: &str = "credentials.json";

/// Somebody's address and password.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Login {
    pub email: String,
    pub password: String,
}

/// A person of the demo tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeededUser {
    pub id: String,
    pub email: String,
    pub password: String,
}

/// An application of the demo tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeededApplication {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
}

/// Everything that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seeded {
    pub operator: Login,
    pub tenant: String,
    pub demo_application: String,
    pub applications: Vec<SeededApplication>,
    pub users: Vec<SeededUser>,
}

/// What an earlier start made.
///
/// # Errors
/// Names the file.
pub fn read(folder: &Path) -> Result<Seeded, Fail> {
    let path = folder.join(FILE);
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Fail::new(format!("{}: {e}", path.display())))?;
    serde_json::from_str(&text).map_err(|e| Fail::new(format!("{}: {e}", path.display())))
}

/// Makes what is not there yet.
///
/// # Errors
/// Says what could not be made.
pub fn seed(ctx: &Ctx, folder: &Path) -> Result<Seeded, Fail> {
    if let Ok(standing) = read(folder) {
        return Ok(standing);
    }
    let actor = Actor::system(ctx);
    let operator = Login { email: "operator@demo.test".into(), password: password(ctx) };
    let phc = hash(ctx, &operator.password)?;
    setup::seed_operator(ctx, &operator.email, "Demo operator", &phc)?;
    let tenant = tenants::create(
        ctx,
        &actor,
        CreateTenant {
            slug: "demo".into(),
            name: "Demo".into(),
            host: None,
            environment: Environment::Development,
        },
    )?;
    let applications = make_applications(ctx, &actor, &tenant.id)?;
    let seeded = Seeded {
        operator,
        tenant: tenant.slug,
        demo_application: applications.last().map(|a| a.client_id.clone()).unwrap_or_default(),
        applications,
        users: make_users(ctx, &actor, &tenant.id)?,
    };
    let text = serde_json::to_string_pretty(&seeded).map_err(|e| Fail::new(e.to_string()))?;
    write_private(&folder.join(FILE), &text)?;
    Ok(seeded)
}

/// 20 random characters: enough for the policy, easy to copy.
fn password(ctx: &Ctx) -> String {
    let mut bytes = [0u8; 20];
    ctx.vault.random().fill(&mut bytes);
    let letters = b"abcdefghjkmnpqrstuvwxyz23456789x";
    bytes.iter().map(|b| char::from(letters[usize::from(b % 32)])).collect()
}

fn hash(ctx: &Ctx, password: &str) -> Result<String, Fail> {
    match ctx.hashes.hash_blocking("dev", SecretString::new(password.to_owned())) {
        Ok(HashTicket::Hashed(phc)) => Ok(phc),
        _ => Err(Fail::new("a password could not be hashed")),
    }
}

fn make_applications(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
) -> Result<Vec<SeededApplication>, Fail> {
    let base = &ctx.settings.base_url;
    let own = (vec![format!("{base}/demo/callback")], vec![format!("{base}/demo")]);
    let local = |path: &str| vec![format!("http://localhost:3000{path}")];
    let plan = [
        (ApplicationType::Web, "Web shop", (local("/callback"), local("/"))),
        (ApplicationType::Spa, "Booking page", (local("/booking/callback"), local("/booking"))),
        (ApplicationType::Native, "Mobile app", (vec!["http://127.0.0.1/callback".into()], vec![])),
        (ApplicationType::Machine, "Nightly import", (vec![], vec![])),
        (ApplicationType::Spa, "Demo application", own),
    ];
    plan.into_iter()
        .map(|(kind, name, (redirect_uris, post_logout_redirect_uris))| {
            let input = CreateApplication {
                kind,
                name: name.into(),
                redirect_uris,
                post_logout_redirect_uris,
                first_party: false,
            };
            let made = applications::create(ctx, actor, tenant, &input)?;
            Ok(SeededApplication {
                id: made.row.id.as_str().into(),
                name: made.row.name,
                kind: made.row.kind,
                client_id: made.row.id.as_str().into(),
                client_secret: made.secret.map(|s| s.expose().to_owned()),
                redirect_uris: made.config.redirect_uris,
                post_logout_redirect_uris: made.config.post_logout_redirect_uris,
            })
        })
        .collect()
}

fn make_users(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Vec<SeededUser>, Fail> {
    let people = [
        ("ada@demo.test", "Ada Adler", whole_profile()),
        ("ben@demo.test", "Ben Brook", UserProfile::default()),
        ("cleo@demo.test", "Cleo Chen", UserProfile::default()),
    ];
    people
        .into_iter()
        .map(|(email, name, profile)| {
            let password = password(ctx);
            let input = CreateUser {
                email: email.into(),
                name: Some(name.into()),
                email_verified: true,
                profile,
                ..CreateUser::default()
            };
            let phc = hash(ctx, &password)?;
            let made = users::create(ctx, actor, tenant, &input, Some(&phc))?;
            Ok(SeededUser { id: made.user.id.as_str().into(), email: email.into(), password })
        })
        .collect()
}

/// Every standard claim has a value, so that an integration can be tried with all of them.
fn whole_profile() -> UserProfile {
    let text = |t: &str| Some(t.to_owned());
    UserProfile {
        given_name: text("Ada"),
        family_name: text("Adler"),
        middle_name: text("May"),
        nickname: text("ada"),
        preferred_username: text("ada"),
        profile: text("https://demo.test/people/ada"),
        picture: text("https://demo.test/people/ada.png"),
        website: text("https://ada.demo.test/"),
        gender: text("female"),
        birthdate: text("1990-12-10"),
        zoneinfo: text("Europe/Vienna"),
        locale: text("en-GB"),
        phone_number: text("+15550100"),
        phone_number_verified: Some(true),
        address: Some(Address {
            formatted: text("1 Mosaic Lane\n1010 Vienna\nAustria"),
            street_address: text("1 Mosaic Lane"),
            locality: text("Vienna"),
            region: text("Vienna"),
            postal_code: text("1010"),
            country: text("Austria"),
        }),
        ..UserProfile::default()
    }
}

//! What the sign-in page of an application shows where it differs from the tenant's: ways in and
//! their order, sign-up, required fields, logo, colour, links.

use context::Ctx;
use protocol::redirect_uri::{Environment, check_web_uri};
use serde::{Deserialize, Serialize};
use store::applications::ApplicationRow;
use store::settings::{Picture, UserFields};
use store::{ApplicationConfig, ApplicationSignIn, TenantId, Tx};

use super::{change, to_json};
use crate::actor::Actor;
use crate::branding::COLOUR;
use crate::colour::Colour;
use crate::error::{Error, FieldError, none};
use crate::mappings::schema_of;
use crate::{assets, sign_in};

/// The name of the password among the ways in.
const PASSWORD: &str = "password";

/// What the sign-in page of an application shows. What is not set is as the tenant has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateSignIn {
    /// The version of the application that the change is based on.
    pub version: i64,
    /// Ways in, in this order: codes of connections, and `password`.
    pub connections: Option<Vec<String>>,
    /// Whether strangers may create an account.
    pub sign_up: Option<bool>,
    /// Keys of fields that somebody must have before they get in.
    pub required_fields: Option<Vec<String>>,
    /// Id of the logo, as `assets::upload` answered it.
    pub logo: Option<String>,
    /// Brand colour, `#rrggbb`.
    pub brand: Option<String>,
    /// The application's own privacy notice.
    pub privacy_url: Option<String>,
    /// Its own terms.
    pub terms_url: Option<String>,
}

impl UpdateSignIn {
    /// What stands, to be changed.
    #[must_use]
    pub fn of(version: i64, config: &ApplicationConfig) -> UpdateSignIn {
        let own = config.sign_in.clone();
        UpdateSignIn {
            version,
            connections: own.connections,
            sign_up: own.sign_up,
            required_fields: own.required_fields,
            logo: own.logo.map(|picture| picture.id),
            brand: own.brand,
            privacy_url: config.privacy_url.clone(),
            terms_url: config.terms_url.clone(),
        }
    }
}

/// Changes what the sign-in page of an application shows.
///
/// # Errors
/// [`Error::Form`] naming each field, [`Error::Stale`], [`Error::NotFound`], [`Error::Forbidden`],
/// or whatever the database reports.
pub fn set_sign_in(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    input: &UpdateSignIn,
) -> Result<ApplicationRow, Error> {
    let link = |url: &Option<String>| {
        url.as_ref().map(|url| url.trim().to_owned()).filter(|url| !url.is_empty())
    };
    change(ctx, actor, tenant, id, Some(input.version), "application.update", |tx, row| {
        let mut config = row.config()?;
        let before = config.sign_in.logo.take();
        config.privacy_url = link(&input.privacy_url);
        config.terms_url = link(&input.terms_url);
        config.sign_in = ApplicationSignIn {
            connections: input.connections.clone(),
            sign_up: input.sign_up,
            required_fields: input.required_fields.clone(),
            logo: input.logo.as_ref().map(|id| Picture { id: id.clone(), ..Picture::default() }),
            brand: input.brand.as_ref().map(|colour| colour.to_ascii_lowercase()),
        };
        let mut errors = links(tx, row, &config)?;
        settle(tx, &mut config.sign_in, &mut errors)?;
        none(errors)?;
        assets::refer(tx, ctx.now(), &[&before], &[&config.sign_in.logo])?;
        row.config = to_json(&config)?;
        Ok(())
    })
}

fn links(
    tx: &mut Tx,
    row: &ApplicationRow,
    config: &ApplicationConfig,
) -> Result<Vec<FieldError>, Error> {
    let kind = row.kind().ok_or(Error::NotFound("application"))?;
    let tenant = tx.this_tenant()?.ok_or(Error::NotFound("tenant"))?;
    let environment: Environment = tenant.environment.parse().unwrap_or(Environment::Production);
    let mut errors = Vec::new();
    for (field, link) in [("privacy_url", &config.privacy_url), ("terms_url", &config.terms_url)] {
        if let Some(link) = link
            && let Err(problem) = check_web_uri(link, kind, environment)
        {
            errors.push(FieldError::new(field, "link", problem.message()).with_fix(problem.fix()));
        }
    }
    Ok(errors)
}

/// Checks what an application's sign-in page is to show, and puts in the size its logo has.
pub(super) fn settle(
    tx: &mut Tx,
    own: &mut ApplicationSignIn,
    errors: &mut Vec<FieldError>,
) -> Result<(), Error> {
    let id = own.logo.as_ref().map(|picture| picture.id.clone());
    own.logo = assets::settle(tx, "logo", id.as_deref(), errors)?;
    if own.brand.as_ref().is_some_and(|brand| Colour::parse(brand).is_none()) {
        errors.push(FieldError::new("brand", "colour", COLOUR));
    }
    if let Some(ways) = &own.connections {
        check_ways(tx, ways, errors)?;
    }
    if let Some(keys) = &own.required_fields {
        let (fields, _) = tx.find_setting::<UserFields>()?;
        sign_in::check_required(&schema_of(&fields), keys, errors);
    }
    Ok(())
}

fn check_ways(tx: &mut Tx, ways: &[String], errors: &mut Vec<FieldError>) -> Result<(), Error> {
    if ways.is_empty() {
        let message = "Choose at least one way to sign in, or show them as the tenant does.";
        errors.push(FieldError::new("connections", "empty", message));
    }
    let known = tx.list_connections()?;
    for (at, way) in ways.iter().enumerate() {
        if way != PASSWORD && !known.iter().any(|row| row.code == *way) {
            let message = format!("There is no connection {way}. Take it out.");
            errors.push(FieldError::new("connections", "unknown", message));
        } else if ways[..at].contains(way) {
            let message = format!("{way} stands there twice.");
            errors.push(FieldError::new("connections", "twice", message));
        }
    }
    Ok(())
}

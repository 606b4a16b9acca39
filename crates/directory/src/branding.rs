//! How the pages of a tenant look: logo, colours, roundness. Every value is typed and small: what a
//! page is given is a colour, a number or an image of ours, never a piece of style or markup.
//!
//! The colour of light pages stands in the tenant's own row, the rest in a document of settings;
//! both are changed here in one write, under one version.

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::settings::{Branding, Picture};
use store::tenants::Tenant;
use store::{TenantId, Tx};

use crate::actor::Actor;
use crate::colour::Colour;
use crate::error::{Error, FieldError, none};
use crate::rights::Action;
use crate::{assets, audit};

/// Greatest roundness of corners, in pixels.
pub const MAX_RADIUS: u8 = 16;

/// What to do about a colour that is none.
pub(crate) const COLOUR: &str =
    "Write the colour as # and six hexadecimal digits, such as #2f47b0.";

/// How the pages of a tenant look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Brand colour, `#rrggbb`.
    pub brand: String,
    /// Logo, the colour of dark pages, roundness.
    #[serde(flatten)]
    pub branding: Branding,
    /// The optimistic lock of all of it.
    pub version: i64,
}

/// What may change about it. What is not set is as the product has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateBranding {
    /// The version the change is based on.
    pub version: i64,
    /// Brand colour, `#rrggbb`.
    pub brand: String,
    /// Brand colour on dark pages.
    #[serde(default)]
    pub brand_dark: Option<String>,
    /// Roundness of corners in pixels, 0 to [`MAX_RADIUS`].
    #[serde(default)]
    pub radius: Option<u8>,
    /// Id of the logo, as [`assets::upload`] answered it.
    #[serde(default)]
    pub logo: Option<String>,
    /// Id of the logo on dark pages.
    #[serde(default)]
    pub logo_dark: Option<String>,
}

impl UpdateBranding {
    /// What stands, to be changed.
    #[must_use]
    pub fn of(shown: &Shown) -> UpdateBranding {
        let id = |picture: &Option<Picture>| picture.as_ref().map(|picture| picture.id.clone());
        UpdateBranding {
            version: shown.version,
            brand: shown.brand.clone(),
            brand_dark: shown.branding.brand_dark.clone(),
            radius: shown.branding.radius,
            logo: id(&shown.branding.logo),
            logo_dark: id(&shown.branding.logo_dark),
        }
    }
}

/// How the pages of a tenant look.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Shown, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::TenantRead)?;
        let row = tx.this_tenant()?.ok_or(Error::NotFound("tenant"))?;
        let (branding, version) = tx.find_setting::<Branding>()?;
        Ok(shown(&row, branding, version))
    })
}

/// Both versions only grow, so their sum stands still only where both do.
fn shown(row: &Tenant, branding: Branding, version: i64) -> Shown {
    Shown { brand: row.brand.clone(), branding, version: row.version + version }
}

/// Changes how the pages of a tenant look.
///
/// # Errors
/// [`Error::Form`] naming each field, [`Error::Stale`], [`Error::Forbidden`], or whatever the
/// database reports.
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &UpdateBranding,
) -> Result<Shown, Error> {
    let now = ctx.now();
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SignInUpdate)?;
        let row = tx.this_tenant()?.ok_or(Error::NotFound("tenant"))?;
        let (standing, version) = tx.find_setting::<Branding>()?;
        let before = shown(&row, standing, version);
        if before.version != input.version {
            return Err(Error::Stale { current: before.version });
        }
        let branding = settled(tx, input)?;
        let mut to = row.clone();
        to.brand = input.brand.to_ascii_lowercase();
        to.updated_at = now;
        let kept =
            tx.update_tenant(&to, row.version)? && tx.put_setting(&branding, version, now)?;
        if !kept {
            return Err(Error::Stale { current: before.version + 1 });
        }
        let (old, new) = (&before.branding, &branding);
        assets::refer(tx, now, &[&old.logo, &old.logo_dark], &[&new.logo, &new.logo_dark])?;
        to.version = row.version + 1;
        let after = shown(&to, branding, version + 1);
        let mut detail = audit::diff(&before, &after);
        if let Some(members) = detail.as_object_mut() {
            members.remove("version");
        }
        audit::record(tx, ctx, actor, "branding.update", tenant.as_str(), &detail)?;
        tx.changed("tenant", tenant.as_str());
        Ok(after)
    })
}

/// What is asked for as it is kept: checked, with its pictures as they really are.
fn settled(tx: &mut Tx, input: &UpdateBranding) -> Result<Branding, Error> {
    let mut errors = check(input);
    let mut picture =
        |field, id: &Option<String>| assets::settle(tx, field, id.as_deref(), &mut errors);
    let (logo, logo_dark) =
        (picture("logo", &input.logo)?, picture("logo_dark", &input.logo_dark)?);
    none(errors)?;
    let brand_dark = input.brand_dark.as_ref().map(|colour| colour.to_ascii_lowercase());
    Ok(Branding { logo, logo_dark, brand_dark, radius: input.radius })
}

fn check(input: &UpdateBranding) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let colours = [("brand", Some(&input.brand)), ("brand_dark", input.brand_dark.as_ref())];
    for (field, colour) in colours {
        if colour.is_some_and(|colour| Colour::parse(colour).is_none()) {
            errors.push(FieldError::new(field, "colour", COLOUR));
        }
    }
    if input.radius.is_some_and(|radius| radius > MAX_RADIUS) {
        let message = format!("Choose a roundness from 0 to {MAX_RADIUS} pixels.");
        errors.push(FieldError::new("radius", "range", message));
    }
    errors
}

//! The live preview: the sign-in page as the form on the left has it, in frames of two widths, on
//! light and on dark screens. And how a colour reads there.

use directory::colour::{Colour, Scheme};
use directory::{applications, assets};
use store::TenantId;
use store::settings::{Branding, Picture};
use web::preview::{Preview, picture_path};
use web::upload::Files;
use web::views::Look;

use crate::desk::{InTenant, Stop};
use crate::views::Problems;
use crate::views::stage::{Image, Reading, Stage};

/// What the page is drawn from, before it is sealed.
pub(crate) struct Scene {
    pub(crate) application: String,
    pub(crate) brand: String,
    pub(crate) branding: Branding,
    /// The application's own colour.
    pub(crate) own_brand: Option<String>,
    /// The application's own logo.
    pub(crate) own_logo: Option<Picture>,
    pub(crate) password: bool,
    pub(crate) password_first: bool,
    /// Code and name, in their order.
    pub(crate) connections: Vec<(String, String)>,
    pub(crate) sign_up: bool,
    pub(crate) links: Vec<String>,
}

impl Scene {
    /// The page as it stands for people of the tenant, to be changed by a form.
    pub(crate) fn standing(desk: &InTenant) -> Result<Scene, Stop> {
        let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
        let first = applications::list(ctx, actor, tenant, "", None, Some(1))?.items;
        let look = directory::branding::show(ctx, actor, tenant)?;
        let house = directory::sign_in::show(ctx, actor, tenant)?.settings;
        let known = desk.ctx.snapshots.connections(ctx, tenant).map_err(web::Fault::from)?;
        let enabled = known.iter().filter(|connection| connection.enabled);
        let links = [
            ("Privacy", &house.privacy_url),
            ("Terms", &house.terms_url),
            ("Help", &house.help_url),
        ];
        let said = links.iter().filter(|(_, url)| url.is_some());
        Ok(Scene {
            application: first.first().map_or("your application".into(), |row| row.name.clone()),
            brand: look.brand,
            branding: look.branding,
            own_brand: None,
            own_logo: None,
            password: house.password,
            password_first: true,
            connections: enabled.map(|c| (c.code.clone(), c.name.clone())).collect(),
            sign_up: house.sign_up,
            links: said.map(|(word, _)| (*word).to_owned()).collect(),
        })
    }

    /// The frames.
    pub(crate) fn stage(self, desk: &InTenant) -> Stage {
        let tenant = &desk.tenant;
        let picture = |p: &Picture| (picture_path(desk.ctx, &tenant.id, &p.id), p.width, p.height);
        let (light, dark) = match &self.own_logo {
            Some(own) => (Some(picture(own)), None),
            None => (
                self.branding.logo.as_ref().map(picture),
                self.branding.logo_dark.as_ref().map(picture),
            ),
        };
        let look = Look::dressed(&self.brand, &self.branding, self.own_brand.as_deref());
        let issuer = desk.ctx.settings.issuer(&tenant.slug, tenant.host.as_deref());
        let host = issuer.split("://").nth(1).and_then(|rest| rest.split('/').next());
        let preview = Preview {
            tenant: tenant.name.clone(),
            host: host.unwrap_or_default().to_owned(),
            application: self.application,
            theme: look.file(),
            logo: light,
            logo_dark: dark,
            password: self.password,
            password_first: self.password_first,
            connections: self.connections,
            sign_up: self.sign_up,
            links: self.links,
        };
        Stage { url: preview.path(desk.ctx) }
    }
}

/// How a colour reads, in words; nothing for what is no colour.
pub(crate) fn readings(brand: &str, brand_dark: &str, dark_field: &'static str) -> Vec<Reading> {
    let own_dark = !brand_dark.is_empty();
    let dark = if own_dark { brand_dark } else { brand };
    let told = [
        ("Light pages", brand, Scheme::Light, "brand"),
        ("Dark pages", dark, Scheme::Dark, dark_field),
    ];
    told.into_iter()
        .filter_map(|(title, colour, scheme, field)| {
            let reading = Colour::parse(colour)?.read(scheme);
            Some(Reading {
                title,
                colour: colour.to_owned(),
                passes: reading.passes,
                on_page: format!("{:.1}", reading.on_page),
                on_colour: format!("{:.1}", reading.on_colour),
                text: reading.text,
                fix: reading.nearest.filter(|_| !field.is_empty()).map(|nearest| (field, nearest)),
            })
        })
        .collect()
}

/// The colour that a press of the cure puts in.
pub(crate) fn cured(colour: &str, scheme: Scheme) -> Option<String> {
    Colour::parse(colour)?.read(scheme).nearest
}

/// Takes the file that was sent for a field, if any: its id, or what is wrong with it.
pub(crate) fn take(
    desk: &InTenant,
    files: &Files,
    field: &str,
    problems: &mut Problems,
) -> Result<Option<String>, Stop> {
    let Some(bytes) = files.get(field) else { return Ok(None) };
    match assets::upload(desk.ctx, &desk.actor, &desk.tenant.id, field, bytes) {
        Ok(picture) => Ok(Some(picture.id)),
        Err(directory::Error::Form(errors)) => {
            problems.0.extend(Problems::of_errors(&errors).0);
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

/// An image that a form holds, with the size it really has; nothing for an id that is none.
pub(crate) fn picture(desk: &InTenant, id: &str) -> Result<Option<Picture>, Stop> {
    let found = assets::find(desk.ctx, &desk.tenant.id, id).map_err(web::Fault::from)?;
    let side = |length: i64| u32::try_from(length).unwrap_or_default();
    Ok(found.map(|row| Picture {
        id: row.id.to_string(),
        width: side(row.width),
        height: side(row.height),
    }))
}

/// The same for showing it beside its field.
pub(crate) fn image(
    desk: &InTenant,
    tenant: &TenantId,
    picture: Option<&Picture>,
) -> Option<Image> {
    picture.map(|picture| Image {
        url: picture_path(desk.ctx, tenant, &picture.id),
        width: picture.width,
        height: picture.height,
    })
}

//! How the pages of a tenant look: logo, colours, roundness, with the real page beside the form.
//! A file that was chosen is taken when any button is pressed; what is saved is only its id.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::branding::{self, Shown, UpdateBranding};
use directory::colour::Scheme;
use directory::tenants::DEFAULT_BRAND;
use directory::{Action, Error};
use protocol::Params;
use store::settings::{Branding, Picture};
use web::Fault;

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::{self, Press};
use crate::stage::{self, Scene};
use crate::views::applications::ConflictRow;
use crate::views::branding::{BrandingConflict, BrandingPage};
use crate::views::stage::ImageField;
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};

const HERE: &str = "/branding";

/// The form as it was typed.
#[derive(Debug, Clone)]
struct Draft {
    version: String,
    brand: String,
    brand_dark: String,
    radius: String,
    logo: String,
    logo_dark: String,
}

/// `GET /console/t/{tenant}/branding`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            let draft = Draft::of(&standing(desk)?);
            desk.show(&page(desk, &draft, &Press::Save, Problems::default())?)
        })
        .await
}

/// `POST /console/t/{tenant}/branding`.
pub(crate) async fn submit(mut posted: Posted) -> Result<HttpResponse, Fault> {
    let files = std::mem::take(&mut posted.files);
    posted
        .tenant(move |desk, form| {
            let (press, mut draft) = (Press::of(form), Draft::read(form));
            let mut problems = Problems::default();
            draft.logo = stage::take(desk, &files, "logo", &mut problems)?.unwrap_or(draft.logo);
            let dark = stage::take(desk, &files, "logo_dark", &mut problems)?;
            draft.logo_dark = dark.unwrap_or(draft.logo_dark);
            draft.pressed(&press);
            match press {
                _ if !problems.is_empty() => desk.again(&page(desk, &draft, &press, problems)?),
                Press::Save => save(desk, &draft),
                _ => desk.show(&page(desk, &draft, &press, problems)?),
            }
        })
        .await
}

fn standing(desk: &InTenant) -> Result<Shown, Stop> {
    Ok(branding::show(desk.ctx, &desk.actor, &desk.tenant.id)?)
}

fn save(desk: &InTenant, draft: &Draft) -> Outcome {
    match branding::update(desk.ctx, &desk.actor, &desk.tenant.id, &draft.input()) {
        Ok(_) => desk.done(&desk.url(HERE), "The branding is saved. Pages show it from now on."),
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            desk.again(&page(desk, draft, &Press::Save, problems)?)
        }
        Err(Error::Stale { .. }) => conflict(desk, draft),
        Err(other) => Err(other.into()),
    }
}

impl Draft {
    fn of(shown: &Shown) -> Draft {
        let update = UpdateBranding::of(shown);
        Draft {
            version: update.version.to_string(),
            brand: update.brand,
            brand_dark: update.brand_dark.unwrap_or_default(),
            radius: update.radius.map(|radius| radius.to_string()).unwrap_or_default(),
            logo: update.logo.unwrap_or_default(),
            logo_dark: update.logo_dark.unwrap_or_default(),
        }
    }

    fn read(form: &Params) -> Draft {
        Draft {
            version: fields::text(form, "version"),
            brand: fields::text(form, "brand"),
            brand_dark: fields::text(form, "brand_dark"),
            radius: fields::text(form, "radius"),
            logo: fields::text(form, "logo_id"),
            logo_dark: fields::text(form, "logo_dark_id"),
        }
    }

    /// A press puts a field back to how it was made, or puts in the colour that reads.
    fn pressed(&mut self, press: &Press) {
        match press {
            Press::Remove(field) => match field.as_str() {
                "brand" => DEFAULT_BRAND.clone_into(&mut self.brand),
                "brand_dark" => self.brand_dark.clear(),
                "radius" => self.radius.clear(),
                "logo" => self.logo.clear(),
                "logo_dark" => self.logo_dark.clear(),
                _ => {}
            },
            Press::Fix(field) if field == "brand" => {
                let better = stage::cured(&self.brand, Scheme::Light);
                self.brand = better.unwrap_or_else(|| self.brand.clone());
            }
            Press::Fix(field) if field == "brand_dark" => {
                let from = if self.brand_dark.is_empty() { &self.brand } else { &self.brand_dark };
                if let Some(better) = stage::cured(from, Scheme::Dark) {
                    self.brand_dark = better;
                }
            }
            _ => {}
        }
    }

    /// What the command takes. A number that cannot be read is none that is allowed.
    fn input(&self) -> UpdateBranding {
        let optional = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        UpdateBranding {
            version: self.version.parse().unwrap_or_default(),
            brand: self.brand.clone(),
            brand_dark: optional(&self.brand_dark),
            radius: optional(&self.radius).map(|text| text.parse().unwrap_or(u8::MAX)),
            logo: optional(&self.logo),
            logo_dark: optional(&self.logo_dark),
        }
    }

    fn told(&self) -> [(&'static str, String); 5] {
        let image = |id: &String| if id.is_empty() { "none".to_owned() } else { id.clone() };
        [
            ("Logo", image(&self.logo)),
            ("Logo on dark pages", image(&self.logo_dark)),
            ("Brand colour", self.brand.clone()),
            ("Brand colour on dark pages", self.brand_dark.clone()),
            ("Roundness", self.radius.clone()),
        ]
    }
}

fn page(
    desk: &InTenant,
    draft: &Draft,
    press: &Press,
    problems: Problems,
) -> Result<BrandingPage, Stop> {
    let (light, dark) =
        (stage::picture(desk, &draft.logo)?, stage::picture(desk, &draft.logo_dark)?);
    let images = images(desk, draft, light.as_ref(), dark.as_ref());
    let input = draft.input();
    let scene = scene(desk, &input, light, dark)?;
    Ok(BrandingPage {
        shell: desk.shell(HERE)?,
        path: desk.url(HERE),
        may: desk.may(Action::SignInUpdate),
        version: draft.version.clone(),
        readings: stage::readings(&draft.brand, &draft.brand_dark, "brand_dark"),
        own: draft.brand != DEFAULT_BRAND,
        brand: draft.brand.clone(),
        brand_dark: draft.brand_dark.clone(),
        radius: draft.radius.clone(),
        images,
        stage: scene.stage(desk),
        pending: *press != Press::Save || !problems.is_empty(),
        twin: (*press == Press::Command).then(|| Twin {
            text: "Sets the colours and the roundness of the form below; a logo goes by a command \
                   of its own.",
            command: commands::set_branding(&desk.tenant.slug, &input),
        }),
        problems,
    })
}

fn images(
    desk: &InTenant,
    draft: &Draft,
    light: Option<&Picture>,
    dark: Option<&Picture>,
) -> Vec<ImageField> {
    let tenant = &desk.tenant.id;
    vec![
        ImageField {
            name: "logo",
            label: "Logo",
            hint: "PNG, JPEG or WebP, at most 512 KB. Shown 32 pixels high, in place of the name.",
            id: draft.logo.clone(),
            image: stage::image(desk, tenant, light),
            dark: false,
        },
        ImageField {
            name: "logo_dark",
            label: "Logo on dark pages",
            hint: "For a logo that would disappear on black; without one, the same is shown.",
            id: draft.logo_dark.clone(),
            image: stage::image(desk, tenant, dark),
            dark: true,
        },
    ]
}

/// The real page as the form would have it.
fn scene(
    desk: &InTenant,
    input: &UpdateBranding,
    light: Option<Picture>,
    dark: Option<Picture>,
) -> Result<Scene, Stop> {
    let mut scene = Scene::standing(desk)?;
    scene.brand.clone_from(&input.brand);
    scene.branding = Branding {
        logo: light,
        logo_dark: dark,
        brand_dark: input.brand_dark.clone(),
        radius: input.radius,
    };
    Ok(scene)
}

fn conflict(desk: &InTenant, draft: &Draft) -> Outcome {
    let theirs = standing(desk)?;
    let rows = draft.told().into_iter().zip(Draft::of(&theirs).told());
    let differ = rows.filter(|((_, yours), (_, theirs))| yours != theirs);
    let field = |(name, value): (&str, &String)| (name.to_owned(), value.clone());
    let page = BrandingConflict {
        shell: desk.shell(HERE)?,
        changed: desk.when(desk.tenant.updated_at),
        rows: differ
            .map(|((label, yours), (_, theirs))| ConflictRow {
                label: label.to_owned(),
                yours,
                theirs,
            })
            .collect(),
        fields: [
            ("version", &theirs.version.to_string()),
            ("brand", &draft.brand),
            ("brand_dark", &draft.brand_dark),
            ("radius", &draft.radius),
            ("logo_id", &draft.logo),
            ("logo_dark_id", &draft.logo_dark),
        ]
        .map(field)
        .to_vec(),
        action: desk.url(HERE),
    };
    desk.page(StatusCode::CONFLICT, &page)
}

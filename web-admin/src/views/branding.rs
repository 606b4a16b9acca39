//! The pages of a tenant's branding and of its ways in.

use askama::Template;

use super::applications::{ApplicationHead, ConflictRow};
use super::stage::{Change, ImageField, Need, Reading, Stage, Way};
use super::{Problems, Shell, Twin, When};

/// The branding.
#[derive(Template)]
#[template(path = "branding/show.html")]
pub(crate) struct BrandingPage {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) may: bool,
    pub(crate) version: String,
    pub(crate) brand: String,
    /// Whether the colour is not the one a tenant begins with.
    pub(crate) own: bool,
    pub(crate) brand_dark: String,
    pub(crate) radius: String,
    pub(crate) images: Vec<ImageField>,
    pub(crate) readings: Vec<Reading>,
    pub(crate) stage: Stage,
    pub(crate) pending: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// Somebody else saved first.
#[derive(Template)]
#[template(path = "branding/conflict.html")]
pub(crate) struct BrandingConflict {
    pub(crate) shell: Shell,
    pub(crate) changed: When,
    pub(crate) rows: Vec<ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}

/// The ways in of a tenant.
#[derive(Template)]
#[template(path = "sign_in/settings.html")]
pub(crate) struct WaysPage {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) may: bool,
    pub(crate) version: String,
    pub(crate) password: bool,
    pub(crate) sign_up: bool,
    /// People without another way in, in words; nothing unless passwords are being switched off.
    pub(crate) alone: Option<String>,
    pub(crate) understood: bool,
    pub(crate) ways: Vec<Way>,
    /// Codes in their order, as the form holds them.
    pub(crate) order: String,
    pub(crate) needs: Vec<Need>,
    pub(crate) links: [(&'static str, &'static str, &'static str, String); 3],
    pub(crate) changes: Vec<Change>,
    pub(crate) stage: Stage,
    pub(crate) pending: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// Somebody else saved first.
#[derive(Template)]
#[template(path = "sign_in/conflict.html")]
pub(crate) struct WaysConflict {
    pub(crate) shell: Shell,
    pub(crate) changed: When,
    pub(crate) rows: Vec<ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}

/// The tab of an application.
#[derive(Template)]
#[template(path = "applications/sign_in.html")]
pub(crate) struct ApplicationWays {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) may: bool,
    pub(crate) version: String,
    /// Whether it shows ways of its own choice.
    pub(crate) own_ways: bool,
    pub(crate) ways: Vec<Way>,
    pub(crate) order: String,
    /// What the tenant shows, in words.
    pub(crate) house_ways: String,
    pub(crate) sign_ups: [(&'static str, String); 3],
    pub(crate) sign_up: &'static str,
    pub(crate) own_needs: bool,
    pub(crate) needs: Vec<Need>,
    pub(crate) house_needs: String,
    pub(crate) image: ImageField,
    pub(crate) brand: String,
    pub(crate) house_brand: String,
    pub(crate) privacy_url: String,
    pub(crate) terms_url: String,
    pub(crate) readings: Vec<Reading>,
    pub(crate) stage: Stage,
    pub(crate) pending: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// Somebody else saved the application first.
#[derive(Template)]
#[template(path = "applications/sign_in_conflict.html")]
pub(crate) struct ApplicationWaysConflict {
    pub(crate) shell: Shell,
    pub(crate) head: ApplicationHead,
    pub(crate) changed: When,
    pub(crate) rows: Vec<ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}

/// The word on a button that puts a field back; nothing where there is nothing to put back.
fn reset(needed: bool) -> &'static str {
    if needed { "Reset" } else { "" }
}

/// The first colour that is set.
fn first<'a>(own: &'a str, other: &'a str) -> &'a str {
    if own.is_empty() { other } else { own }
}

impl BrandingPage {
    fn reset_light(&self) -> &'static str {
        reset(self.own)
    }

    fn reset_dark(&self) -> &'static str {
        reset(!self.brand_dark.is_empty())
    }

    fn picked_dark(&self) -> &str {
        first(&self.brand_dark, &self.brand)
    }
}

impl ApplicationWays {
    fn here(&self) -> String {
        format!("{}/sign-in", self.head.url)
    }

    fn reset_brand(&self) -> &'static str {
        reset(!self.brand.is_empty())
    }

    fn picked(&self) -> &str {
        first(&self.brand, &self.house_brand)
    }
}

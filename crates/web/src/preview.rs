//! What the console hands to the preview of a sign-in page: the state of a form, sealed into an
//! address, so that only the console can make one and nothing has to be stored for it.
//!
//! The page itself is `hosted`'s own; this is only the way there, since faces do not know each
//! other. A preview signs nobody in: it has no flow, no token and no form that is taken.

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::TenantId;
use vault::Purpose;

/// Below which path previews live: on the console's own host, whatever the tenant's is.
pub const PREFIX: &str = "/console/preview";

/// How long an address works, in seconds.
const LIFETIME_S: i64 = 3600;
const LOOK: &[u8] = b"preview";
const PICTURE: &[u8] = b"preview-picture";
/// Most buttons that a preview shows.
const MOST: usize = 12;
/// Longest name in a preview, in characters.
const NAME: usize = 60;

/// A sign-in page as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    /// Name of the tenant.
    #[serde(rename = "n")]
    pub tenant: String,
    /// The host that people see.
    #[serde(rename = "h")]
    pub host: String,
    /// Name of the application.
    #[serde(rename = "a")]
    pub application: String,
    /// File name of the style sheet with the colours.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// Address, width and height of the logo on light pages.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub logo: Option<(String, u32, u32)>,
    /// The same on dark pages.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub logo_dark: Option<(String, u32, u32)>,
    /// Whether a password is asked for.
    #[serde(rename = "p")]
    pub password: bool,
    /// Whether it stands before the connections.
    #[serde(rename = "f")]
    pub password_first: bool,
    /// Code and name of the connections, in their order.
    #[serde(rename = "c")]
    pub connections: Vec<(String, String)>,
    /// Whether strangers may create an account.
    #[serde(rename = "s")]
    pub sign_up: bool,
    /// Words of the links below the page.
    #[serde(rename = "w")]
    pub links: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Dated<T> {
    #[serde(rename = "@")]
    at: i64,
    #[serde(rename = "v")]
    value: T,
}

impl Preview {
    /// The address of the preview, without its scheme.
    #[must_use]
    pub fn path(mut self, ctx: &Ctx) -> String {
        let short = |text: &mut String| *text = text.chars().take(NAME).collect();
        [&mut self.tenant, &mut self.application].into_iter().for_each(short);
        self.connections.truncate(MOST);
        self.connections.iter_mut().for_each(|(_, name)| short(name));
        format!("{PREFIX}/page/{}", seal(ctx, LOOK, self))
    }

    /// The preview behind a part of an address; `None` for what the console did not make, or made
    /// too long ago.
    #[must_use]
    pub fn open(ctx: &Ctx, sealed: &str) -> Option<Preview> {
        open(ctx, LOOK, sealed)
    }
}

/// The address of an image of a tenant on the console's own host.
#[must_use]
pub fn picture_path(ctx: &Ctx, tenant: &TenantId, id: &str) -> String {
    format!("{PREFIX}/picture/{}", seal(ctx, PICTURE, (tenant.as_str(), id)))
}

/// Tenant and id of the image behind a part of an address.
#[must_use]
pub fn open_picture(ctx: &Ctx, sealed: &str) -> Option<(TenantId, String)> {
    let (tenant, id): (String, String) = open(ctx, PICTURE, sealed)?;
    Some((TenantId::parse(&tenant)?, id))
}

fn seal<T: Serialize>(ctx: &Ctx, extra: &[u8], value: T) -> String {
    let at = ctx.now_s();
    let Ok(plain) = serde_json::to_vec(&Dated { at, value }) else { return String::new() };
    let system = TenantId::system();
    ctx.vault.seal_text(Purpose::Cookie, system.as_str(), extra, at, &plain)
}

fn open<T: for<'de> Deserialize<'de>>(ctx: &Ctx, extra: &[u8], sealed: &str) -> Option<T> {
    let system = TenantId::system();
    let plain = ctx.vault.open_text(Purpose::Cookie, system.as_str(), extra, sealed).ok()?;
    let dated: Dated<T> = serde_json::from_slice(&plain).ok()?;
    (-60..LIFETIME_S).contains(&(ctx.now_s() - dated.at)).then_some(dated.value)
}

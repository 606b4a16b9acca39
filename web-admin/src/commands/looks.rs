//! The commands that set what people see when they sign in.

use directory::applications::UpdateSignIn;
use directory::branding::UpdateBranding;
use store::settings::SignInSettings;

use super::Line;

pub(crate) fn set_branding(tenant: &str, input: &UpdateBranding) -> String {
    let radius = input.radius.map(|radius| radius.to_string()).unwrap_or_default();
    Line::new("tessera branding set --tenant")
        .word(tenant)
        .option("--brand", &input.brand)
        .option("--brand-dark", input.brand_dark.as_deref().unwrap_or("default"))
        .option("--radius", if radius.is_empty() { "default" } else { &radius })
        .0
}

pub(crate) fn set_sign_in(tenant: &str, to: &SignInSettings, order: &[String]) -> String {
    let link = |url: &Option<String>| url.clone().unwrap_or_else(|| "none".to_owned());
    Line::new("tessera sign-in set --tenant")
        .word(tenant)
        .option("--password", if to.password { "on" } else { "off" })
        .option("--sign-up", if to.sign_up { "open" } else { "closed" })
        .option("--require", &list_or(&to.required_fields, "none"))
        .option("--order", &order.join(","))
        .option("--privacy-url", &link(&to.privacy_url))
        .option("--terms-url", &link(&to.terms_url))
        .option("--help-url", &link(&to.help_url))
        .0
}

pub(crate) fn set_application_sign_in(id: &str, to: &UpdateSignIn) -> String {
    let own = |list: &Option<Vec<String>>| match list {
        Some(list) => list_or(list, "none"),
        None => "tenant".to_owned(),
    };
    let link = |url: &Option<String>| url.clone().unwrap_or_else(|| "none".to_owned());
    let sign_up = match to.sign_up {
        Some(true) => "open",
        Some(false) => "closed",
        None => "tenant",
    };
    Line::new("tessera app sign-in set")
        .word(id)
        .option("--ways", &own(&to.connections))
        .option("--sign-up", sign_up)
        .option("--require", &own(&to.required_fields))
        .option("--brand", to.brand.as_deref().unwrap_or("tenant"))
        .option("--privacy-url", &link(&to.privacy_url))
        .option("--terms-url", &link(&to.terms_url))
        .0
}

fn list_or(list: &[String], nothing: &str) -> String {
    if list.is_empty() { nothing.to_owned() } else { list.join(",") }
}

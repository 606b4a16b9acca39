//! `tessera branding …`, `tessera sign-in …`, `tessera app sign-in …`: what people see when they
//! sign in.

use std::io::Read;
use std::path::Path;

use directory::applications::{self, UpdateSignIn as UpdateOfApplication};
use directory::assets;
use directory::branding::{self, Shown, UpdateBranding};
use directory::colour::{Colour, Scheme};
use directory::sign_in::{self, UpdateSignIn};
use directory::tenants::DEFAULT_BRAND;
use serde_json::{Value, json};
use store::TenantId;

use super::Session;
use super::output::{answer, facts};
use crate::args::{
    AppSignInCommand, BrandingCommand, SetAppSignIn, SetBranding, SetSignIn, SignInCommand,
};
use crate::fail::Fail;

/// Runs a command on how pages look.
pub fn branding(session: &Session, command: BrandingCommand) -> Result<(), Fail> {
    match command {
        BrandingCommand::Show { tenant } => {
            let tenant = session.tenant(&tenant)?;
            say_look(session, &branding::show(&session.ctx, &session.actor, &tenant.id)?);
            Ok(())
        }
        BrandingCommand::Set(args) => set_branding(session, &args),
        BrandingCommand::Logo { tenant, file, dark, .. } => {
            logo(session, &tenant, file.as_deref(), dark)
        }
    }
}

fn set_branding(session: &Session, args: &SetBranding) -> Result<(), Fail> {
    let tenant = session.tenant(&args.tenant)?;
    let shown = branding::show(&session.ctx, &session.actor, &tenant.id)?;
    let mut input = UpdateBranding::of(&shown);
    match args.brand.as_deref() {
        Some("default") => DEFAULT_BRAND.clone_into(&mut input.brand),
        Some(brand) => brand.clone_into(&mut input.brand),
        None => {}
    }
    word(&args.brand_dark, "default", &mut input.brand_dark);
    match args.radius.as_deref() {
        Some("default") => input.radius = None,
        Some(radius) => {
            let radius = radius.parse().map_err(|_| Fail::usage("--radius: a number, 0 to 16"))?;
            input.radius = Some(radius);
        }
        None => {}
    }
    let shown = branding::update(&session.ctx, &session.actor, &tenant.id, &input)?;
    say_look(session, &shown);
    Ok(())
}

fn logo(session: &Session, tenant: &str, file: Option<&Path>, dark: bool) -> Result<(), Fail> {
    let tenant = session.tenant(tenant)?;
    let id = file.map(|file| upload(session, &tenant.id, file)).transpose()?;
    let shown = branding::show(&session.ctx, &session.actor, &tenant.id)?;
    let mut input = UpdateBranding::of(&shown);
    *(if dark { &mut input.logo_dark } else { &mut input.logo }) = id;
    let shown = branding::update(&session.ctx, &session.actor, &tenant.id, &input)?;
    say_look(session, &shown);
    Ok(())
}

fn upload(session: &Session, tenant: &TenantId, file: &Path) -> Result<String, Fail> {
    let bytes = read(file)?;
    Ok(assets::upload(&session.ctx, &session.actor, tenant, "file", &bytes)?.id)
}

/// No more of a file than what is refused for its size.
fn read(file: &Path) -> Result<Vec<u8>, Fail> {
    let most = u64::try_from(assets::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| Fail::usage(format!("{}: {error}", file.display())))?;
    Ok(bytes)
}

fn say_look(session: &Session, shown: &Shown) {
    let mut value = serde_json::to_value(shown).unwrap_or_default();
    let dark = shown.branding.brand_dark.as_deref().unwrap_or(&shown.brand);
    let reading = |colour: &str, scheme| Colour::parse(colour).map(|colour| colour.read(scheme));
    value["contrast"] = json!({
        "light": reading(&shown.brand, Scheme::Light),
        "dark": reading(dark, Scheme::Dark),
    });
    answer(session.json, &value, || facts(&value));
}

/// Runs a command on how people get in.
pub fn sign_in(session: &Session, command: SignInCommand) -> Result<(), Fail> {
    let (tenant, args) = match &command {
        SignInCommand::Show { tenant } => (tenant, None),
        SignInCommand::Set(args) => (&args.tenant, Some(args)),
    };
    let tenant = session.tenant(tenant)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    if let Some(args) = args {
        let mut settings = sign_in::show(ctx, actor, &tenant.id)?;
        change(args, &mut settings.settings)?;
        let order = args.order.as_deref().map(list);
        let input = UpdateSignIn { version: settings.version, settings: settings.settings, order };
        sign_in::update(ctx, actor, &tenant.id, &input)?;
    }
    let mut value =
        serde_json::to_value(sign_in::show(ctx, actor, &tenant.id)?).unwrap_or_default();
    let known = ctx.snapshots.connections(ctx, &tenant.id)?;
    value["order"] = known.iter().map(|connection| connection.code.clone()).collect();
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn change(args: &SetSignIn, settings: &mut store::settings::SignInSettings) -> Result<(), Fail> {
    settings.password = switch("--password", &args.password, ["on", "off"], settings.password)?;
    settings.sign_up = switch("--sign-up", &args.sign_up, ["open", "closed"], settings.sign_up)?;
    if let Some(keys) = &args.require {
        settings.required_fields = list(keys);
    }
    word(&args.privacy_url, "none", &mut settings.privacy_url);
    word(&args.terms_url, "none", &mut settings.terms_url);
    word(&args.help_url, "none", &mut settings.help_url);
    Ok(())
}

/// Runs a command on what the sign-in page of an application shows.
pub fn of_application(session: &Session, command: AppSignInCommand) -> Result<(), Fail> {
    let id = match &command {
        AppSignInCommand::Show { id } => id.clone(),
        AppSignInCommand::Set(args) => args.id.clone(),
    };
    let tenant = session.owner("application", &id)?;
    let (ctx, actor) = (&session.ctx, &session.actor);
    if let AppSignInCommand::Set(args) = &command {
        let shown = applications::show(ctx, actor, &tenant, &id)?;
        let mut input = UpdateOfApplication::of(shown.row.version, &shown.config);
        override_with(session, &tenant, args, &mut input)?;
        applications::set_sign_in(ctx, actor, &tenant, &id, &input)?;
    }
    let shown = applications::show(ctx, actor, &tenant, &id)?;
    let input = UpdateOfApplication::of(shown.row.version, &shown.config);
    let mut value: Value = serde_json::to_value(&input).unwrap_or_default();
    value["id"] = id.into();
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn override_with(
    session: &Session,
    tenant: &TenantId,
    args: &SetAppSignIn,
    input: &mut UpdateOfApplication,
) -> Result<(), Fail> {
    let own = |given: &String| (given != "tenant").then(|| list(given));
    if let Some(ways) = &args.ways {
        input.connections = own(ways);
    }
    if let Some(keys) = &args.require {
        input.required_fields = own(keys);
    }
    match args.sign_up.as_deref() {
        Some("tenant") => input.sign_up = None,
        None => {}
        _ => input.sign_up = Some(switch("--sign-up", &args.sign_up, ["open", "closed"], true)?),
    }
    word(&args.brand, "tenant", &mut input.brand);
    word(&args.privacy_url, "none", &mut input.privacy_url);
    word(&args.terms_url, "none", &mut input.terms_url);
    if args.no_logo {
        input.logo = None;
    }
    if let Some(file) = &args.logo {
        input.logo = Some(upload(session, tenant, file)?);
    }
    Ok(())
}

fn list(given: &str) -> Vec<String> {
    let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty() && *part != "none");
    parts.map(str::to_owned).collect()
}

/// A value that one word takes away.
fn word(given: &Option<String>, nothing: &str, to: &mut Option<String>) {
    if let Some(given) = given {
        *to = Some(given.clone()).filter(|given| given != nothing);
    }
}

fn switch(
    flag: &str,
    given: &Option<String>,
    [on, off]: [&str; 2],
    standing: bool,
) -> Result<bool, Fail> {
    match given.as_deref() {
        None => Ok(standing),
        Some(word) if word == on => Ok(true),
        Some(word) if word == off => Ok(false),
        Some(_) => Err(Fail::usage(format!("{flag}: choose {on} or {off}"))),
    }
}

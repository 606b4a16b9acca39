//! From flags to a connection's settings: what a preset knows, with what was said beside it.

use std::collections::BTreeMap;

use directory::connections::CreateConnection;
use directory::presets::{self, Preset};
use store::{ConnectionConfig, ExtraRequest};

use crate::args::ProviderArgs;
use crate::fail::Fail;

/// The input of the command, but for code, name and credentials.
pub(super) fn input(args: &ProviderArgs) -> Result<CreateConnection, Fail> {
    let open = if args.issuer.is_some() { "oidc" } else { "oauth2" };
    let code = args.preset.as_deref().unwrap_or(open);
    let preset = presets::find(code).ok_or_else(|| unknown(code))?;
    let mut inputs = pairs("--set", &args.inputs)?;
    let issuer = args.issuer.as_deref();
    // An issuer that is given answers what the preset would ask to build it.
    let stand_in = issuer.is_some() && !preset.is_open() && inputs.is_empty();
    if stand_in {
        inputs = preset.inputs.iter().map(|i| (i.name.clone(), example(i.form))).collect();
    }
    let mut input = CreateConnection::of_preset(preset, &inputs)?;
    if preset.is_open() && args.preset.is_none() {
        input.preset = String::new();
    }
    apply(args, preset, &mut input.config)?;
    Ok(input)
}

fn example(form: presets::InputForm) -> String {
    match form {
        presets::InputForm::Uuid => "00000000-0000-0000-0000-000000000000".into(),
        presets::InputForm::Origin => "https://example.com".into(),
    }
}

fn unknown(code: &str) -> Fail {
    let known: Vec<&str> = presets::all().iter().map(|preset| preset.code.as_str()).collect();
    Fail::usage(format!("there is no preset {code}. Choose from {}", known.join(", ")))
}

fn apply(args: &ProviderArgs, preset: &Preset, config: &mut ConnectionConfig) -> Result<(), Fail> {
    endpoints(args, preset, config);
    if !args.scopes.is_empty() {
        config.scopes.clone_from(&args.scopes);
    }
    if let Some(separator) = &args.scope_separator {
        config.scope_separator.clone_from(separator);
    }
    if let Some(method) = &args.token_auth {
        config.token_auth = word("--token-auth", method)?;
    }
    if let Some(from) = &args.profile_from {
        config.profile_from = word("--profile-from", from)?;
    }
    if let Some(path) = &args.subject_path {
        config.subject_path.clone_from(path);
    }
    if let Some(path) = &args.label_path {
        config.label_path.clone_from(path);
    }
    config.pkce &= !args.no_pkce;
    config.sign_up = !args.no_sign_up;
    config.email_domains.clone_from(&args.email_domains);
    config.extra_params.extend(pairs("--param", &args.params)?);
    config.headers.extend(pairs("--header", &args.headers)?);
    for (into, url) in pairs("--extra-request", &args.extra_requests)? {
        config.extra_requests.retain(|known| known.into != into);
        config.extra_requests.push(ExtraRequest { into, url });
    }
    Ok(())
}

fn endpoints(args: &ProviderArgs, preset: &Preset, config: &mut ConnectionConfig) {
    if let Some(userinfo) = &args.userinfo_endpoint {
        // What a preset asks for below its profile is below the profile of another server too.
        let before = config.userinfo_endpoint.clone().unwrap_or_default();
        for request in &mut config.extra_requests {
            if let Some(rest) = request.url.strip_prefix(&before).filter(|_| !before.is_empty()) {
                request.url = format!("{}{rest}", userinfo.trim_end_matches('/'));
            }
        }
    }
    let given = [
        (&mut config.authorization_endpoint, &args.authorization_endpoint),
        (&mut config.token_endpoint, &args.token_endpoint),
        (&mut config.userinfo_endpoint, &args.userinfo_endpoint),
        (&mut config.jwks_uri, &args.jwks_uri),
    ];
    for (setting, flag) in given {
        if flag.is_some() {
            setting.clone_from(flag);
        }
    }
    if preset.kind == "oidc" && args.jwks_uri.is_some() {
        config.discovery = false;
    }
    if let Some(issuer) = &args.issuer {
        config.issuer.clone_from(issuer);
    } else if preset.kind == "oauth2"
        && let Some(url) = args.authorization_endpoint.as_deref()
    {
        config.issuer = origin(url);
    }
}

/// Scheme and host of an address: the name that the people of a provider without an issuer are
/// kept under.
fn origin(url: &str) -> String {
    let after = url.find("://").map_or(0, |at| at + 3);
    let end = url[after..].find(['/', '?', '#']).map_or(url.len(), |at| after + at);
    url[..end].to_owned()
}

fn word<T: serde::de::DeserializeOwned>(flag: &str, text: &str) -> Result<T, Fail> {
    serde_json::from_value(text.into()).map_err(|e| Fail::usage(format!("{flag}: {e}")))
}

fn pairs(flag: &str, list: &[String]) -> Result<BTreeMap<String, String>, Fail> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.to_owned())),
        None => Err(Fail::usage(format!("{flag}: write NAME=VALUE, not {text}"))),
    };
    list.iter().map(pair).collect()
}

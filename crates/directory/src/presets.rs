//! Provider presets: what is known of a provider, as data. A preset fills in a new connection's
//! settings and mapping and carries the guide that an admin follows at the provider. One file per
//! preset in `presets/`, built into the program; nothing here knows any provider by name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::ConnectionConfig;

use crate::connections::check_origin;
use crate::error::FieldError;

/// The files, in the order of the gallery.
const FILES: [&str; 8] = [
    include_str!("../presets/google.json"),
    include_str!("../presets/microsoft.json"),
    include_str!("../presets/github.json"),
    include_str!("../presets/gitlab.json"),
    include_str!("../presets/linkedin.json"),
    include_str!("../presets/discord.json"),
    include_str!("../presets/oidc.json"),
    include_str!("../presets/oauth2.json"),
];

static PRESETS: LazyLock<Vec<Preset>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| serde_json::from_str(text).ok()).collect());

/// What is known of a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its short name, and the code that a connection made from it gets unless another is chosen.
    pub code: String,
    /// The name people know it by.
    pub name: String,
    /// `oidc` or `oauth2`.
    pub kind: String,
    /// Who signs in with it, in one sentence.
    pub about: String,
    /// The provider's own documentation.
    pub docs: String,
    /// Where at the provider an application is registered; empty for the open forms.
    pub console: String,
    /// A sign of our own drawing: the data of one SVG path in a box of 24 by 24.
    pub glyph: String,
    /// What else has to be asked.
    pub inputs: Vec<PresetInput>,
    /// Something an admin should know beforehand; may be empty.
    #[serde(default)]
    pub note: String,
    /// Settings; `{name}` in the issuer and the endpoints stands for an input.
    pub config: ConnectionConfig,
    /// The mapping that it begins with.
    pub mapping: Value,
    /// What to do at the provider, in order.
    pub guide: Vec<GuideStep>,
    /// A profile as this provider sends it, of nobody.
    pub sample: Value,
}

/// Something a preset has to ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresetInput {
    /// Its name in forms and on the command line.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Where to find it.
    pub hint: String,
    /// What it looks like.
    pub form: InputForm,
    /// What stands there at first.
    pub default: String,
}

/// What an input of a preset looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputForm {
    /// A UUID.
    Uuid,
    /// Scheme and host of a server.
    Origin,
}

/// One thing to do at the provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// What to do.
    #[serde(rename = "do")]
    pub text: String,
    /// Whether it begins at the provider's own page.
    #[serde(default)]
    pub link: bool,
    /// What to copy there: `callback_url`, or nothing.
    #[serde(default)]
    pub copy: String,
}

/// Every preset, in the order of the gallery; the open forms are the last two.
pub fn all() -> &'static [Preset] {
    &PRESETS
}

/// The preset with this code.
pub fn find(code: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.code == code)
}

impl Preset {
    /// Whether it is one of the two open forms, which know no provider.
    pub fn is_open(&self) -> bool {
        self.code == self.kind
    }

    /// The settings with what was asked filled in.
    ///
    /// # Errors
    /// Every input that is missing, unknown or malformed, as the field `inputs.NAME`.
    pub fn config(
        &self,
        values: &BTreeMap<String, String>,
    ) -> Result<ConnectionConfig, Vec<FieldError>> {
        let mut errors = Vec::new();
        for name in values.keys().filter(|name| self.inputs.iter().all(|i| i.name != **name)) {
            let message = format!("{} has no {name} to set.", self.name);
            errors.push(FieldError::new(format!("inputs.{name}"), "unknown", message));
        }
        let mut config = self.config.clone();
        for input in &self.inputs {
            let typed = values.get(&input.name).map_or(input.default.as_str(), |text| text.trim());
            match input.read(typed) {
                Ok(value) => fill(&mut config, &format!("{{{}}}", input.name), &value),
                Err(message) => {
                    errors.push(FieldError::new(format!("inputs.{}", input.name), "input", message))
                }
            }
        }
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }
}

impl PresetInput {
    fn read(&self, typed: &str) -> Result<String, String> {
        match self.form {
            InputForm::Uuid if is_uuid(typed) => Ok(typed.to_ascii_lowercase()),
            InputForm::Uuid => Err(format!(
                "Enter the {}: 32 hexadecimal digits in five groups, such as \
                 11111111-2222-3333-4444-555555555555.",
                self.label
            )),
            InputForm::Origin => check_origin(typed),
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn fill(config: &mut ConnectionConfig, from: &str, to: &str) {
    config.issuer = config.issuer.replace(from, to);
    let endpoints = [
        &mut config.authorization_endpoint,
        &mut config.token_endpoint,
        &mut config.userinfo_endpoint,
        &mut config.jwks_uri,
    ];
    for url in endpoints.into_iter().flatten() {
        *url = url.replace(from, to);
    }
    for request in &mut config.extra_requests {
        request.url = request.url.replace(from, to);
    }
}

#[cfg(test)]
mod tests;

//! The form of an application's settings as it was typed, and as the command takes it. A number
//! that is none is kept as it was typed.

use directory::applications::{Shown, UpdateApplication};
use protocol::Params;
use protocol::client_auth::TokenEndpointAuthMethod;
use protocol::redirect_uri::{ApplicationType, Environment};
use store::{ApplicationConfig, GrantType};

use crate::desk::InTenant;
use crate::fields::{self, Press};
use crate::views::UriList;
use crate::views::applications::{ConflictRow, GrantBox, Lifetime, SettingsFields};

/// The signature algorithms that forms offer.
pub(super) const ALGORITHMS: [(&str, &str); 3] = [
    ("ES256", "ES256: short, for current libraries"),
    ("RS256", "RS256: understood by every library"),
    ("EdDSA", "EdDSA: Ed25519"),
];

const REDIRECTS: &str = "redirect_uris";
const LOGOUTS: &str = "post_logout_redirect_uris";

/// Name, label, hint: the lifetimes in the order of [`Draft::seconds`].
const LIFETIMES: [(&str, &str, &str); 5] = [
    ("code_lifetime_s", "Code", "30 to 600. A code is used within a second or two."),
    (
        "access_token_lifetime_s",
        "Access token",
        "60 to 86,400. APIs that check tokens on their own see a sign-out only after this time.",
    ),
    ("id_token_lifetime_s", "ID token", "60 to 86,400."),
    ("refresh_idle_s", "Refresh token, unused", "300 to 31,536,000 (a year)."),
    ("refresh_absolute_s", "Refresh token, in any case", "300 to 63,072,000 (two years)."),
];

/// What stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) kind: ApplicationType,
    version: i64,
    pub(super) fields: SettingsFields,
    pub(super) redirect_uris: Vec<String>,
    pub(super) post_logout_redirect_uris: Vec<String>,
    grant_types: Vec<GrantType>,
    seconds: Vec<String>,
}

impl Draft {
    /// The settings as they stand.
    pub(super) fn of(shown: &Shown) -> Draft {
        let config = &shown.config;
        let link = |url: &Option<String>| url.clone().unwrap_or_default();
        Draft {
            kind: shown.row.kind().unwrap_or(ApplicationType::Web),
            version: shown.row.version,
            fields: SettingsFields {
                version: shown.row.version.to_string(),
                name: shown.row.name.clone(),
                home_url: link(&config.home_url),
                privacy_url: link(&config.privacy_url),
                terms_url: link(&config.terms_url),
                first_party: shown.row.first_party,
                method: config.token_endpoint_auth_method.as_str().to_owned(),
                require_pkce: config.require_pkce,
                profile_claims: config.id_token_profile_claims,
                access_alg: config.access_token_alg.clone(),
                id_alg: config.id_token_alg.clone(),
                scopes: config.scopes.join(" "),
            },
            redirect_uris: config.redirect_uris.clone(),
            post_logout_redirect_uris: config.post_logout_redirect_uris.clone(),
            grant_types: config.grant_types.clone(),
            seconds: seconds_of(config).iter().map(ToString::to_string).collect(),
        }
    }

    /// The form as it was sent, with the pressed row or cure applied.
    pub(super) fn read(desk: &InTenant, shown: &Shown, form: &Params, press: &Press) -> Draft {
        let kind = shown.row.kind().unwrap_or(ApplicationType::Web);
        let environment: Environment =
            desk.tenant.environment.parse().unwrap_or(Environment::Production);
        let list = |name: &str| {
            let mut uris = fields::uris(form, name, press);
            press.fix_in(name, &mut uris, kind, environment);
            uris
        };
        let link = |name: &str| {
            let mut url = fields::text(form, name);
            press.fix_link(name, &mut url, kind, environment);
            url
        };
        let version = fields::text(form, "version");
        let granted = |grant: &GrantType| fields::checked(form, grant.as_str());
        Draft {
            kind,
            version: version.parse().unwrap_or_default(),
            fields: SettingsFields {
                version,
                name: fields::text(form, "name"),
                home_url: link("home_url"),
                privacy_url: link("privacy_url"),
                terms_url: link("terms_url"),
                first_party: fields::checked(form, "first_party"),
                method: fields::text(form, "token_endpoint_auth_method"),
                require_pkce: kind.is_public() || fields::checked(form, "require_pkce"),
                profile_claims: fields::checked(form, "id_token_profile_claims"),
                access_alg: fields::text(form, "access_token_alg"),
                id_alg: fields::text(form, "id_token_alg"),
                scopes: fields::text(form, "scopes"),
            },
            redirect_uris: list(REDIRECTS),
            post_logout_redirect_uris: list(LOGOUTS),
            grant_types: GrantType::ALL.into_iter().filter(granted).collect(),
            seconds: LIFETIMES.iter().map(|(name, ..)| fields::text(form, name)).collect(),
        }
    }

    /// What the command takes. A number that cannot be read is none that is allowed, so the
    /// command says it together with everything else.
    pub(super) fn input(&self, before: &ApplicationConfig) -> UpdateApplication {
        let read = |text: &String| text.replace([',', ' '], "").parse().unwrap_or(-1);
        let mut seconds = [0_i64; 5];
        for (second, text) in seconds.iter_mut().zip(&self.seconds) {
            *second = read(text);
        }
        let [code, access, id, idle, absolute] = seconds;
        let optional = |url: &str| Some(url.to_owned()).filter(|url| !url.is_empty());
        let method: Option<TokenEndpointAuthMethod> = self.fields.method.parse().ok();
        let config = ApplicationConfig {
            redirect_uris: self.redirect_uris.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            home_url: optional(&self.fields.home_url),
            privacy_url: optional(&self.fields.privacy_url),
            terms_url: optional(&self.fields.terms_url),
            grant_types: self.grant_types.clone(),
            token_endpoint_auth_method: method.unwrap_or(before.token_endpoint_auth_method),
            require_pkce: self.fields.require_pkce,
            access_token_alg: self.fields.access_alg.clone(),
            id_token_alg: self.fields.id_alg.clone(),
            id_token_profile_claims: self.fields.profile_claims,
            code_lifetime_s: code,
            access_token_lifetime_s: access,
            id_token_lifetime_s: id,
            refresh_idle_s: idle,
            refresh_absolute_s: absolute,
            scopes: self.fields.scopes.split_whitespace().map(str::to_owned).collect(),
            sign_in: before.sign_in.clone(),
        };
        let (name, first_party) = (self.fields.name.clone(), self.fields.first_party);
        UpdateApplication { version: self.version, name, first_party, config }
    }

    pub(super) fn lists(&self, press: &Press) -> Vec<UriList> {
        let list = |name: &str, legend, hint, uris: &[String]| {
            UriList::new(name, legend, hint, uris, press.adds(name))
        };
        vec![
            list(REDIRECTS, "Redirect URI", "After signing in.", &self.redirect_uris),
            list(LOGOUTS, "Sign-out URI", "After signing out.", &self.post_logout_redirect_uris),
        ]
    }

    pub(super) fn lifetimes(&self) -> Vec<Lifetime> {
        let zipped = LIFETIMES.into_iter().zip(&self.seconds);
        zipped
            .map(|((name, label, hint), value)| Lifetime {
                name,
                label,
                hint,
                value: value.clone(),
            })
            .collect()
    }

    pub(super) fn grants(&self) -> Vec<GrantBox> {
        let label = |grant| match grant {
            GrantType::AuthorizationCode => "Sign people in with a code",
            GrantType::RefreshToken => "Keep people signed in with refresh tokens",
            GrantType::ClientCredentials => "Act for itself, without a person",
        };
        let offered =
            |grant: &GrantType| !self.kind.is_public() || *grant != GrantType::ClientCredentials;
        let boxes = GrantType::ALL.into_iter().filter(offered);
        boxes
            .map(|grant| GrantBox {
                name: grant.as_str(),
                label: label(grant),
                on: self.grant_types.contains(&grant),
            })
            .collect()
    }

    /// Where the form differs from what stands.
    pub(super) fn against(&self, standing: &Draft) -> Vec<ConflictRow> {
        let (mine, theirs) = (self.told(), standing.told());
        let rows = mine.into_iter().zip(theirs).filter(|((_, a), (_, b))| a != b);
        rows.map(|((label, yours), (_, theirs))| ConflictRow {
            label: label.to_owned(),
            yours,
            theirs,
        })
        .collect()
    }

    fn told(&self) -> Vec<(&'static str, String)> {
        let yes = |on: bool| if on { "yes" } else { "no" }.to_owned();
        let grants: Vec<&str> = self.grant_types.iter().map(|grant| grant.as_str()).collect();
        let fields = &self.fields;
        let mut told = vec![
            ("Name", fields.name.clone()),
            ("Redirect URIs", self.redirect_uris.join("\n")),
            ("Sign-out URIs", self.post_logout_redirect_uris.join("\n")),
            ("Home page", fields.home_url.clone()),
            ("Privacy notice", fields.privacy_url.clone()),
            ("Terms", fields.terms_url.clone()),
            ("First party", yes(fields.first_party)),
            ("Grant types", grants.join(", ")),
            ("Client authentication", fields.method.clone()),
            ("Require PKCE", yes(fields.require_pkce)),
            ("Profile claims in the ID token", yes(fields.profile_claims)),
            ("Access token signature", fields.access_alg.clone()),
            ("ID token signature", fields.id_alg.clone()),
            ("Scopes", fields.scopes.clone()),
        ];
        let lifetimes = LIFETIMES.iter().zip(&self.seconds);
        told.extend(lifetimes.map(|((_, label, _), value)| (*label, value.clone())));
        told
    }

    /// The form as hidden fields, based on another version.
    pub(super) fn posted(&self, version: i64) -> Vec<(String, String)> {
        let fields = &self.fields;
        let mut posted = vec![
            ("version".to_owned(), version.to_string()),
            (REDIRECTS.to_owned(), self.redirect_uris.join("\n")),
            (LOGOUTS.to_owned(), self.post_logout_redirect_uris.join("\n")),
        ];
        let texts = [
            ("name", &fields.name),
            ("home_url", &fields.home_url),
            ("privacy_url", &fields.privacy_url),
            ("terms_url", &fields.terms_url),
            ("token_endpoint_auth_method", &fields.method),
            ("access_token_alg", &fields.access_alg),
            ("id_token_alg", &fields.id_alg),
            ("scopes", &fields.scopes),
        ];
        posted.extend(texts.map(|(name, value)| (name.to_owned(), value.clone())));
        let boxes = [
            ("first_party", fields.first_party),
            ("require_pkce", fields.require_pkce),
            ("id_token_profile_claims", fields.profile_claims),
        ];
        let on = boxes.into_iter().filter(|(_, on)| *on).map(|(name, _)| name);
        let grants = self.grant_types.iter().map(|grant| grant.as_str());
        posted.extend(on.chain(grants).map(|name| (name.to_owned(), "1".to_owned())));
        let lifetimes = LIFETIMES.iter().zip(&self.seconds);
        posted.extend(lifetimes.map(|((name, ..), value)| ((*name).to_owned(), value.clone())));
        posted
    }
}

fn seconds_of(config: &ApplicationConfig) -> [i64; 5] {
    [
        config.code_lifetime_s,
        config.access_token_lifetime_s,
        config.id_token_lifetime_s,
        config.refresh_idle_s,
        config.refresh_absolute_s,
    ]
}

/// The ways a type of application may prove who it is, and the one it has, should it be another.
pub(super) fn methods(kind: ApplicationType, present: &str) -> Vec<(&'static str, &'static str)> {
    const NONE: (&str, &str) = ("none", "None: it cannot keep a secret");
    if kind.is_public() {
        return vec![NONE];
    }
    let mut methods = vec![
        ("client_secret", "Secret, in the header or in the body"),
        ("client_secret_basic", "Secret in the header only"),
        ("client_secret_post", "Secret in the body only"),
    ];
    if present == NONE.0 {
        methods.push(("none", "None: it is part of this server"));
    }
    methods
}

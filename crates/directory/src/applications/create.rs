//! Registering an application: what is asked, the defaults of each type, and the write that adds it
//! with its first secret and the signing key it needs. Sent twice, a form registers one.

use context::Ctx;
use protocol::client_auth::TokenEndpointAuthMethod;
use protocol::redirect_uri::ApplicationType;
use serde::{Deserialize, Serialize};
use store::applications::{ApplicationRow, SecretRow};
use store::signing_keys::SigningKeyRow;
use store::spent::{Spend, SpentKind};
use store::{ApplicationConfig, ApplicationId, GrantType, TenantId, Tx};
use vault::SecretString;

use super::{check, check_all, first_key, fold, secrets, to_json};
use crate::actor::Actor;
use crate::error::Error;
use crate::rights::Action;
use crate::{audit, keys};

/// How long it is remembered that a form was sent, in seconds.
const FORM_S: i64 = 86_400;

/// What a new application needs; everything else has a default that fits its type.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateApplication {
    /// What kind of program it is.
    #[serde(rename = "type")]
    pub kind: ApplicationType,
    /// The name people read when they sign in.
    pub name: String,
    /// Where people may be sent back.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Whether it is the tenant's own, so that nobody is asked for consent.
    #[serde(default)]
    pub first_party: bool,
}

/// A new application and, for who can keep one, its secret: shown now and never again.
#[derive(Debug)]
pub struct Created {
    /// The application.
    pub row: ApplicationRow,
    /// Its settings.
    pub config: ApplicationConfig,
    /// Its first secret.
    pub secret: Option<SecretString>,
}

/// The defaults of a type.
pub fn defaults(kind: ApplicationType) -> ApplicationConfig {
    let public = matches!(kind, ApplicationType::Spa | ApplicationType::Native);
    let machine = kind == ApplicationType::Machine;
    ApplicationConfig {
        grant_types: if machine {
            vec![GrantType::ClientCredentials]
        } else {
            vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
        },
        token_endpoint_auth_method: if public {
            TokenEndpointAuthMethod::None
        } else {
            TokenEndpointAuthMethod::ClientSecret
        },
        require_pkce: public,
        id_token_profile_claims: !machine,
        ..ApplicationConfig::default()
    }
}

/// What became of a form that registers an application.
#[derive(Debug)]
pub enum Creation {
    /// It registered one now.
    New(Box<Created>),
    /// It was sent before, and registered this one then.
    Before(String),
}

/// Registers an application.
///
/// # Errors
/// [`Error::Form`] naming each field, [`Error::Forbidden`], or whatever the database reports.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &CreateApplication,
) -> Result<Created, Error> {
    let prepared = Prepared::new(ctx, tenant, input)?;
    ctx.db.write(tenant, |tx| prepared.insert(tx, ctx, actor, input))?;
    Ok(prepared.into_created())
}

/// Registers an application unless the form with this id has done so before.
///
/// # Errors
/// As [`create`]; a refused form may be sent again.
pub fn create_once(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &CreateApplication,
    form: &str,
) -> Result<Creation, Error> {
    let prepared = Prepared::new(ctx, tenant, input)?;
    let until = ctx.now().plus_seconds(FORM_S);
    let before = ctx.db.write(tenant, |tx| {
        if let Spend::Replayed { result } =
            tx.spend(SpentKind::Form, form, prepared.row.id.as_str(), until)?
        {
            return Ok(Some(result));
        }
        prepared.insert(tx, ctx, actor, input)?;
        Ok::<_, Error>(None)
    })?;
    Ok(match before {
        Some(id) => Creation::Before(id),
        None => Creation::New(Box::new(prepared.into_created())),
    })
}

/// Everything that is made before the write.
struct Prepared {
    row: ApplicationRow,
    config: ApplicationConfig,
    secret: Option<(SecretRow, SecretString)>,
    key: Option<SigningKeyRow>,
}

impl Prepared {
    fn new(ctx: &Ctx, tenant: &TenantId, input: &CreateApplication) -> Result<Prepared, Error> {
        let config = ApplicationConfig {
            redirect_uris: check::tidy(&input.redirect_uris),
            post_logout_redirect_uris: check::tidy(&input.post_logout_redirect_uris),
            ..defaults(input.kind)
        };
        let row = new_row(ctx, tenant, input, &config)?;
        let public = config.token_endpoint_auth_method == TokenEndpointAuthMethod::None;
        let secret = (!public).then(|| secrets::make(ctx, tenant, &row.id));
        let key = first_key(ctx, tenant, &config)?;
        Ok(Prepared { row, config, secret, key })
    }

    fn insert(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        actor: &Actor,
        input: &CreateApplication,
    ) -> Result<(), Error> {
        let row = &self.row;
        actor.check(tx, Action::ApplicationCreate)?;
        check_all(tx, input.kind, &row.name, &self.config)?;
        tx.insert_application(row)?;
        if let Some((secret_row, _)) = &self.secret {
            tx.insert_secret(secret_row)?;
        }
        if let Some(key) = &self.key {
            keys::add_first(tx, key, ctx.now())?;
        }
        let detail =
            serde_json::json!({ "type": row.kind, "name": row.name, "config": self.config });
        audit::record(tx, ctx, actor, "application.create", row.id.as_str(), &detail)?;
        tx.changed("application", row.id.as_str());
        Ok(())
    }

    fn into_created(self) -> Created {
        let secret = self.secret.map(|(_, secret)| secret);
        Created { row: self.row, config: self.config, secret }
    }
}

pub(crate) fn new_row(
    ctx: &Ctx,
    tenant: &TenantId,
    input: &CreateApplication,
    config: &ApplicationConfig,
) -> Result<ApplicationRow, Error> {
    let now = ctx.now();
    let name = input.name.trim();
    Ok(ApplicationRow {
        tenant: tenant.clone(),
        id: ApplicationId::new(now, ctx.vault.random()),
        name: name.to_owned(),
        name_key: fold(name),
        kind: input.kind.as_str().into(),
        disabled: false,
        first_party: input.first_party,
        config: to_json(config)?,
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

//! What a change to a connection changed, member by member, for the audit. A secret is named there,
//! never shown.

use serde::Serialize;
use store::Error as StoreError;
use store::connections::ConnectionRow;

use super::expiry_text;
use crate::audit;
use crate::error::Error;

pub(super) fn difference(
    before: &ConnectionRow,
    after: &ConnectionRow,
) -> Result<serde_json::Value, Error> {
    let facts = |row: &ConnectionRow| {
        serde_json::json!({
            "name": row.name, "enabled": row.enabled, "mapping_version": row.mapping_version,
            "secret_expires": expiry_text(row.secret_expires_at),
        })
    };
    let mut changed = audit::diff(&facts(before), &facts(after));
    let settings = audit::diff(&before.config()?, &after.config()?);
    if let Some(members) = changed.as_object_mut() {
        members.extend(settings.as_object().cloned().unwrap_or_default());
        if before.sealed_secret != after.sealed_secret {
            members.insert("client_secret".into(), "changed".into());
        }
    }
    Ok(changed)
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::Store(StoreError::Internal(e.to_string())))
}

//! What a change to an application changed, member by member, for the audit.

use store::applications::ApplicationRow;
use store::{ApplicationConfig, Error as StoreError};

use crate::audit;
use crate::error::Error;

pub(super) fn difference(
    before: &ApplicationRow,
    after: &ApplicationRow,
) -> Result<serde_json::Value, Error> {
    let facts = |r: &ApplicationRow| {
        Ok::<_, StoreError>(serde_json::json!({
            "name": r.name, "disabled": r.disabled, "first_party": r.first_party,
            "config": r.config()?,
        }))
    };
    let (before, after) = (facts(before)?, facts(after)?);
    let mut changed = audit::diff(&before, &after);
    if let Some(members) = changed.as_object_mut()
        && members.remove("config").is_some()
    {
        let settings = audit::diff(&before["config"], &after["config"]);
        members.extend(settings.as_object().cloned().unwrap_or_default());
    }
    Ok(changed)
}

pub(super) fn to_json(config: &ApplicationConfig) -> Result<String, Error> {
    serde_json::to_string(config).map_err(|e| Error::Store(StoreError::Internal(e.to_string())))
}

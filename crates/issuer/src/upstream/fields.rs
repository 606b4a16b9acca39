//! Mapped fields on a user. The mapping has judged each value; here they find their place in the
//! row, with the connection as their source. An address is never among them: it is an identifier,
//! and nobody outside moves it.

use mapping::UserProfile;
use serde_json::{Map, Value};
use store::users::{UserRow, fold};

/// Writes mapped fields into a row; whether anything changed.
pub(super) fn apply(user: &mut UserRow, fields: &Map<String, Value>, source: &str) -> bool {
    let mut profile = profile_of(user);
    let mut sources: Map<String, Value> = serde_json::from_str(&user.sources).unwrap_or_default();
    let mut changed = false;
    for (key, value) in fields.iter().filter(|(key, _)| !key.starts_with("email")) {
        if profile.get(key).as_ref() != Some(value) && profile.set(key, Some(value.clone())) {
            sources.insert(key.clone(), Value::String(source.to_owned()));
            changed = true;
        }
    }
    if changed {
        user.name = profile.name.take().unwrap_or_default();
        user.name_key = fold(&user.name);
        user.custom = Value::Object(std::mem::take(&mut profile.custom)).to_string();
        user.profile = profile.to_source().to_string();
        user.sources = Value::Object(sources).to_string();
    }
    changed
}

/// The fields of a row as rules see them, the address left out.
pub fn profile_of(user: &UserRow) -> UserProfile {
    let mut profile: UserProfile = serde_json::from_str(&user.profile).unwrap_or_default();
    profile.custom = serde_json::from_str(&user.custom).unwrap_or_default();
    profile.name = (!user.name.is_empty()).then(|| user.name.clone());
    profile
}

//! The address that a rule found, and whether it counts as proven.
//!
//! What follows from it for accounts is decided where they are linked.

use protocol::email::canonical_email;
use serde_json::Value;

use super::{MappedEmail, Proof, Row};
use crate::profile::Profile;
use crate::rules::check::EMAIL;
use crate::work::Work;

/// The address that a rule for it found in the profile.
pub(super) fn found(
    row: &Row,
    value: &Value,
    profile: &Profile,
    work: &Work,
) -> Option<MappedEmail> {
    let (verified, because) = proof(row, profile, work);
    mapped(row, value, verified, because)
}

/// The address that a rule gives instead of one: nobody vouches for it.
pub(super) fn instead(row: &Row, value: &Value) -> Option<MappedEmail> {
    mapped(row, value, false, "The address is the rule's own.")
}

fn mapped(row: &Row, value: &Value, verified: bool, because: &'static str) -> Option<MappedEmail> {
    let address = value.as_str().filter(|_| row.target == EMAIL)?.to_owned();
    // The field's check made it canonical; of an ASCII address the key is one step away.
    let key = match address.is_ascii() {
        true => address.to_ascii_lowercase(),
        false => canonical_email(&address).ok()?.key,
    };
    Some(MappedEmail { address, key, verified, because, row: row.row })
}

// Only the boolean `true` beside the address, from the same document, is a proof: a text "true",
// a number or a marker from elsewhere may be somebody's own words.
fn proof(row: &Row, profile: &Profile, work: &Work) -> (bool, &'static str) {
    match &row.proof {
        Proof::Never => (false, "The rule does not trust addresses."),
        Proof::Always => (true, "The rule trusts every address."),
        Proof::Marker(path, marker) => match marker.find(profile.value(), work).as_deref() {
            None => (false, "The provider does not say whether it is verified."),
            Some(_) if !profile.same_origin(path, marker) => {
                (false, "The marker comes from another document than the address.")
            }
            Some(Value::Bool(true)) => (true, "The provider says that it is verified."),
            Some(Value::Bool(false)) => (false, "The provider says that it is not verified."),
            Some(_) => (false, "The marker is not a boolean."),
        },
    }
}

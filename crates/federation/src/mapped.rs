//! The connection's mapping on a profile, and the address it found.

use context::{Connection, Tenant};
use issuer::upstream::Address;
use mapping::{Compiled, CurrentUser, Mapping, Occasion, Outcome, Profile, UserProfile};
use protocol::email::canonical_email;
use serde_json::{Map, Value, json};

/// Applies the mapping: to somebody there is, or to a new user. Explained for tests.
pub(crate) fn outcome(
    tenant: &Tenant,
    connection: &Connection,
    profile: &Profile,
    current: Option<&UserProfile>,
    explain: bool,
) -> Outcome {
    // What cannot be read any more maps nothing; it was judged when it was saved.
    let mapping: Mapping = serde_json::from_str(&connection.mapping).unwrap_or_default();
    let compiled = Compiled::new(&mapping, &tenant.schema);
    let current = current.map(CurrentUser::of);
    let occasion = if current.is_some() { Occasion::SignIn } else { Occasion::Create };
    match explain {
        true => compiled.explain(profile, current.as_ref(), occasion),
        false => compiled.apply(profile, current.as_ref(), occasion),
    }
}

/// The address that was found.
pub(crate) fn address(outcome: &Outcome) -> Option<Address> {
    let found = outcome.email.as_ref()?;
    let email = canonical_email(&found.address).ok()?;
    Some(Address { email, verified: found.verified })
}

/// Most bytes of a profile that are kept.
const KEPT: usize = 64 << 10;
/// Most bytes of one member, when all together are too many.
const MEMBER: usize = 2 << 10;

/// What is kept of a profile: without secrets, and without what is too large to be of use.
pub(crate) fn kept(profile: &Profile) -> Value {
    let whole = mapping::redact(profile);
    if whole.to_string().len() <= KEPT {
        return whole;
    }
    let mut room = KEPT;
    let mut small = Map::new();
    for (name, value) in whole.as_object().into_iter().flatten() {
        let size = name.len() + value.to_string().len();
        let fits = size <= MEMBER && size <= room;
        room -= if fits { size } else { 0 };
        small.insert(name.clone(), if fits { value.clone() } else { json!("[too large]") });
        if room < MEMBER {
            break;
        }
    }
    Value::Object(small)
}

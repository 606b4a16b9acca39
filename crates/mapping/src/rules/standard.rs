//! The rules that a new OpenID Connect connection starts with.

use super::{Mapping, MappingRule, Trust, Update};

/// Rules for the profile of an OpenID Connect provider (OpenID Connect Core §5.1). The address
/// counts as proven only if the provider says so; what users may edit here is filled in while it
/// is empty and left to them afterwards.
pub fn standard_oidc() -> Mapping {
    let filled =
        |claim: &str| MappingRule { update: Update::IfEmpty, ..MappingRule::new(claim, claim) };
    let email =
        MappingRule { update: Update::First, trust: Trust::Verified(None), ..filled("email") };
    let others = [
        "name",
        "given_name",
        "family_name",
        "nickname",
        "preferred_username",
        "picture",
        "profile",
        "website",
        "locale",
        "zoneinfo",
        "phone_number",
    ];
    Mapping { rules: std::iter::once(email).chain(others.map(filled)).collect() }
}

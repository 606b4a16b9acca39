//! Whose a provider's answer is: one pure function over what was found. No address, proven or not,
//! leads into an account; at most it asks for a proof.

use context::{Connection, Tenant};
use protocol::catalogue;
use store::users::UserRow;

use super::Address;
use crate::offer::Offer;

/// What the database knows of them.
pub(super) enum Found {
    /// Somebody has this identity.
    Identity(Box<UserRow>),
    /// Nobody has the identity, somebody has the address.
    Address(Box<UserRow>),
    /// Nobody has either.
    Nobody,
}

impl Found {
    pub(super) fn user(self) -> Option<UserRow> {
        match self {
            Found::Identity(user) | Found::Address(user) => Some(*user),
            Found::Nobody => None,
        }
    }
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Sign in whoever has the identity.
    SignIn,
    /// Make a user.
    Create,
    /// Ask for a proof that the account with the address is theirs.
    Prove,
    /// Ask for an address, and make a user once it is proven.
    Complete,
    /// Refuse.
    Refuse(&'static str),
}

/// What tenant, application and connection allow.
pub(super) struct Terms {
    /// Whether strangers get an account.
    pub sign_up: bool,
    /// Mail domains the provider may vouch for; empty for any.
    pub domains: Vec<String>,
}

impl Terms {
    /// Those of the tenant alone.
    pub(super) fn of_tenant(tenant: &Tenant, connection: &Connection) -> Terms {
        Terms {
            sign_up: tenant.sign_in.sign_up && !tenant.is_system() && connection.config.sign_up,
            domains: connection.config.email_domains.clone(),
        }
    }

    pub(super) fn of(tenant: &Tenant, offer: &Offer, connection: &Connection) -> Terms {
        Terms {
            // Nobody becomes an admin's colleague by signing up.
            sign_up: offer.sign_up && !tenant.is_system() && connection.config.sign_up,
            domains: connection.config.email_domains.clone(),
        }
    }
}

pub(super) fn decide(found: &Found, address: Option<&Address>, terms: &Terms) -> Decision {
    if matches!(found, Found::Identity(_)) {
        return Decision::SignIn;
    }
    let proven = address.filter(|address| address.verified);
    let foreign = |a: &&Address| {
        !terms.domains.is_empty()
            && !terms.domains.iter().any(|d| d.eq_ignore_ascii_case(a.email.domain()))
    };
    if proven.as_ref().is_some_and(foreign) {
        return Decision::Refuse(catalogue::EMAIL_DOMAIN);
    }
    if proven.is_some() && matches!(found, Found::Address(_)) {
        return Decision::Prove;
    }
    if !terms.sign_up {
        return Decision::Refuse(catalogue::SIGN_UP_CLOSED);
    }
    // Fields that are required and missing are asked for in the flow, once somebody is signed in.
    match proven {
        Some(_) => Decision::Create,
        None => Decision::Complete,
    }
}

#[cfg(test)]
mod tests {
    use protocol::email::canonical_email;
    use store::{TenantId, Timestamp, UserId};

    use super::*;

    fn somebody() -> Box<UserRow> {
        Box::new(UserRow {
            tenant: TenantId::system(),
            id: UserId::parse("usr_00000000000000000000000001").expect("an id"),
            email: "ann@example.com".into(),
            email_key: "ann@example.com".into(),
            email_verified: true,
            name: String::new(),
            profile: "{}".into(),
            password: None,
            blocked: false,
            epoch: 1,
            version: 1,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            last_sign_in_at: None,
            name_key: String::new(),
            custom: "{}".into(),
            sources: "{}".into(),
            external_id: None,
        })
    }

    fn address(verified: bool) -> Address {
        Address { email: canonical_email("ann@example.com").expect("an address"), verified }
    }

    fn terms(sign_up: bool, domains: &[&str]) -> Terms {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Terms { sign_up, domains: owned(domains) }
    }

    #[test]
    fn b9_an_address_never_signs_in_and_an_unproven_one_finds_nobody() {
        let open = terms(true, &[]);
        let (yes, no) = (address(true), address(false));
        let refused = Decision::Refuse;
        for (found, address, terms, expected) in [
            (Found::Identity(somebody()), None, &open, Decision::SignIn),
            (Found::Identity(somebody()), Some(&no), &open, Decision::SignIn),
            (Found::Address(somebody()), Some(&yes), &open, Decision::Prove),
            (Found::Address(somebody()), Some(&no), &open, Decision::Complete),
            (Found::Nobody, Some(&yes), &open, Decision::Create),
            (Found::Nobody, Some(&no), &open, Decision::Complete),
            (Found::Nobody, None, &open, Decision::Complete),
            (Found::Nobody, Some(&yes), &terms(false, &[]), refused(catalogue::SIGN_UP_CLOSED)),
            (Found::Address(somebody()), Some(&yes), &terms(false, &[]), Decision::Prove),
            (Found::Identity(somebody()), None, &terms(false, &[]), Decision::SignIn),
            (
                Found::Nobody,
                Some(&yes),
                &terms(true, &["other.example"]),
                refused(catalogue::EMAIL_DOMAIN),
            ),
            (
                Found::Address(somebody()),
                Some(&yes),
                &terms(true, &["other.example"]),
                refused(catalogue::EMAIL_DOMAIN),
            ),
            (Found::Nobody, Some(&yes), &terms(true, &["Example.com"]), Decision::Create),
            (Found::Nobody, Some(&no), &terms(true, &["other.example"]), Decision::Complete),
        ] {
            assert_eq!(decide(&found, address, terms), expected);
        }
    }
}

//! Identifiers: a prefix naming the kind and 26 characters of a UUIDv7 in lower-case Crockford
//! base32, so that ids sort by the time they were made and never need escaping anywhere.
//!
//! Owns making, parsing and storing ids. Leaves their randomness to `vault::Random` and the time
//! to the caller.

use crate::Timestamp;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY: usize = 26;

/// `prefix` and the 26 characters of `value`, most significant first, so that text order is number
/// order.
fn encode(prefix: &str, mut value: u128) -> String {
    let mut body = [0u8; BODY];
    for byte in body.iter_mut().rev() {
        *byte = ALPHABET[value as usize & 31];
        value >>= 5;
    }
    let mut text = String::with_capacity(prefix.len() + BODY);
    text.push_str(prefix);
    text.push_str(std::str::from_utf8(&body).unwrap_or_default());
    text
}

/// Whether `body` is what `encode` can produce: 26 characters, at most 128 bits.
fn is_body(body: &str) -> bool {
    // ALPHABET spelled out: ids are read in every request.
    let known = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'h' | b'j' | b'k' | b'm' | b'n' | b'p'..=b't' | b'v'..=b'z');
    body.len() == BODY && body.bytes().all(known) && body.as_bytes()[0] <= b'7'
}

/// A UUIDv7 (RFC 9562 §5.7) whose `rand_a` holds the microseconds (§6.2 method 3), so that ids
/// made within one millisecond still sort.
fn uuid_v7(now: Timestamp, random: &dyn vault::Random) -> u128 {
    let micros = now.0.max(0) as u64;
    let fraction = (micros % 1000) * 4096 / 1000;
    let mut tail = [0u8; 10];
    random.fill(&mut tail[2..]);
    tail[..2].copy_from_slice(&(fraction as u16).to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(micros / 1000, &tail).into_uuid().as_u128()
}

/// A text that is no id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the expected kind")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            AsExpression, FromSqlRow,
        )]
        #[diesel(sql_type = Text)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("What every such id begins with: `", $prefix, "`.")]
            pub const PREFIX: &'static str = $prefix;

            /// A new id: sortable by `now` (microseconds), 62 bits of randomness.
            pub fn new(now: Timestamp, random: &dyn vault::Random) -> Self {
                Self(encode($prefix, uuid_v7(now, random)))
            }

            /// Reads an id from the outside; `None` unless it is the prefix and 26 characters
            /// of the alphabet.
            pub fn parse(text: &str) -> Option<Self> {
                text.strip_prefix($prefix).filter(|body| is_body(body)).map(|_| Self(text.to_owned()))
            }

            /// The id as it is written in URLs and tokens.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::parse(&text).ok_or(NotAnId)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl<DB: Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.as_str().to_sql(out)
            }
        }

        // What is stored was checked when it was made: reading does not check again.
        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                String::from_sql(bytes).map(Self)
            }
        }
    )*};
}

ids! {
    /// A tenant.
    TenantId = "ten_";
    /// An application; it is the `client_id` on the wire (RFC 6749 §2.2).
    ApplicationId = "app_";
    /// A user; it is the `sub` claim.
    UserId = "usr_";
    /// A session of one browser in one tenant; it is the `sid` claim.
    SessionId = "ses_";
    /// A grant.
    GrantId = "gra_";
    /// A signing key; it is the `kid`.
    KeyId = "key_";
    /// A client secret.
    SecretId = "sec_";
    /// A one-time link.
    LinkId = "lnk_";
    /// An entry of the audit log.
    AuditId = "aud_";
    /// A flow, and the request id in pages, errors and logs.
    RequestId = "req_";
    /// A connection: one way to prove who one is.
    ConnectionId = "con_";
    /// The link between a user and somebody at an upstream provider.
    IdentityId = "idn_";
    /// One run of a connection's test.
    TestId = "tst_";
    /// A customer of a tenant.
    OrganizationId = "org_";
    /// An invitation.
    InvitationId = "inv_";
    /// Work on many rows.
    BatchId = "job_";
    /// An uploaded image.
    AssetId = "img_";
    /// A mail.
    MailId = "eml_";
}

impl RequestId {
    /// The short form people read out: ten characters of the random half, such as
    /// `7k3mq-x2a9t`. Fifty bits: enough to find one flow in a tenant's month.
    pub fn support_code(&self) -> String {
        support_code(self.as_str())
    }
}

/// The short form of a flow's id; the text itself when it is none.
pub fn support_code(flow: &str) -> String {
    match RequestId::parse(flow) {
        Some(_) => {
            format!("{}-{}", &flow[flow.len() - 10..flow.len() - 5], &flow[flow.len() - 5..])
        }
        None => flow.to_owned(),
    }
}

impl TenantId {
    /// The built-in tenant operators and admins sign in to.
    pub fn system() -> Self {
        Self("ten_00000000000000000000000000".to_owned())
    }
}

impl ApplicationId {
    /// The application of the admin console: the same in every installation.
    pub fn zero() -> Self {
        Self("app_00000000000000000000000000".to_owned())
    }

    /// What stands for the account pages of every tenant where an application is named. No row has
    /// it, so nobody can ask for tokens with it.
    pub fn account() -> Self {
        Self("app_00000000000000000000000001".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl vault::Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn ids_sort_by_time_whatever_the_randomness() {
        let start = 1_800_000_000_000_000;
        let times = [0, 1, 2, 999, 1000, 1001, 86_400_000_000];
        let ids: Vec<_> = times
            .iter()
            .enumerate()
            .map(|(i, t)| UserId::new(Timestamp(start + t), &Fixed(255 - i as u8)))
            .collect();
        assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    }

    #[test]
    fn an_id_parses_back_and_only_as_its_own_kind() {
        let id = GrantId::new(Timestamp(1), &Fixed(7));
        assert_eq!(GrantId::parse(id.as_str()), Some(id.clone()));
        assert_eq!(UserId::parse(id.as_str()), None);
        assert_eq!(id.as_str().len(), 30);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<GrantId>(&format!("\"{id}\"")).unwrap(), id);
        assert!(serde_json::from_str::<UserId>(&format!("\"{id}\"")).is_err());
    }

    #[test]
    fn the_characters_of_ids_are_those_of_the_alphabet() {
        for byte in 0..=127u8 {
            let body = format!("0{}", char::from(byte).to_string().repeat(BODY - 1));
            assert_eq!(is_body(&body), ALPHABET.contains(&byte), "{byte}");
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let long = format!("usr_{}", "0".repeat(27));
        let texts = [
            "",
            "usr_",
            "usr_0000000000000000000000000",
            long.as_str(),
            "usr_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "usr_0000000000000000000000000I",
            "usr_0000000000000000000000000A",
            "USR_00000000000000000000000000",
            "usr_000000000000000000000000\u{e9}",
        ];
        for text in texts {
            assert_eq!(UserId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_system_tenant_is_an_id_and_sorts_first() {
        let system = TenantId::system();
        assert_eq!(TenantId::parse(system.as_str()), Some(system.clone()));
        assert!(system < TenantId::new(Timestamp(0), &Fixed(0)));
    }
}

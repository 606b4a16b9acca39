//! What values are sealed for. The name of each purpose goes into the derivation of its keys, so
//! that a value opens for its own purpose alone.

/// What a sealed value is for; a value sealed for one purpose never opens for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A flow: the authorization request and what was proven so far.
    Flow,
    /// An authorization code.
    Code,
    /// The private half of a signing key.
    SigningKey,
    /// The random key of a grant, which authenticates its refresh tokens.
    GrantKey,
    /// The installation key, under which lookups are hashed.
    InstallationKey,
    /// A cookie.
    Cookie,
    /// The position in a list that goes over several pages.
    PageToken,
    /// The value by which a start-up proves that it has the right masters.
    MasterCheck,
    /// The secret a connection proves itself with at its provider.
    ConnectionSecret,
    /// What a sign-in at a provider must bring back: state, nonce, PKCE verifier.
    Upstream,
    /// What a provider said about somebody, and what a test of a connection saw.
    Profile,
    /// What a one-time link carries.
    Link,
    /// A mail that waits to be sent, or stands in the inbox of dev mode.
    Mail,
    /// The password of the mail server.
    MailServer,
    /// What goes into and comes out of work on many rows.
    Batch,
}

impl Purpose {
    /// The name that goes into the key derivation: changing one makes old values unreadable.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Code => "code",
            Self::SigningKey => "signing-key",
            Self::GrantKey => "grant-key",
            Self::InstallationKey => "installation-key",
            Self::Cookie => "cookie",
            Self::PageToken => "page-token",
            Self::MasterCheck => "master-check",
            Self::ConnectionSecret => "connection-secret",
            Self::Upstream => "upstream",
            Self::Profile => "profile",
            Self::Link => "link",
            Self::Mail => "mail",
            Self::MailServer => "mail-server",
            Self::Batch => "batch",
        }
    }
}

//! What can go wrong while somebody signs in through a provider.
//!
//! People read the same of every failure of a provider: what exactly failed is in the trace, for
//! it would be a map of what stands behind us. What a person can do something about is said.

super::entries! {
    /// No connection has this code.
    CONNECTION_UNKNOWN = "connection_unknown", Developer {
        user: "This way to sign in does not exist here. Choose another one.",
        admin: "No connection of this tenant has the code of the address.",
        fix: "Check the code in the link against the connection's page.",
    }
    /// The connection is switched off, or not for this application.
    CONNECTION_DISABLED = "connection_disabled", Admin {
        user: "This way to sign in is switched off at the moment. Choose another one.",
        admin: "The connection is switched off, or is not offered to this application. It may \
            have been changed while the person was signing in.",
        fix: "Enable the connection, or add the application to it on its page.",
    }
    /// What came back does not belong to a sign-in of ours.
    UPSTREAM_STATE = "upstream_state", User {
        user: "This sign-in is already over, or did not begin here. Begin again.",
        admin: "The state that the provider returned is not one we made for this connection, was \
            changed, or was used before.",
        fix: "Nothing to change for single cases. If it happens to everybody, check that the \
            provider returns the state unchanged.",
    }
    /// The answer came from another provider than the one that was asked.
    UPSTREAM_MIX_UP = "upstream_mix_up", Admin {
        user: "The answer did not come from the provider you chose, so we stopped here to protect \
            you. Begin again.",
        admin: "The answer arrived at the callback of another connection, or its iss names \
            another issuer than the connection's (RFC 9207).",
        fix: "Check that each provider has the callback URL of its own connection, and that the \
            issuer of the connection is written exactly as the provider writes it.",
    }
    /// The person, or the provider for them, said no.
    UPSTREAM_DENIED = "upstream_denied", User {
        user: "You did not allow the sign-in at the provider, so nothing was shared. Try again, \
            or sign in another way.",
        admin: "The provider answered access_denied: the person cancelled, or a rule of the \
            provider keeps them out.",
        fix: "Nothing to change, unless it happens to everybody; then look at who may use the \
            registration at the provider.",
    }
    /// The provider answered with another error.
    UPSTREAM_ERROR = "upstream_error", Admin {
        user: "The provider could not sign you in. Try again, or sign in another way.",
        admin: "The provider sent the person back with an error; the trace has its code.",
        fix: "Look the code up in the provider's documentation. Often a scope is not granted to \
            the registration, or the callback URL is not registered there.",
    }
    /// The discovery document cannot be used.
    UPSTREAM_DISCOVERY = "upstream_discovery", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The discovery document is not complete, or names another issuer than the \
            connection's.",
        fix: "Copy the issuer from the provider letter by letter, a slash at its end included, \
            and check that the document is for the registration's own tenant.",
    }
    /// Our credentials are refused.
    UPSTREAM_CLIENT = "upstream_client", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The provider refuses our client ID or client secret.",
        fix: "Enter the client secret anew on the connection's page. Check that it has not \
            expired, and that the way of client authentication is the one the provider expects.",
    }
    /// The code is refused.
    UPSTREAM_CODE = "upstream_code", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The provider refuses the code it gave: it was used before, is too old, or belongs \
            to another callback URL or registration.",
        fix: "Check that the callback URL at the provider is exactly the one of this connection.",
    }
    /// The token endpoint answered with something else.
    UPSTREAM_TOKEN = "upstream_token", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The token endpoint of the provider did not answer with tokens.",
        fix: "Check the token endpoint on the connection's page; the trace has what it answered.",
    }
    /// The profile cannot be used.
    UPSTREAM_PROFILE = "upstream_profile", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The profile is not a JSON object of reasonable size, or has no subject where the \
            connection expects it.",
        fix: "Test the connection and look at the raw profile; then correct the userinfo endpoint \
            or the path of the subject.",
    }
    /// The profile is about somebody else than the ID token.
    UPSTREAM_SUBJECT = "upstream_subject", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The userinfo endpoint answered about another subject than the ID token (OpenID \
            Connect Core section 5.3.4).",
        fix: "Check that the userinfo endpoint belongs to the issuer.",
    }
    /// An ID token was expected.
    ID_TOKEN_MISSING = "id_token_missing", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The token endpoint answered without an ID token.",
        fix: "Add the scope openid to the connection, or set its profile to come from the \
            userinfo endpoint alone.",
    }
    /// The ID token cannot be read.
    ID_TOKEN_MALFORMED = "id_token_malformed", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The ID token is not a signed token, is too large, or lacks a claim that must be \
            there.",
        fix: "Test the connection to see its header and claims. Encrypted ID tokens are not read.",
    }
    /// The ID token's signature or key is wrong.
    ID_TOKEN_SIGNATURE = "id_token_signature", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The signature of the ID token does not verify with the provider's keys, or none \
            of its keys has the token's kid, also after the key set was fetched anew.",
        fix: "Check that the key set URL belongs to the issuer.",
    }
    /// The ID token is signed with an algorithm that is not accepted.
    ID_TOKEN_ALGORITHM = "id_token_algorithm", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The ID token is signed with an algorithm that the connection does not accept. \
            Tokens without signature or with a shared secret never are.",
        fix: "Let the provider sign with RS256, ES256 or EdDSA, and allow it on the connection.",
    }
    /// The ID token is of another issuer.
    ID_TOKEN_ISSUER = "id_token_issuer", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The iss of the ID token is not the issuer of the connection, letter by letter.",
        fix: "Set the issuer of the connection to the one the provider writes into its tokens.",
    }
    /// The ID token is for somebody else.
    ID_TOKEN_AUDIENCE = "id_token_audience", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The aud or azp of the ID token is not our client ID alone.",
        fix: "Check the client ID on the connection's page.",
    }
    /// The ID token is not of this moment.
    ID_TOKEN_TIME = "id_token_time", Operator {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The ID token has expired, or was made in the future.",
        fix: "Check the clock of this server and of the provider; 60 seconds are tolerated.",
    }
    /// The ID token was made for another sign-in.
    ID_TOKEN_NONCE = "id_token_nonce", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The nonce of the ID token is not the one of this sign-in, or its at_hash does not \
            belong to the access token: the token was made for another one.",
        fix: "Nothing to change for single cases. A provider that leaves the nonce out cannot be \
            used through ID tokens.",
    }
    /// A rule of the field mapping keeps the person out; its own message is shown.
    MAPPING_BLOCKED = "mapping_blocked", Admin {
        user: "The people who run this sign-in page do not let this account in.",
        admin: "A rule of the connection's field mapping that is marked as blocking did not find \
            its value. The person read the message of the rule.",
        fix: "Test the connection to see the rule and the profile it was tried on.",
    }
    /// The address is of a domain that this provider may not vouch for.
    EMAIL_DOMAIN = "email_domain", Admin {
        user: "Accounts with this email address cannot sign in this way. Use another account, or \
            sign in another way.",
        admin: "The domain of the address is not among those the connection may vouch for.",
        fix: "Add the domain to the connection, if its provider really runs that domain.",
    }
    /// Strangers get no account.
    SIGN_UP_CLOSED = "sign_up_closed", Admin {
        user: "You have no account here yet, and new accounts are not open. Ask the people who \
            run this page to add you.",
        admin: "Nobody here has this identity, and sign-up is closed for the tenant, the \
            application or the connection.",
        fix: "Create or invite the person, or open sign-up.",
    }
    /// The provider sends no address that somebody has proven.
    EMAIL_MISSING = "email_missing", User {
        user: "The provider did not tell us an email address of yours that it has checked, and an \
            account here needs one. Enter one to complete your sign-up, or sign in another way.",
        admin: "The profile has no address, or nothing marks it as proven. The person was asked \
            for an address; there is an account once they have opened the link that goes to it, \
            in the same browser.",
        fix: "Nothing to change for single cases. To spare people this page, ask for the scope of \
            the address, map it, and say which marker is to be trusted.",
    }
    /// The address belongs to an account already; the person is asked to prove that it is theirs.
    LINK_NEEDS_PROOF = "link_needs_proof", User {
        user: "You already have an account with this email address. Sign in to it once, and the \
            provider will be connected.",
        admin: "The address of the profile belongs to a user that is not linked to this identity. \
            An address alone never links.",
        fix: "Nothing to change. The person signs in to the existing account and confirms.",
    }
    /// The identity is somebody else's.
    IDENTITY_TAKEN = "identity_taken", User {
        user: "This account of the provider is connected to another account here. Sign in with \
            it, or disconnect it there first.",
        admin: "The identity is linked to another user of this tenant.",
        fix: "Unlink it from that user if it belongs to this one.",
    }
    /// The proof of a link does not count any more.
    LINK_PROOF_OVER = "link_proof_over", User {
        user: "This page is too old, or was used before. Sign in with the provider again.",
        admin: "What a person was to confirm is older than an hour, was confirmed before, or \
            belongs to another browser.",
        fix: "Nothing to change. Signing in with the provider again asks anew.",
    }
    /// The provider's address cannot be used.
    UPSTREAM_URL = "upstream_url", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "An address of the provider is not one that is ever fetched: it must be https, \
            without user name, and at a port for web servers.",
        fix: "Correct the addresses on the connection's page or in the discovery document.",
    }
    /// The provider's address leads inside.
    UPSTREAM_BLOCKED = "upstream_blocked", Operator {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "An address of the provider is, or leads to, a network address that is not public.",
        fix: "Use a public address, or let the operator allow this host with allow_hosts.",
    }
    /// The provider's name is not found.
    UPSTREAM_DNS = "upstream_dns", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The host name of an address of the provider was not found.",
        fix: "Check its spelling and its DNS records.",
    }
    /// No connection to the provider.
    UPSTREAM_CONNECT = "upstream_connect", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "No connection to the provider could be made.",
        fix: "Check address and port, and that this server may reach it.",
    }
    /// The provider's certificate is not trusted.
    UPSTREAM_TLS = "upstream_tls", Operator {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The provider's certificate has expired, is for another name, or is signed by an \
            authority that is not known here.",
        fix: "Renew the certificate, or let the operator add its authority with trust_ca.",
    }
    /// The provider is too slow.
    UPSTREAM_TIMEOUT = "upstream_timeout", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The provider took longer than 5 seconds for an answer, or 10 for all of them.",
        fix: "Check the state of the provider.",
    }
    /// The provider's answer is too long.
    UPSTREAM_TOO_LARGE = "upstream_too_large", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "An answer of the provider is longer than 1 MiB. Reading stopped there.",
        fix: "Check that the addresses are the right ones, or ask for fewer scopes.",
    }
    /// The provider's endpoint is somewhere else.
    UPSTREAM_REDIRECT = "upstream_redirect", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "An endpoint of the provider answered with a redirect. Redirects are not followed, \
            since secrets would go with them.",
        fix: "Enter the final address on the connection's page.",
    }
    /// The provider's endpoint answered with an error status.
    UPSTREAM_STATUS = "upstream_status", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "An endpoint of the provider answered with an error status.",
        fix: "Check the address and the state of the provider; the trace has the status.",
    }
    /// The provider is left alone for a while.
    UPSTREAM_CIRCUIT_OPEN = "upstream_circuit_open", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "The provider failed several times in a row and is asked again in half a minute.",
        fix: "Check the state of the provider; the trace has what happened the last time.",
    }
    /// The provider's answer is no HTTP or no JSON.
    UPSTREAM_PROTOCOL = "upstream_protocol", Admin {
        user: "The provider did not answer as expected. Try again, or sign in another way.",
        admin: "An answer of the provider could not be read.",
        fix: "Check that the addresses are those of the provider's endpoints.",
    }
}

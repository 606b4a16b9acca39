//! What a sign-in at a provider must bring back, sealed into `state`: whose it is, what it is for,
//! the nonce and the PKCE verifier. Nothing of it is stored; it counts once, because its id is used
//! up in the write that has its effect. // R65

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use context::{Connection, Ctx, Tenant};
use issuer::Browser;
use issuer::upstream::{fetch_state, seal_state};
use serde::{Deserialize, Serialize};
use store::{Error, RequestId, Timestamp};

/// How long somebody may stay at a provider, in seconds.
pub(crate) const LIFETIME_S: i64 = 3_600;

/// What a sign-in at a provider is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Intent {
    /// Signing in, in a flow.
    #[serde(rename = "s")]
    SignIn {
        /// The flow, as its pages' URLs name it.
        #[serde(rename = "x")]
        tx: String,
        /// Its id: the support code.
        #[serde(rename = "f")]
        flow: String,
        /// An identity that waits for this sign-in as its proof.
        #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
        then: Option<String>,
    },
    /// Linking to somebody who is signed in at the account pages.
    #[serde(rename = "l")]
    Link {
        /// Who.
        #[serde(rename = "u")]
        user: String,
        /// Their session.
        #[serde(rename = "s")]
        session: String,
    },
    /// Testing the connection.
    #[serde(rename = "t")]
    Test {
        /// The test.
        #[serde(rename = "i")]
        test: String,
        /// Where its report is shown.
        #[serde(rename = "b")]
        back: String,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Transaction {
    #[serde(rename = "i")]
    pub id: String,
    #[serde(rename = "c")]
    pub connection: String,
    #[serde(rename = "n")]
    pub nonce: String,
    #[serde(rename = "v")]
    pub verifier: String,
    #[serde(rename = "b")]
    pub browser: String,
    #[serde(rename = "t")]
    pub at: Timestamp,
    #[serde(rename = "w")]
    pub intent: Intent,
}

/// Why a state is not one of ours.
pub(crate) enum StateError {
    /// It was changed, cut, or never made here.
    Garbage,
    /// It began in another browser.
    Foreign,
    /// It is too old.
    Expired(Box<Transaction>),
    Store(Error),
}

impl Transaction {
    pub(crate) fn new(
        ctx: &Ctx,
        connection: &Connection,
        browser: &Browser,
        intent: Intent,
    ) -> Transaction {
        Transaction {
            id: RequestId::new(ctx.now(), ctx.vault.random()).as_str().to_owned(),
            connection: connection.id.as_str().to_owned(),
            nonce: random::<16>(ctx),
            // RFC 7636 §4.1: 43 characters.
            verifier: random::<32>(ctx),
            browser: vault::fingerprint(browser.bid.as_bytes()),
            at: ctx.now(),
            intent,
        }
    }

    pub(crate) fn seal(&self, ctx: &Ctx, tenant: &Tenant) -> Result<String, Error> {
        seal_state(ctx, tenant, self, self.at.plus_seconds(LIFETIME_S))
    }

    /// Opens a state in the browser it belongs to.
    pub(crate) fn open(
        ctx: &Ctx,
        tenant: &Tenant,
        browser: &Browser,
        state: &str,
    ) -> Result<Transaction, StateError> {
        let found: Option<Transaction> =
            fetch_state(ctx, tenant, state).map_err(StateError::Store)?;
        let found = found.ok_or(StateError::Garbage)?;
        let own = vault::fingerprint(browser.bid.as_bytes());
        if browser.bid.is_empty() || !vault::ct_eq(found.browser.as_bytes(), own.as_bytes()) {
            return Err(StateError::Foreign);
        }
        if found.at.plus_seconds(LIFETIME_S) <= ctx.now() {
            return Err(StateError::Expired(Box::new(found)));
        }
        Ok(found)
    }
}

fn random<const N: usize>(ctx: &Ctx) -> String {
    let mut bytes = [0u8; N];
    ctx.vault.random().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

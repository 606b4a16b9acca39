//! What anybody may ask for without being signed in, by the hour: mails to one address, requests
//! from one network address. A count is a row under a MAC, so the database names neither.

use context::Ctx;
use store::{Error, Tx};

use crate::guesses;

const HOUR: i64 = 3_600;

/// Something that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Mails to one address that nobody is signed in for: above it, none is sent and nobody is told.
    MailTo,
    /// Requests for a mail, or for an account, from one network address.
    From,
}

impl Quota {
    /// How many an hour.
    pub const fn limit(self) -> i64 {
        match self {
            Quota::MailTo => 5,
            Quota::From => 60,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Quota::MailTo => "mail-to",
            Quota::From => "from",
        }
    }

    /// Counts one more for `who` in the write that does it; whether that is too many.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub(crate) fn is_over(self, tx: &mut Tx, ctx: &Ctx, who: &str) -> Result<bool, Error> {
        let now = ctx.now();
        let hour = (now.seconds() / HOUR).to_be_bytes();
        let tenant = tx.tenant().as_str().to_owned();
        let parts = [tenant.as_bytes(), self.as_str().as_bytes(), who.as_bytes(), &hour];
        let key = guesses::key(&ctx.vault.lookup_mac("quota", &parts));
        Ok(tx.raise_guesses(&key, now)?.failures > self.limit())
    }
}

//! From a typed new password to what is stored: judged first, then hashed on the hashing threads,
//! so that a refused one costs nothing.

use directory::links::check_new_password;
use vault::{HashTicket, SecretString};
use web::Fault;
use web::views::Problems;

use crate::refusals::Refusal;
use crate::visit::Visit;

/// What is wrong with a new password, without hashing it.
///
/// # Errors
/// A problem of the field `password`.
pub(crate) fn judge(visit: &Visit, email: &str, password: &str) -> Result<String, Refusal> {
    if password.is_empty() {
        return Err(Refusal::Form(Problems::one("password", "Enter a password")));
    }
    Ok(check_new_password(&visit.state.ctx, &visit.tenant.name, email, password)?)
}

/// The PHC string of a new password for the account with this address.
///
/// # Errors
/// A problem of the field `password`, or 503 when too many passwords are being hashed.
pub(crate) async fn hash(visit: &Visit, email: &str, password: &str) -> Result<String, Refusal> {
    let (ctx, tenant) = (&visit.state.ctx, &visit.tenant);
    let password = SecretString::new(judge(visit, email, password)?);
    match ctx.hashes.hash(tenant.id.as_str(), password).await? {
        HashTicket::Hashed(phc) => Ok(phc),
        HashTicket::Verified { .. } | HashTicket::TooLong => {
            Err(Fault::internal("a new password was not hashed").into())
        }
    }
}

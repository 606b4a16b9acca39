//! An account whose address was never proven, at the moment somebody proves it. Whoever set it up
//! may have been somebody else, in wait for the owner: nothing that could let them in stays.

use context::Ctx;
use serde_json::json;
use store::Tx;
use store::identities::{IdentityKey, IdentityRow};
use store::users::UserRow;

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::links::LinkKind;

/// The links by which somebody could get in, or bring an address of theirs back.
const LINKS: [LinkKind; 4] =
    [LinkKind::SetPassword, LinkKind::ChangeEmail, LinkKind::UndoEmail, LinkKind::ConfirmLink];

/// Gives the account to whoever has just proven its address, in the caller's write: the address
/// counts as proven; password, identities, sessions and links of before are gone. `keep` is an
/// identity that was proven together with the address.
///
/// # Errors
/// Whatever the database reports.
pub fn claim(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    user: &UserRow,
    keep: Option<IdentityKey>,
) -> Result<(), Error> {
    let now = ctx.now();
    let kept = |row: &IdentityRow| {
        let same = |key: &IdentityKey| {
            *key.connection == row.connection
                && key.issuer == row.issuer
                && key.subject == row.subject
        };
        keep.as_ref().is_some_and(same)
    };
    let linked = tx.list_identities_of(&user.id)?;
    for row in linked.iter().filter(|row| !kept(row)) {
        tx.delete_identity(&user.id, &row.id)?;
        let detail = json!({
            "identity": row.id.as_str(), "connection": row.connection.as_str(),
            "label": row.label, "by": "claim",
        });
        audit::record(tx, ctx, actor, "identity.unlink", user.id.as_str(), &detail)?;
    }
    tx.claim_user(&user.id, now)?;
    tx.end_sessions_of(&user.id, None, now)?;
    for kind in LINKS {
        tx.void_links(kind.as_str(), user.id.as_str(), now)?;
    }
    tx.changed("user", user.id.as_str());
    Ok(())
}

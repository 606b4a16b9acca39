//! Images that tenants upload: what comes in is looked at, decoded and drawn anew, so that nothing
//! of the file itself is ever kept or served. Where an image is shown is its caller's business.
//!
//! Refusals name the reason and the cure. All work is done before the write.

mod draw;
mod sniff;
#[cfg(test)]
mod tests;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use context::Ctx;
use store::assets::{AssetRow, ORPHAN_S};
use store::settings::Picture;
use store::{AssetId, Error as StoreError, TenantId, Timestamp, Tx};

use crate::actor::Actor;
use crate::error::{Error, FieldError};
use crate::rights::Action;

pub use draw::{MAX_HEIGHT, MAX_WIDTH};
pub use sniff::{MAX_BYTES, MAX_PIXELS, MAX_SIDE};

/// The only media type that images have once they are kept.
pub const MEDIA_TYPE: &str = "image/png";

/// Keeps an image that somebody sent, drawn anew as a small PNG; the same image twice is kept once.
/// `field` is the name that a refusal is told at.
///
/// # Errors
/// [`Error::Form`] for what is no image we take, [`Error::Forbidden`], or whatever the database
/// reports.
pub fn upload(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    field: &str,
    bytes: &[u8],
) -> Result<Picture, Error> {
    // Nobody makes us decode who may not use the result.
    ctx.db.read(tenant, |tx| actor.check(tx, Action::SignInUpdate))?;
    let refuse = |(code, message): sniff::Refusal| {
        Error::Form(vec![FieldError::new(field.to_owned(), code, message)])
    };
    let format = sniff::check(bytes).map_err(refuse)?;
    let drawn = draw::anew(bytes, format).map_err(refuse)?;
    let row = AssetRow {
        tenant: tenant.clone(),
        id: id_of(&drawn.png),
        media_type: MEDIA_TYPE.to_owned(),
        width: i64::from(drawn.width),
        height: i64::from(drawn.height),
        body: drawn.png,
        created_at: ctx.now(),
        until: ctx.now().plus_seconds(ORPHAN_S),
    };
    let kept = ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SignInUpdate)?;
        Ok::<_, Error>(tx.put_asset(&row)?)
    });
    match kept {
        // Somebody sent the same image at the same moment.
        Ok(()) | Err(Error::Store(StoreError::Conflict(_))) => {}
        Err(other) => return Err(other),
    }
    Ok(Picture { id: row.id.to_string(), width: drawn.width, height: drawn.height })
}

/// An image of a tenant, for everybody who meets its pages.
///
/// # Errors
/// Whatever the database reports.
pub fn find(ctx: &Ctx, tenant: &TenantId, id: &str) -> Result<Option<AssetRow>, StoreError> {
    let Some(id) = AssetId::parse(id) else { return Ok(None) };
    ctx.db.read(tenant, |tx| tx.find_asset(&id))
}

/// The image with this id as settings hold it: with the size it really has.
pub(crate) fn settle(
    tx: &mut Tx,
    field: &'static str,
    id: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Result<Option<Picture>, Error> {
    let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(None) };
    let row = match AssetId::parse(id) {
        Some(id) => tx.find_asset(&id)?,
        None => None,
    };
    let Some(row) = row else {
        let message = "This image is not here any more. Upload it again.";
        errors.push(FieldError::new(field, "unknown", message));
        return Ok(None);
    };
    let side = |length: i64| u32::try_from(length).unwrap_or_default();
    Ok(Some(Picture { id: row.id.to_string(), width: side(row.width), height: side(row.height) }))
}

/// Notes which images settings now refer to, and which they no longer do.
pub(crate) fn refer(
    tx: &mut Tx,
    now: Timestamp,
    before: &[&Option<Picture>],
    after: &[&Option<Picture>],
) -> Result<(), Error> {
    let ids = |of: &[&Option<Picture>]| -> Vec<AssetId> {
        of.iter().filter_map(|p| AssetId::parse(&p.as_ref()?.id)).collect()
    };
    let (before, after) = (ids(before), ids(after));
    for id in &after {
        tx.keep_asset(id, now)?;
    }
    for id in before.iter().filter(|id| !after.contains(id)) {
        tx.release_asset(id, now)?;
    }
    Ok(())
}

/// An id that is the same for the same bytes.
fn id_of(png: &[u8]) -> AssetId {
    struct Fixed([u8; 16]);
    impl vault::Random for Fixed {
        fn fill(&self, out: &mut [u8]) {
            for (to, from) in out.iter_mut().zip(self.0.iter().cycle()) {
                *to = *from;
            }
        }
    }
    let mut name = [0u8; 16];
    if let Ok(hash) = URL_SAFE_NO_PAD.decode(vault::fingerprint(png)) {
        for (to, from) in name.iter_mut().zip(hash) {
            *to = from;
        }
    }
    AssetId::new(Timestamp(0), &Fixed(name))
}

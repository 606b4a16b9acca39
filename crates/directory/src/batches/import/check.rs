//! The dry run: what each row would come to. It writes nothing but its findings.

use context::{Ctx, TenantAddress};
use store::batches::BatchRow;

use super::judge::{Verdict, judge};
use super::{InRow, Order, counts};
use crate::actor::Actor;
use crate::batches::parts::{self, CHECK, IN, Problem};
use crate::batches::run::moved;
use crate::error::Error;
use crate::rights::Action;
use crate::users::fields;

/// Looks at the next part.
pub(in crate::batches) fn step(
    ctx: &Ctx,
    actor: &Actor,
    row: &BatchRow,
    order: &Order,
) -> Result<(), Error> {
    let snapshot = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(row.tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    let schema = fields::schema(&snapshot);
    let mut counts = counts(row);
    let mut to = row.clone();
    let found = ctx.db.read(&row.tenant, |tx| {
        actor.check(tx, Action::UserImport)?;
        let next = parts::next::<Vec<InRow>>(ctx, tx, row, IN, counts.part)?;
        let Some((seq, rows)) = next else { return Ok(None) };
        let mut problems: Vec<Problem> = Vec::new();
        for one in &rows {
            match judge(ctx, tx, &schema, order, one)? {
                Verdict::Create(_) => counts.created += 1,
                Verdict::Update(_) => counts.updated += 1,
                Verdict::Keep => counts.unchanged += 1,
                Verdict::Refuse(more) => {
                    to.failed += 1;
                    problems.extend(more);
                }
            }
        }
        to.done += i64::try_from(rows.len()).unwrap_or_default();
        Ok::<_, Error>(Some((seq, problems)))
    })?;
    let mut sealed = None;
    match found {
        Some((seq, problems)) => {
            counts.part = seq;
            if !problems.is_empty() {
                sealed = Some((seq, parts::seal_json(ctx, row, CHECK, seq, &problems)?));
            }
        }
        None => to.state = "checked".into(),
    }
    to.place = serde_json::json!(counts).to_string();
    let to = moved(ctx, to);
    ctx.db.write(&row.tenant, |tx| {
        if tx.move_batch(row, &to)?
            && let Some((seq, part)) = &sealed
        {
            tx.put_batch_part(&row.id, CHECK, *seq, part)?;
        }
        Ok::<_, Error>(())
    })
}

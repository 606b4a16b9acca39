//! The dry run: what each row would come to. It writes nothing but its findings.

use context::{Ctx, TenantAddress};
use store::batches::BatchRow;

use super::judge::{Verdict, judge};
use super::{Counts, InRow, Order, counts};
use crate::actor::Actor;
use crate::batches::parts::{self, CHECK, IN, Problem};
use crate::batches::run::moved;
use crate::error::Error;
use crate::rights::Action;
use crate::users::fields;

/// What a look at one part found.
struct Found {
    seq: i64,
    rows: usize,
    failed: i64,
    problems: Vec<Problem>,
}

/// Looks at the next part.
pub(in crate::batches) fn step(
    ctx: &Ctx,
    actor: &Actor,
    row: &BatchRow,
    order: &Order,
) -> Result<(), Error> {
    let mut counts = counts(row);
    let mut to = row.clone();
    let mut sealed = None;
    match look(ctx, actor, row, order, &mut counts)? {
        Some(found) => {
            counts.part = found.seq;
            to.done += i64::try_from(found.rows).unwrap_or_default();
            to.failed += found.failed;
            if !found.problems.is_empty() {
                let part = parts::seal_json(ctx, row, CHECK, found.seq, &found.problems)?;
                sealed = Some((found.seq, part));
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

/// Judges the rows of the next part; nothing at the end.
fn look(
    ctx: &Ctx,
    actor: &Actor,
    row: &BatchRow,
    order: &Order,
    counts: &mut Counts,
) -> Result<Option<Found>, Error> {
    let snapshot = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(row.tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    let schema = fields::schema(&snapshot);
    ctx.db.read(&row.tenant, |tx| {
        actor.check(tx, Action::UserImport)?;
        let next = parts::next::<Vec<InRow>>(ctx, tx, row, IN, counts.part)?;
        let Some((seq, rows)) = next else { return Ok(None) };
        let mut found = Found { seq, rows: rows.len(), failed: 0, problems: Vec::new() };
        for one in &rows {
            match judge(ctx, tx, &schema, order, one)? {
                Verdict::Create(_) => counts.created += 1,
                Verdict::Update(_) => counts.updated += 1,
                Verdict::Keep => counts.unchanged += 1,
                Verdict::Refuse(more) => {
                    found.failed += 1;
                    found.problems.extend(more);
                }
            }
        }
        Ok(Some(found))
    })
}

//! The run of an import: a part is one command. When somebody signs up in the very moment, the part
//! is done row by row, and only the row that lost is named.

use context::{Ctx, TenantAddress};
use mapping::Schema;
use serde_json::json;
use store::Tx;
use store::batches::BatchRow;

use super::judge::{Verdict, judge};
use super::{Counts, InRow, Order, counts};
use crate::actor::Actor;
use crate::audit;
use crate::batches::parts::{self, FAILED, IN, Problem};
use crate::batches::run::moved;
use crate::error::Error;
use crate::rights::Action;
use crate::users::{change, fields};

/// What a run needs beside the rows.
struct Run<'a> {
    ctx: &'a Ctx,
    actor: &'a Actor,
    row: &'a BatchRow,
    order: &'a Order,
    schema: Schema,
}

/// Writes the next part.
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
    let run = Run { ctx, actor, row, order, schema: fields::schema(&snapshot) };
    let from = counts(row);
    let next =
        ctx.db.read(&row.tenant, |tx| parts::next::<Vec<InRow>>(ctx, tx, row, IN, from.part))?;
    let Some((seq, rows)) = next else {
        let to = moved(ctx, BatchRow { state: "done".into(), ..row.clone() });
        ctx.db.write(&row.tenant, |tx| tx.move_batch(row, &to))?;
        return Ok(());
    };
    let from = Counts { part: seq, ..from };
    let all = ctx.db.write(&row.tenant, |tx| {
        let (mut counts, mut problems) = (from, Vec::new());
        for one in &rows {
            run.write(tx, one, &mut counts, &mut problems)?;
        }
        run.close(tx, rows.len(), counts, &problems)
    });
    match all {
        Err(Error::Store(store::Error::Conflict(_)) | Error::Stale { .. }) => {
            run.one_by_one(&rows, from)
        }
        other => other,
    }
}

impl Run<'_> {
    fn write(
        &self,
        tx: &mut Tx,
        one: &InRow,
        counts: &mut Counts,
        problems: &mut Vec<Problem>,
    ) -> Result<(), Error> {
        let (ctx, actor) = (self.ctx, self.actor);
        actor.check(tx, Action::UserImport)?;
        match judge(ctx, tx, &self.schema, self.order, one)? {
            Verdict::Create(user) => {
                tx.insert_user(&user)?;
                let detail = json!({ "email": user.email, "job": self.row.id.as_str() });
                audit::record(tx, ctx, actor, "user.create", user.id.as_str(), &detail)?;
                counts.created += 1;
            }
            Verdict::Update(update) => {
                let (from, to, differs, hash) = *update;
                change::save(tx, ctx, actor, &from, to, &differs)?;
                if let Some(hash) = hash {
                    tx.set_user_password(&from.id, &hash, ctx.now())?;
                }
                counts.updated += 1;
            }
            Verdict::Keep => counts.unchanged += 1,
            Verdict::Refuse(more) => problems.extend(more),
        }
        Ok(())
    }

    fn close(
        &self,
        tx: &mut Tx,
        rows: usize,
        counts: Counts,
        problems: &[Problem],
    ) -> Result<(), Error> {
        let mut failed: Vec<usize> = problems.iter().map(|problem| problem.row).collect();
        failed.dedup();
        let mut to = self.row.clone();
        to.done += i64::try_from(rows).unwrap_or_default();
        to.failed += i64::try_from(failed.len()).unwrap_or_default();
        to.place = json!(counts).to_string();
        if !tx.move_batch(self.row, &moved(self.ctx, to))? {
            // Cancelled, or done by another node: nothing of this step counts.
            return Err(Error::Store(store::Error::Busy));
        }
        if !problems.is_empty() {
            let part = parts::seal_json(self.ctx, self.row, FAILED, counts.part, &problems)?;
            tx.put_batch_part(&self.row.id, FAILED, counts.part, &part)?;
        }
        Ok(())
    }

    fn one_by_one(&self, rows: &[InRow], mut counts: Counts) -> Result<(), Error> {
        let mut problems = Vec::new();
        for one in rows {
            let done = self.ctx.db.write(&self.row.tenant, |tx| {
                let (mut after, mut more) = (counts, Vec::new());
                self.write(tx, one, &mut after, &mut more)?;
                Ok::<_, Error>((after, more))
            });
            match done {
                Ok((after, more)) => {
                    counts = after;
                    problems.extend(more);
                }
                Err(Error::Store(store::Error::Conflict(_)) | Error::Stale { .. }) => {
                    problems.push(Problem {
                        row: one.row,
                        column: fields::EMAIL.into(),
                        code: "taken".into(),
                        message: "Somebody took this address or changed this user meanwhile."
                            .into(),
                    });
                }
                Err(other) => return Err(other),
            }
        }
        self.ctx.db.write(&self.row.tenant, |tx| self.close(tx, rows.len(), counts, &problems))
    }
}

//! Steps over users that exist: keeping them out, letting them in, writing them into files.

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::batches::BatchRow;
use store::users::{UserPlace, UserRow, UserScan};
use store::{Tx, UserId};

use super::parts::{self, FAILED, OUT, OUT_ROWS, Problem};
use super::run::moved;
use super::{Format, Select, export};
use crate::actor::Actor;
use crate::error::Error;
use crate::rights::Action;
use crate::users::change;
use crate::users::delete::keep_the_last;
use crate::users::list::{self, Query};

/// Users in one step of a change: each is up to five rows.
const STEP: i64 = 80;

/// Where a batch over users goes on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    /// How many steps were done: the number of the next part.
    step: i64,
    /// How many of the picked ones are done.
    #[serde(default)]
    picked: usize,
    /// Behind which user.
    #[serde(default)]
    key: Option<(String, String)>,
    #[serde(default)]
    search: Option<list::Place>,
}

impl Place {
    fn of(row: &BatchRow) -> Place {
        serde_json::from_str(&row.place).unwrap_or_default()
    }

    fn text(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// The next users, and the place behind them; none at the end.
fn next(
    tx: &mut Tx,
    select: &Select,
    place: &Place,
    limit: i64,
) -> Result<(Vec<UserRow>, Option<Place>), Error> {
    let step = place.step + 1;
    let count = usize::try_from(limit).unwrap_or_default();
    match select {
        Select::Ids(ids) => {
            let chosen =
                ids.iter().skip(place.picked).take(count).filter_map(|id| UserId::parse(id));
            let mut rows = Vec::new();
            for id in chosen {
                rows.extend(tx.find_user(&id)?);
            }
            let picked = place.picked + count;
            let on = Place { step, picked, ..Place::default() };
            Ok((rows, Some(on).filter(|_| picked < ids.len())))
        }
        Select::Query(query) if query.text.trim().is_empty() => {
            let scan = query.scan();
            let after = place.key.clone().map(|(key, id)| UserPlace { key, id });
            let rows = tx.list_users(&scan, after.as_ref(), true, limit)?;
            let on = on(&scan, &rows, step).filter(|_| rows.len() == count);
            Ok((rows, on))
        }
        Select::Query(query) => searched(tx, query, place, limit, step),
    }
}

fn on(scan: &UserScan, rows: &[UserRow], step: i64) -> Option<Place> {
    let place = scan.place(rows.last()?);
    Some(Place { step, key: Some((place.key, place.id)), ..Place::default() })
}

fn searched(
    tx: &mut Tx,
    query: &Query,
    place: &Place,
    limit: i64,
    step: i64,
) -> Result<(Vec<UserRow>, Option<Place>), Error> {
    let (rows, next) = list::search(tx, query, place.search.clone(), limit)?;
    Ok((rows, next.map(|search| Place { step, search: Some(search), ..Place::default() })))
}

/// The row behind a step.
fn after(ctx: &Ctx, row: &BatchRow, looked: usize, failed: usize, on: Option<&Place>) -> BatchRow {
    let count = |n: usize| i64::try_from(n).unwrap_or_default();
    let mut to = row.clone();
    to.done += count(looked);
    to.failed += count(failed);
    match on {
        Some(place) => to.place = place.text(),
        None => (to.state, to.total) = ("done".into(), to.done),
    }
    moved(ctx, to)
}

/// Blocks or unblocks the next users. Who must not be kept out is left out and named.
pub(super) fn switch(
    ctx: &Ctx,
    actor: &Actor,
    row: &BatchRow,
    select: &Select,
    blocked: bool,
) -> Result<(), Error> {
    let place = Place::of(row);
    ctx.db.system_write(|tx| {
        actor.check(&mut tx.tenant(&row.tenant), Action::UserImport)?;
        let (users, on) = next(&mut tx.tenant(&row.tenant), select, &place, STEP)?;
        let (looked, mut failed) = (users.len(), Vec::new());
        for user in users.into_iter().filter(|user| user.blocked != blocked) {
            let id = user.id.as_str().to_owned();
            match if blocked { keep_the_last(tx, &user) } else { Ok(()) } {
                Ok(()) => {
                    change::switch(&mut tx.tenant(&row.tenant), ctx, actor, user, blocked)?;
                }
                Err(Error::Form(errors)) => failed.extend(errors.into_iter().map(|e| Problem {
                    row: 0,
                    column: id.clone(),
                    code: e.code.into(),
                    message: e.message,
                })),
                Err(other) => return Err(other),
            }
        }
        let mut tx = tx.tenant(&row.tenant);
        if !failed.is_empty() {
            let sealed = parts::seal_json(ctx, row, FAILED, place.step, &failed)?;
            tx.put_batch_part(&row.id, FAILED, place.step, &sealed)?;
        }
        tx.move_batch(row, &after(ctx, row, looked, failed.len(), on.as_ref()))?;
        Ok(())
    })
}

/// Writes the next users into a part.
pub(super) fn export(
    ctx: &Ctx,
    actor: &Actor,
    row: &BatchRow,
    select: &Select,
    format: Format,
    columns: &[String],
) -> Result<(), Error> {
    let place = Place::of(row);
    let (users, on) = ctx.db.read(&row.tenant, |tx| {
        actor.check(tx, Action::UserExport)?;
        next(tx, select, &place, OUT_ROWS)
    })?;
    let text = export::rows(&users, format, columns);
    let sealed = parts::seal(ctx, row, OUT, place.step, text.as_bytes());
    let to = after(ctx, row, users.len(), 0, on.as_ref());
    ctx.db.write(&row.tenant, |tx| {
        if tx.move_batch(row, &to)? {
            tx.put_batch_part(&row.id, OUT, place.step, &sealed)?;
        }
        Ok::<_, Error>(())
    })
}

//! The profile and the user that rules are tried on: one that was seen, filled in at a press, and
//! somebody who exists, to see what would change and what stays.

use directory::mappings::{self, Seen};
use directory::{Error, users};
use mapping::engine::Action;
use mapping::{CurrentUser, Preview};

use super::board::short;
use super::draft::Draft;
use crate::desk::{InTenant, Stop};
use crate::views::mapping::{DiffLine, StayLine};

/// Puts a profile that was seen into the form. What it says then is shown beside it.
pub(super) fn fill(
    desk: &InTenant,
    id: &str,
    source: &str,
    draft: &mut Draft,
) -> Result<String, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let (seen, what) = match source {
        "test" => (mappings::last_tested(ctx, actor, tenant, id)?, "test"),
        _ => (mappings::last_seen(ctx, actor, tenant, id)?, "sign-in"),
    };
    let Some(Seen { profile, at, label }) = seen else {
        return Ok(match what {
            "test" => "No test within a day got as far as a profile. Test the connection first.",
            _ => "Nobody has signed in through this connection yet.",
        }
        .to_owned());
    };
    draft.pasted = format!("{profile:#}");
    draft.from = "pasted".to_owned();
    let whose = if label.is_empty() { String::new() } else { format!(" of {label}") };
    let ago = desk.when(at).ago;
    Ok(format!("From the last {what}{whose}, {ago}. Secrets are left out."))
}

/// The user that the form names, or why there is none; nothing for nobody.
pub(super) fn user(desk: &InTenant, who: &str) -> Result<(Option<CurrentUser>, String), Stop> {
    if who.is_empty() {
        return Ok((None, String::new()));
    }
    match users::show(desk.ctx, &desk.actor, &desk.tenant.id, who) {
        Ok(row) => {
            let mut profile = issuer::upstream::profile_of(&row);
            profile.email = Some(row.email);
            Ok((Some(CurrentUser::of(&profile)), String::new()))
        }
        Err(Error::NotFound(_)) => {
            let why = "There is no user with this address or id in this tenant.";
            Ok((None, why.to_owned()))
        }
        Err(other) => Err(other.into()),
    }
}

/// What would change about the user.
pub(super) fn changes(preview: &Preview) -> Vec<DiffLine> {
    let text = |value: &Option<serde_json::Value>| value.as_ref().map(short).unwrap_or_default();
    let line = |diff: &mapping::preview::FieldDiff| DiffLine {
        key: diff.field.clone(),
        before: text(&diff.before),
        after: text(&diff.after),
    };
    preview.diff.iter().map(line).collect()
}

/// What stays as it is although a rule reads a value for it, and why.
pub(super) fn stays(preview: &Preview, current: &CurrentUser) -> Vec<StayLine> {
    let kept = preview.rows.iter().filter(|row| matches!(row.action, Action::Keep(_)));
    kept.map(|row| StayLine {
        key: row.target.clone(),
        value: current.get(&row.target).map(short).unwrap_or_default(),
        offered: row.value.as_ref().map(short).unwrap_or_default(),
        why: row.action.message().unwrap_or_default(),
    })
    .collect()
}

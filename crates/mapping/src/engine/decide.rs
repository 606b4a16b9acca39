//! Whether a value is written: the update policy, and what a rule does without a value.

use serde_json::Value;

use super::{Action, Fallback, Occasion, Reason, Row};
use crate::rules::Update;
use crate::rules::check::EMAIL;

/// What happens to a field for which there is a value.
pub(super) fn decide(
    row: &Row,
    value: &Value,
    current: Option<&Value>,
    occasion: Occasion,
) -> Action {
    match (row.update, current) {
        (Update::Never, _) => Action::Skip(Reason::Off),
        (Update::First, _) if occasion == Occasion::SignIn => Action::Keep(Reason::OnlyFirst),
        (_, Some(current)) if current == value => Action::Keep(Reason::Same),
        (Update::IfEmpty, Some(_)) => Action::Keep(Reason::NotEmpty),
        // Whoever can change an address at a provider would otherwise take it here.
        (_, Some(_)) if row.target == EMAIL => Action::Keep(Reason::EmailStays),
        _ => Action::Set,
    }
}

/// What a rule does without a usable value, and the value it uses instead.
pub(super) fn without_value(
    row: &Row,
    why: Reason,
    current: Option<&Value>,
    occasion: Occasion,
) -> (Option<Value>, Action) {
    match &row.fallback {
        Fallback::Skip => (None, Action::Skip(why)),
        Fallback::Value(value) => (Some(value.clone()), decide(row, value, current, occasion)),
        Fallback::Block(message) if blocks(row, current, occasion) => {
            (None, Action::Blocked(message.clone()))
        }
        Fallback::Block(_) => (None, Action::Skip(why)),
    }
}

// A rule blocks when it would have written: one for each sign-in guards each sign-in, one that
// fills a field guards the empty field.
fn blocks(row: &Row, current: Option<&Value>, occasion: Occasion) -> bool {
    match row.update {
        Update::Never => false,
        Update::First => occasion == Occasion::Create,
        Update::Always if row.target != EMAIL => true,
        Update::Always | Update::IfEmpty => current.is_none(),
    }
}

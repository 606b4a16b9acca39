//! Which kinds of values can come out of a chain of transforms: what a rule gives is compared with
//! what its field holds before anybody signs in with it.

use serde_json::Value;

use super::{Source, Transform};
use crate::path::Path;
use crate::schema::FieldKind;

/// A set of kinds that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u8);

pub(super) const TEXT: Kinds = Kinds(1);
pub(super) const BOOL: Kinds = Kinds(2);
pub(super) const NUMBER: Kinds = Kinds(4);
pub(super) const LIST: Kinds = Kinds(8);
const NONE: Kinds = Kinds(0);
const ANY: Kinds = Kinds(15);

impl Kinds {
    const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    const fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    /// Whether the two sets have a kind in common.
    pub(super) fn meets(self, other: Kinds) -> bool {
        self.and(other) != NONE
    }

    fn of(value: &Value) -> Kinds {
        match value {
            Value::String(_) => TEXT,
            Value::Bool(_) => BOOL,
            Value::Number(_) => NUMBER,
            Value::Array(_) => LIST,
            Value::Null | Value::Object(_) => NONE,
        }
    }

    /// The kinds in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            BOOL => "yes or no",
            NUMBER => "a number",
            LIST => "a list",
            _ => "a text",
        }
    }
}

/// What a source gives.
pub(super) fn of_source(source: &Source) -> Kinds {
    match source {
        Source::Const(value) => Kinds::of(value),
        Source::Template(_) => TEXT,
        Source::Path(path) => match Path::parse(path) {
            Ok(path) if path.gives_list() => LIST,
            _ => ANY,
        },
    }
}

/// What a transform works on.
pub(super) fn takes(transform: &Transform) -> Kinds {
    match transform {
        Transform::First | Transform::Join(_) => LIST,
        Transform::ToBool => TEXT.or(NUMBER).or(BOOL),
        Transform::ToString | Transform::Table { .. } => ANY,
        Transform::Default(_) | Transform::Template(_) => ANY,
        _ => TEXT.or(NUMBER).or(LIST),
    }
}

/// What a transform gives for what it got.
pub(super) fn gives(transform: &Transform, got: Kinds) -> Kinds {
    let list = got.and(LIST);
    let single = |kind: Kinds| if got.meets(TEXT.or(BOOL).or(NUMBER)) { kind } else { NONE };
    match transform {
        Transform::First => TEXT.or(NUMBER).or(BOOL),
        Transform::Join(_) => TEXT,
        Transform::ToBool => BOOL,
        Transform::ToNumber => list.or(single(NUMBER)),
        Transform::Split { index: None, .. } => LIST,
        Transform::Default(value) => got.or(Kinds::of(value)),
        Transform::Table { map, otherwise } => {
            let values = map.values().chain(otherwise);
            let kinds = values.fold(NONE, |kinds, value| kinds.or(Kinds::of(value)));
            list.or(single(kinds))
        }
        _ => list.or(single(TEXT)),
    }
}

/// What a field takes from a rule. Numbers and booleans are written into texts; the other way
/// round a transform has to say how.
pub(super) fn of_field(kind: &FieldKind) -> Kinds {
    match kind {
        FieldKind::Text | FieldKind::Choice(_) => TEXT.or(NUMBER).or(BOOL),
        FieldKind::Phone => TEXT.or(NUMBER),
        FieldKind::Bool => BOOL,
        FieldKind::Integer => NUMBER,
        FieldKind::List => LIST.or(TEXT),
        _ => TEXT,
    }
}

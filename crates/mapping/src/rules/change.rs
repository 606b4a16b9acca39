//! What changed between two versions of a mapping, row by row and member by member, for the page
//! that asks before saving and for the history.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Mapping, MappingRule};

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Members differ; it may have moved as well.
    Changed,
    /// It stands elsewhere among the other rows.
    Moved,
}

/// One row that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// What happened.
    pub kind: ChangeKind,
    /// Key of the field.
    pub target: String,
    /// Its row before, counted from 1.
    pub before: Option<usize>,
    /// Its row now, counted from 1.
    pub after: Option<usize>,
    /// Members that differ; those of the whole row if it is new or gone.
    pub members: Vec<MemberChange>,
}

/// One member that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberChange {
    /// Its name.
    pub name: String,
    /// What it was; `None` if it was not written.
    pub before: Option<Value>,
    /// What it is; `None` if it is not written.
    pub after: Option<Value>,
}

/// Every row that differs, in the order of the new mapping; rows that are gone come last.
pub fn difference(old: &Mapping, new: &Mapping) -> Vec<RuleChange> {
    let (before, after) = (&old.rules, &new.rules);
    let pairs = pairs(before, after);
    let kept: Vec<(usize, usize)> =
        pairs.iter().enumerate().filter_map(|(at, from)| Some(((*from)?, at))).collect();
    let still = in_order(&kept.iter().map(|(from, _)| *from).collect::<Vec<_>>());
    let mut changes = Vec::new();
    for (at, rule) in after.iter().enumerate() {
        let Some(from) = pairs[at] else {
            changes.push(change(ChangeKind::Added, None, Some((at, rule))));
            continue;
        };
        let pair = (Some((from, &before[from])), Some((at, rule)));
        let moved = kept.iter().position(|pair| pair.1 == at).is_some_and(|k| !still.contains(&k));
        if before[from] != *rule {
            changes.push(change(ChangeKind::Changed, pair.0, pair.1));
        } else if moved {
            changes.push(change(ChangeKind::Moved, pair.0, pair.1));
        }
    }
    for (at, rule) in before.iter().enumerate() {
        if !pairs.contains(&Some(at)) {
            changes.push(change(ChangeKind::Removed, Some((at, rule)), None));
        }
    }
    changes
}

// For each new row the old one that it was: the same rule, else one of the same target, else one
// of the same source.
fn pairs(before: &[MappingRule], after: &[MappingRule]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; after.len()];
    let likenesses: [fn(&MappingRule, &MappingRule) -> bool; 4] = [
        |left, right| left == right,
        |left, right| left.target == right.target && left.source == right.source,
        |left, right| left.target == right.target,
        |left, right| left.source == right.source,
    ];
    for like in likenesses {
        for (at, rule) in after.iter().enumerate() {
            if pairs[at].is_none() {
                let free = |from: &usize| !pairs.contains(&Some(*from));
                pairs[at] = (0..before.len()).filter(free).find(|from| like(&before[*from], rule));
            }
        }
    }
    pairs
}

// Positions of a longest rising run: these rows kept their order, the others moved past them.
fn in_order(numbers: &[usize]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let before = (0..at).filter(|other| numbers[*other] < *number);
        let longest = before.map(|other| (best[other].0, other)).max_by_key(|(length, _)| *length);
        best.push(longest.map_or((1, None), |(length, other)| (length + 1, Some(other))));
    }
    let mut at = (0..best.len()).max_by_key(|at| best[*at].0);
    let mut run = Vec::new();
    while let Some(position) = at {
        run.push(position);
        at = best[position].1;
    }
    run
}

fn change(
    kind: ChangeKind,
    before: Option<(usize, &MappingRule)>,
    after: Option<(usize, &MappingRule)>,
) -> RuleChange {
    let members = |side: Option<(usize, &MappingRule)>| match side.map(|(_, rule)| rule.to_value())
    {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let (old, new) = (members(before), members(after));
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let differs = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    let target = after.or(before).map(|(_, rule)| rule.target.clone()).unwrap_or_default();
    RuleChange {
        kind,
        target,
        before: before.map(|(at, _)| at + 1),
        after: after.map(|(at, _)| at + 1),
        members: differs
            .map(|name| MemberChange {
                name: name.clone(),
                before: old.get(name).cloned(),
                after: new.get(name).cloned(),
            })
            .collect(),
    }
}

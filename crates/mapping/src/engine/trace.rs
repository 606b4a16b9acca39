//! What a preview says beside the outcome: which ways the rules took, what they missed, and what
//! no rule read.

use std::collections::BTreeSet;
use std::ops::Bound;

use serde_json::Value;

use super::{Missing, Outcome, Proof, Row, Start};
use crate::near::Names;
use crate::path::{Located, Path};
use crate::profile::Profile;
use crate::rules::Update;
use crate::work::Work;

/// Most unused paths that are listed.
const MAX_UNUSED: usize = 200;

/// Fills in ways, missing paths and unused members.
pub(super) fn complete(rows: &[Row], profile: &Profile, outcome: &mut Outcome) {
    let root = profile.value();
    let names = Names::of(root);
    let work = Work::for_one_profile();
    let mut read = BTreeSet::new();
    for (row, at) in rows.iter().zip(0..) {
        let off = row.update == Update::Never || row.field.is_none();
        for path in paths(row).filter(|_| !off) {
            let located = path.locate(root, &work);
            if let Some(notes) =
                outcome.fields.get_mut(at).and_then(|field| field.provenance.as_mut())
            {
                notes.taken.extend(located.ways.iter().take(20).map(|way| pointer(way)));
            }
            if located.ways.is_empty() && !work.is_spent() {
                let near = names.near(path);
                let reached = reached(&located);
                let (row, path) = (row.row, path.to_string());
                outcome.missing.push(Missing { row, path, reached, near });
            }
            read.extend(located.ways);
        }
        if let Proof::Marker(_, marker) = &row.proof {
            read.extend(marker.locate(root, &work).ways);
        }
    }
    unused(root, &mut Vec::new(), &read, &mut outcome.unused);
}

fn paths(row: &Row) -> impl Iterator<Item = &Path> {
    let (single, template) = match &row.from {
        Start::Path(path) => (Some(path), None),
        Start::Template(template) => (None, Some(template)),
        Start::Const(_) => (None, None),
    };
    single
        .into_iter()
        .chain(template.into_iter().flat_map(|template| template.paths()))
        .chain(row.chain.iter().flat_map(|act| act.paths()))
}

// RFC 6901 §3.
fn pointer(way: &[String]) -> String {
    way.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect()
}

fn reached(located: &Located) -> String {
    let what = located.stopped.unwrap_or("value");
    match located.reached.is_empty() {
        true => format!("the profile is an {what}"),
        false => {
            let path = Path::of_names(located.reached.iter().cloned());
            format!("{path} is a {what}").replace("a object", "an object")
        }
    }
}

// A member is unused if neither it nor anything inside it was read; its leaves are listed, and of
// a list the list alone.
fn unused(
    value: &Value,
    way: &mut Vec<String>,
    read: &BTreeSet<Vec<String>>,
    found: &mut Vec<String>,
) {
    if found.len() >= MAX_UNUSED || read.contains(way) {
        return;
    }
    let from = (Bound::Included(way.as_slice()), Bound::Unbounded);
    let next = read.range::<[String], _>(from).next();
    let inside = next.is_some_and(|other| other.starts_with(way));
    let entries: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(n, v)| (n.clone(), v)).collect(),
        Value::Array(entries) if inside => {
            entries.iter().enumerate().map(|(at, v)| (at.to_string(), v)).collect()
        }
        _ => {
            found.push(Path::of_names(way.iter().cloned()).to_string());
            return;
        }
    };
    for (name, inner) in entries {
        way.push(name);
        unused(inner, way, read, found);
        way.pop();
    }
}

//! Makes rules ready: paths read, expressions compiled, fields found. What has a mistake becomes a
//! row that does nothing, so that a mapping outlives a field that was deleted under it.

use std::collections::BTreeSet;

use super::transform::Act;
use super::{Compiled, Fallback, Proof, Row, Start};
use crate::path::Path;
use crate::rules::check::{EMAIL, target_field};
use crate::rules::{IfMissing, MAX_RULES, Mapping, MappingRule, Source, Trust, check, keeps_proof};
use crate::schema::{Checker, Schema};
use crate::template::Template;

/// Makes a mapping ready.
pub(super) fn mapping(mapping: &Mapping, schema: &Schema) -> Compiled {
    let problems = check(mapping, schema);
    let wrong: BTreeSet<usize> = problems.iter().map(|problem| problem.row).collect();
    let numbered = mapping.rules.iter().zip(1..).take(MAX_RULES);
    let rows = numbered
        .map(|(rule, row)| {
            // A mistake of the mapping as a whole has no row; its rows are not run either.
            let sound = !wrong.contains(&row) && !wrong.contains(&0);
            let ready = if sound { compile(rule, row, schema) } else { None };
            ready.unwrap_or_else(|| broken(rule, row))
        })
        .collect();
    Compiled { rows, problems }
}

fn broken(rule: &MappingRule, row: usize) -> Row {
    Row {
        row,
        target: rule.target.chars().take(60).collect(),
        field: None,
        from: Start::Const(serde_json::Value::Null),
        chain: Vec::new(),
        fallback: Fallback::Skip,
        update: rule.update,
        proof: Proof::Never,
    }
}

fn compile(rule: &MappingRule, row: usize, schema: &Schema) -> Option<Row> {
    let field = Checker::new(target_field(&rule.target, schema)?);
    let from = match &rule.source {
        Source::Path(path) => Start::Path(Path::parse(path).ok()?),
        Source::Const(value) => Start::Const(value.clone()),
        Source::Template(text) => Start::Template(Template::parse(text, false).ok()?),
    };
    let chain = rule.transforms.iter().map(Act::new).collect::<Option<Vec<_>>>()?;
    let fallback = match &rule.if_missing {
        IfMissing::Skip => Fallback::Skip,
        IfMissing::Default(value) => Fallback::Value(field.fit(value).ok()?),
        IfMissing::Block(message) => Fallback::Block(message.clone()),
    };
    let proof = match (&rule.trust, &from) {
        _ if rule.target != EMAIL => Proof::Never,
        (Trust::Always, _) => Proof::Always,
        (Trust::Verified(marker), Start::Path(path)) if keeps_proof(rule) => {
            let marker = match marker {
                Some(marker) => Path::parse(marker).ok()?,
                None => path.beside("email_verified"),
            };
            Proof::Marker(path.clone(), marker)
        }
        _ => Proof::Never,
    };
    let (target, update) = (rule.target.clone(), rule.update);
    Some(Row { row, target, field: Some(field), from, chain, fallback, update, proof })
}

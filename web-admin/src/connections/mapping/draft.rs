//! The editor's form as it was typed: all rules as JSON, the open one as fields, and the profile to
//! try them on. A row that makes no sense yet is kept as it is.

use directory::mappings::Shown;
use directory::presets;
use mapping::{Mapping, MappingRule, Profile, RuleProblem};
use protocol::Params;
use serde_json::{Value, json};

use super::rule;
use crate::fields;

/// Most rows that a form may hold.
const MOST: usize = mapping::rules::MAX_RULES;

/// What the form was sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Press {
    /// To see what the rules do.
    Preview,
    /// To open another row, or none.
    Open(Option<usize>),
    /// For one more row, from this path of the profile or from nothing.
    Add(String),
    /// For one row less.
    Remove(usize),
    /// To let the open row read this path.
    Use(String),
    /// To move a row up.
    Up(usize),
    /// To fill in a profile that was seen: `test` or `seen`.
    Fill(String),
    /// To see what would change.
    Review,
    /// To be saved.
    Save,
}

impl Press {
    pub(super) fn of(form: &Params) -> Press {
        let number = |name: &str| form.get(name).and_then(|text| text.parse().ok());
        if form.has("save") {
            Press::Save
        } else if form.has("review") {
            Press::Review
        } else if let Some(path) = form.get("map") {
            Press::Add(path.to_owned())
        } else if let Some(path) = form.get("use") {
            Press::Use(path.to_owned())
        } else if let Some(source) = form.get("fill") {
            Press::Fill(source.to_owned())
        } else if form.has("open") {
            Press::Open(number("open"))
        } else if let Some(at) = number("remove") {
            Press::Remove(at)
        } else if let Some(at) = number("up") {
            Press::Up(at)
        } else {
            Press::Preview
        }
    }
}

/// What stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) version: i64,
    pub(super) rows: Vec<Value>,
    pub(super) open: Option<usize>,
    /// Where the profile comes from: `sample` or `pasted`.
    pub(super) from: String,
    pub(super) pasted: String,
    /// The user to compare with, as typed: an address or an id.
    pub(super) who: String,
}

impl Draft {
    /// The mapping as it stands.
    pub(super) fn of(shown: &Shown) -> Draft {
        Draft {
            version: shown.connection.mapping_version,
            rows: shown.mapping.rules.iter().map(MappingRule::to_value).collect(),
            open: None,
            from: "sample".to_owned(),
            pasted: String::new(),
            who: String::new(),
        }
    }

    pub(super) fn read(form: &Params) -> Draft {
        let all: Value =
            serde_json::from_str(form.get("rules").unwrap_or_default()).unwrap_or_default();
        let mut rows = all.as_array().cloned().unwrap_or_default();
        rows.truncate(MOST);
        let at = form.get("row").and_then(|text| text.parse().ok());
        let at: Option<usize> = at.filter(|at| *at < rows.len());
        if let Some(at) = at {
            rows[at] = rule::read(form);
        }
        Draft {
            version: fields::text(form, "version").parse().unwrap_or_default(),
            rows,
            open: at,
            from: fields::text(form, "from"),
            pasted: form.get("pasted").unwrap_or_default().to_owned(),
            who: fields::text(form, "who"),
        }
    }

    /// Does what a button asks for.
    pub(super) fn apply(&mut self, press: &Press, shown: &Shown) {
        let len = self.rows.len();
        match press {
            Press::Open(at) => self.open = at.filter(|at| *at < len),
            Press::Add(path) if len < MOST => {
                self.rows.push(json!({ "target": target(path, shown), "source": path }));
                self.open = Some(len);
            }
            Press::Remove(at) if *at < len => {
                self.rows.remove(*at);
                self.open = None;
            }
            Press::Up(at) if *at > 0 && *at < len => {
                self.rows.swap(*at, at - 1);
                self.open = Some(at - 1);
            }
            Press::Use(path) => {
                if let Some(row) = self.open.and_then(|at| self.rows.get_mut(at)) {
                    row["source"] = path.as_str().into();
                }
            }
            _ => {}
        }
    }

    /// Each row as a rule, or what is wrong with it.
    pub(super) fn rules(&self) -> Vec<Result<MappingRule, Vec<RuleProblem>>> {
        let rule = |(at, row): (usize, &Value)| MappingRule::from_value(row, at + 1);
        self.rows.iter().enumerate().map(rule).collect()
    }

    /// The mapping, if nothing is wrong with it.
    pub(super) fn checked(&self, shown: &Shown) -> Result<Mapping, Vec<RuleProblem>> {
        let mut wrong = Vec::new();
        let mut rules = Vec::new();
        for rule in self.rules() {
            match rule {
                Ok(rule) => rules.push(rule),
                Err(problems) => wrong.extend(problems),
            }
        }
        let mapping = Mapping { rules };
        if wrong.is_empty() {
            wrong = mapping::check(&mapping, &shown.schema);
        }
        if wrong.is_empty() { Ok(mapping) } else { Err(wrong) }
    }

    pub(super) fn json(&self) -> String {
        Value::Array(self.rows.clone()).to_string()
    }

    pub(super) fn differs(&self, shown: &Shown) -> bool {
        self.rows != Draft::of(shown).rows
    }

    /// The profile to try the rules on, or why there is none.
    pub(super) fn profile(&self, shown: &Shown) -> Result<Profile, String> {
        if self.from == "pasted" {
            return Profile::parse(self.pasted.as_bytes()).map_err(|e| e.to_string());
        }
        let preset =
            super::super::guide::preset_of(&shown.connection.preset, &shown.connection.kind);
        let sample = preset.map_or(&Value::Null, |preset: &presets::Preset| &preset.sample);
        Profile::from_value(sample).map_err(|e| e.to_string())
    }

    /// Where a profile can come from.
    pub(super) fn sources(&self, shown: &Shown) -> Vec<(&'static str, String)> {
        let preset =
            super::super::guide::preset_of(&shown.connection.preset, &shown.connection.kind);
        let name = preset.filter(|p| !p.is_open()).map_or("this kind", |p| p.name.as_str());
        vec![("sample", format!("Sample of {name}")), ("pasted", "Pasted JSON".to_owned())]
    }

    /// The form as hidden fields, based on another version.
    pub(super) fn posted(&self, version: i64) -> Vec<(String, String)> {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![
            field("version", &version.to_string()),
            field("rules", &self.json()),
            field("from", &self.from),
            field("pasted", &self.pasted),
            field("who", &self.who),
        ]
    }
}

/// The field that a path of the profile most likely is for: one of the same name.
fn target(path: &str, shown: &Shown) -> String {
    let last = path.rsplit(['/', '.']).next().unwrap_or_default();
    shown.schema.field(last).map(|field| field.key.clone()).unwrap_or_default()
}

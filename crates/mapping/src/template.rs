//! Texts with paths in braces, such as `{given_name} {family_name}`.
//!
//! A part that is missing leaves nothing behind: the blanks around it become one, and commas and
//! dashes that would stand at an end go with it. If every part is missing, so is the whole.

use std::borrow::Cow;

use serde_json::Value;

use crate::engine::MAX_WORK_TEXT;
use crate::path::{Path, PathProblem};
use crate::work::Work;

/// Most paths of a template.
const MAX_PARTS: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Path(Path),
    // `{value}`: the value so far, in the transform alone.
    Value,
}

/// A template that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// Reads a template. `{{` and `}}` are braces. Errors: a brace without its other half, no
    /// path at all, too many, or one that is none.
    pub(crate) fn parse(text: &str, takes_value: bool) -> Result<Template, PathProblem> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = &text[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                literal.push(c);
                at += 2;
            } else if c == '{' {
                let end = closing(rest).ok_or_else(|| problem(at, "A { has no }."))?;
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                parts.push(placeholder(&rest[1..end], takes_value, at)?);
                at += end + 1;
            } else if c == '}' {
                return Err(problem(at, "A } has no {."));
            } else {
                literal.push(c);
                at += c.len_utf8();
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        let count = parts.iter().filter(|part| !matches!(part, Part::Text(_))).count();
        match count {
            0 => Err(problem(0, "The template holds no path in braces.")),
            1..=MAX_PARTS => Ok(Template { parts }),
            _ => Err(problem(0, "The template holds more than 20 paths.")),
        }
    }

    /// The paths that are read.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.parts.iter().filter_map(|part| match part {
            Part::Path(path) => Some(path),
            _ => None,
        })
    }

    /// The template with what its paths find in a profile.
    pub(crate) fn fill<'a>(&'a self, root: &'a Value, work: &Work) -> Filled<'a> {
        let filled = self.parts.iter().map(|part| match part {
            Part::Text(literal) => Piece::Literal(literal),
            Part::Value => Piece::Value,
            Part::Path(path) => match path.find(root, work) {
                Some(Cow::Borrowed(value)) => Piece::Found(text_of(value)),
                _ => Piece::Found(None),
            },
        });
        Filled { pieces: filled.collect() }
    }
}

enum Piece<'a> {
    Literal(&'a str),
    Found(Option<Cow<'a, str>>),
    Value,
}

/// A template whose paths were looked up; it may be rendered for many values.
pub(crate) struct Filled<'a> {
    pieces: Vec<Piece<'a>>,
}

impl Filled<'_> {
    /// The text; `None` if every part is missing.
    pub(crate) fn render(&self, value: Option<&str>) -> Option<String> {
        let mut text = String::new();
        let (mut found, mut lost) = (false, false);
        for piece in &self.pieces {
            let part = match piece {
                Piece::Literal(literal) => {
                    text.push_str(literal);
                    continue;
                }
                Piece::Found(part) => part.as_deref(),
                Piece::Value => value,
            };
            match part.map(str::trim).filter(|part| !part.is_empty()) {
                Some(part) if text.len() + part.len() <= MAX_WORK_TEXT => {
                    text.push_str(part);
                    found = true;
                }
                _ => lost = true,
            }
        }
        found.then(|| if lost { tidy(&text) } else { text })
    }
}

fn problem(at: usize, message: &str) -> PathProblem {
    let fix = "Write paths in braces, like {given_name} {family_name}; {{ is a brace.";
    PathProblem { at, message: message.to_owned(), fix: fix.to_owned() }
}

// The byte of the brace that closes the one at the start; quotes inside may hold braces.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices().skip(1) {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('}', None) => return Some(at),
            _ => {}
        }
    }
    None
}

fn placeholder(text: &str, takes_value: bool, at: usize) -> Result<Part, PathProblem> {
    if takes_value && text == "value" {
        return Ok(Part::Value);
    }
    let path = Path::parse(text).map_err(|inner| PathProblem { at: at + 1 + inner.at, ..inner })?;
    match path.gives_list() {
        true => Err(problem(at, "A list cannot stand in a template.")),
        false => Ok(Part::Path(path)),
    }
}

fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let dangling = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '-' | '/' | '|');
    words.join(" ").trim_matches(dangling).to_owned()
}

/// A text, number or boolean as text; `None` for other kinds.
pub(crate) fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        _ => None,
    }
}

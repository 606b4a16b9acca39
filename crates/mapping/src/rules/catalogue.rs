//! The transforms by name: what each takes and how it is written. The reader's refusals, the
//! console's help and the reference page speak from this one list.

use serde::Serialize;

/// One transform in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TransformEntry {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it does, as half a sentence.
    pub about: &'static str,
    /// How it is written, as JSON.
    pub example: &'static str,
    /// Whether it works on a list as a whole; the others work on each text of a list.
    pub whole_list: bool,
}

const fn on_texts(
    name: &'static str,
    about: &'static str,
    example: &'static str,
) -> TransformEntry {
    TransformEntry { name, about, example, whole_list: false }
}

const fn on_lists(
    name: &'static str,
    about: &'static str,
    example: &'static str,
) -> TransformEntry {
    TransformEntry { name, about, example, whole_list: true }
}

/// Every transform, the plain ones first.
pub const TRANSFORMS: &[TransformEntry] = &[
    on_texts("trim", "takes white space off both ends", r#""trim""#),
    on_texts("lower", "lower case", r#""lower""#),
    on_texts("upper", "upper case", r#""upper""#),
    on_lists("first", "the first entry of a list", r#""first""#),
    on_texts("to_string", "a number or boolean as text", r#""to_string""#),
    on_texts("to_number", "a text as number", r#""to_number""#),
    on_lists("to_bool", "yes, true, on, 1 and no, false, off, 0 as boolean", r#""to_bool""#),
    on_texts("to_locale", "a language tag in its usual spelling", r#""to_locale""#),
    on_texts("to_date", "a date as YYYY-MM-DD", r#"{"to_date": ["DD.MM.YYYY", "epoch"]}"#),
    on_texts("hash", "SHA-256 in hexadecimal", r#""hash""#),
    on_lists("default", "this value where there was none", r#"{"default": "unknown"}"#),
    on_texts("template", "a text around the value", r#"{"template": "{value} ({company})"}"#),
    on_lists("join", "a list as one text", r#"{"join": ", "}"#),
    on_lists(
        "split",
        "a part of a text; without index, a list of all parts",
        r#"{"split": {"by": "@", "index": 0}}"#,
    ),
    on_texts(
        "regex",
        "what a group of a regular expression captured",
        r#"{"regex": {"pattern": "^team-([a-z]+)$", "group": 1}}"#,
    ),
    on_texts(
        "table",
        "what stands beside the text in a table",
        r#"{"table": {"map": {"m": "male"}, "otherwise": "other"}}"#,
    ),
];

/// How a transform is written, as a sentence.
pub(super) fn form(name: &str) -> String {
    let entry = TRANSFORMS.iter().find(|entry| entry.name == name);
    match entry.map(|entry| entry.example) {
        Some(example) if name == "to_date" => format!("Write \"to_date\" or {example}."),
        Some(example) => format!("Write {example}."),
        None => "Write the name alone, in quotes.".to_owned(),
    }
}

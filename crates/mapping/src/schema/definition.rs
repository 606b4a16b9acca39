//! What a tenant's own field may be called and look like.

use std::collections::BTreeSet;

use protocol::claims::StandardClaims;
use regex::{Regex, RegexBuilder};
use serde::Serialize;

use super::reserved::{is_reserved_claim, is_reserved_key};
use super::text::has_unwanted;
use super::{FieldClaim, FieldDefinition, FieldKind, MAX_CUSTOM, MAX_ENTRIES, MAX_TEXT, Schema};

/// Longest pattern of a field in bytes.
const MAX_PATTERN: usize = 200;
/// Most values of a choice, and their length in code points.
const MAX_CHOICES: usize = 100;
const MAX_CHOICE: usize = 100;
/// The greatest whole number that JSON carries exactly (RFC 8259 §6).
pub(super) const MAX_INTEGER: i64 = (1 << 53) - 1;

/// One mistake in the definition of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DefinitionProblem {
    /// Key of the field, as it was written.
    pub key: String,
    /// The member: `key`, `pattern`, `claim.name` …
    pub member: &'static str,
    /// Stable name of the kind of mistake.
    pub code: &'static str,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do, as a sentence.
    pub fix: String,
}

struct Found<'a> {
    key: &'a str,
    list: Vec<DefinitionProblem>,
}

impl Found<'_> {
    fn add(&mut self, member: &'static str, code: &'static str, message: &str, fix: &str) {
        let key = self.key.chars().take(60).collect();
        let (message, fix) = (message.to_owned(), fix.to_owned());
        self.list.push(DefinitionProblem { key, member, code, message, fix });
    }
}

/// A regular expression of bounded size. Matching is linear in the text by construction; the bound
/// keeps the factor small.
pub(crate) fn pattern(source: &str, most: usize) -> Result<Regex, &'static str> {
    if source.len() > most {
        return Err("The expression is too long.");
    }
    let built = RegexBuilder::new(source)
        .size_limit(64 * 1024)
        .dfa_size_limit(256 * 1024)
        .nest_limit(20)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "The expression needs too much memory.",
        _ => "The expression cannot be read.",
    })
}

/// The pattern of a field, which has to match the whole text.
pub(super) fn whole(source: &str) -> Result<Regex, &'static str> {
    pattern(source, MAX_PATTERN)?;
    pattern(&format!("^(?:{source})$"), MAX_PATTERN + 6)
}

impl FieldDefinition {
    /// Checks a tenant's own field on its own; what concerns several fields is
    /// [`Schema::check`]'s.
    pub fn check(&self) -> Vec<DefinitionProblem> {
        let mut found = Found { key: &self.key, list: Vec::new() };
        self.check_key(&mut found);
        self.check_label(&mut found);
        self.check_bounds(&mut found);
        self.check_pattern(&mut found);
        self.check_choices(&mut found);
        if let Some(claim) = &self.claim {
            check_claim(claim, &mut found);
        }
        found.list
    }

    fn check_key(&self, found: &mut Found) {
        let first = self.key.starts_with(|c: char| c.is_ascii_lowercase());
        let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !first || self.key.len() > 40 || !self.key.bytes().all(rest) {
            let message = "The key has another form than keys have.";
            let fix = "Begin with a letter, then use at most 39 of a to z, 0 to 9 and _.";
            found.add("key", "key_invalid", message, fix);
        } else if is_reserved_key(&self.key) {
            let message = "This key belongs to the platform or to a standard field.";
            found.add("key", "key_reserved", message, "Choose another key.");
        }
    }

    fn check_label(&self, found: &mut Found) {
        let length = self.label.trim().chars().count();
        if length == 0 || length > 60 || has_unwanted(&self.label) {
            let message = "The label is empty, too long, or holds invisible characters.";
            found.add("label", "label_invalid", message, "Write 1 to 60 visible characters.");
        }
        if self.help.chars().count() > 200 || has_unwanted(&self.help) {
            let message = "The help is too long, or holds invisible characters.";
            found.add("help", "help_invalid", message, "Write at most 200 visible characters.");
        }
    }

    fn check_bounds(&self, found: &mut Found) {
        let (least, most) = match self.kind {
            FieldKind::Text => (0, MAX_TEXT),
            FieldKind::List => (0, MAX_ENTRIES),
            FieldKind::Integer => (-MAX_INTEGER, MAX_INTEGER),
            _ => {
                if self.min.is_some() || self.max.is_some() {
                    let message = "Fields of this kind have no least and greatest value.";
                    found.add("min", "bounds_unused", message, "Remove min and max.");
                }
                return;
            }
        };
        let inside = |bound: Option<i64>| bound.is_none_or(|bound| (least..=most).contains(&bound));
        let ordered = self.min.unwrap_or(least) <= self.max.unwrap_or(most);
        if !inside(self.min) || !inside(self.max) || !ordered {
            let message = format!("Bounds of this kind lie between {least} and {most}.");
            found.add("max", "bounds_invalid", &message, "Choose min below max, and both inside.");
        }
    }

    fn check_pattern(&self, found: &mut Found) {
        let Some(source) = &self.pattern else { return };
        if self.kind != FieldKind::Text {
            let message = "Only text fields have a pattern.";
            found.add("pattern", "pattern_unused", message, "Remove the pattern.");
        } else if let Err(why) = whole(source) {
            let fix = "Use a short expression without look-around and back-references.";
            found.add("pattern", "pattern_invalid", why, fix);
        }
    }

    fn check_choices(&self, found: &mut Found) {
        let FieldKind::Choice(values) = &self.kind else { return };
        let sound = |text: &String| {
            let length = text.chars().count();
            (1..=MAX_CHOICE).contains(&length) && text.trim() == text && !has_unwanted(text)
        };
        let distinct: BTreeSet<_> = values.iter().collect();
        let count = (1..=MAX_CHOICES).contains(&values.len());
        if !count || distinct.len() != values.len() || !values.iter().all(sound) {
            let message = "The choices are none, too many, too long, or not all different.";
            let fix = "Name 1 to 100 different texts of at most 100 characters.";
            found.add("kind", "choices_invalid", message, fix);
        }
    }
}

fn check_claim(claim: &FieldClaim, found: &mut Found) {
    let name = claim.name.as_str();
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_-.:/~@".contains(&b);
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= 128
        && name.bytes().all(allowed);
    if !sound {
        let fix =
            "Use letters, digits and _ - . : / ~ @, at most 128, like https://acme.example/team.";
        found.add("claim.name", "claim_invalid", "This is no name for a claim.", fix);
    } else if is_reserved_claim(name) || StandardClaims::all().any(|known| known == name) {
        let message = "This claim is set by the platform alone.";
        found.add("claim.name", "claim_reserved", message, "Choose another name.");
    }
    let scope = claim.scope.as_str();
    let token = |b: u8| matches!(b, b'!' | b'#'..=b'[' | b']'..=b'~');
    let asks_for_more = [protocol::scope::OPENID, protocol::scope::OFFLINE_ACCESS];
    let plain = (1..=100).contains(&scope.len()) && scope.bytes().all(token);
    if !plain || asks_for_more.contains(&scope) {
        let fix = "Write profile, or a scope of your own, like hr.";
        found.add("claim.scope", "scope_invalid", "This scope cannot carry the claim.", fix);
    }
}

/// Checks one of a tenant's own fields, as [`FieldDefinition::check`] does.
pub fn check_definition(definition: &FieldDefinition) -> Vec<DefinitionProblem> {
    definition.check()
}

impl Schema {
    /// Checks all of a tenant's own fields, and that keys and claims are different.
    pub fn check(&self) -> Vec<DefinitionProblem> {
        let mut found: Vec<_> = self.custom.iter().flat_map(FieldDefinition::check).collect();
        let (mut keys, mut claims) = (BTreeSet::new(), BTreeSet::new());
        for (at, field) in self.custom.iter().enumerate() {
            let mut own = Found { key: &field.key, list: Vec::new() };
            if at == MAX_CUSTOM {
                let message = "A tenant has at most 50 fields of its own.";
                own.add("key", "too_many", message, "Remove fields that nothing uses.");
            }
            if !keys.insert(&field.key) {
                own.add("key", "key_twice", "Two fields have this key.", "Choose another key.");
            }
            if field.claim.as_ref().is_some_and(|claim| !claims.insert(&claim.name)) {
                let message = "Two fields have this claim.";
                own.add("claim.name", "claim_twice", message, "Choose another name.");
            }
            found.extend(own.list);
        }
        found
    }
}

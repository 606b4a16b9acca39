//! What a provider said about somebody: a JSON object, bounded before anything looks at it.
//!
//! A profile may be put together from several documents, the claims of an ID token and the answer
//! of a userinfo endpoint. It remembers which member came from which, because a marker such as
//! `email_verified` vouches only for the address beside it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

pub use crate::json::Limits;

use crate::json;
use crate::path::{Path, kind};

/// How large a profile may be: 256 KiB, 32 levels, 10,000 values.
pub const PROFILE_LIMITS: Limits = Limits { bytes: 256 * 1024, depth: 32, nodes: 10_000 };
/// Most members that an outline names.
const MAX_OUTLINE: usize = 500;

/// A bounded JSON object with the origin of each of its members.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    value: Value,
    // Members that did not come from the first document, with the number of theirs.
    origins: BTreeMap<String, usize>,
    documents: usize,
}

/// Why a document is no profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProfileProblem {
    /// `too_large`, `too_deep`, `too_many`, `duplicate`, `not_utf8`, `not_json`, `empty` or
    /// `not_an_object`.
    pub code: &'static str,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do, as a sentence.
    pub fix: String,
    /// Where in the document, as a path, where that can be said.
    pub path: Option<String>,
}

impl fmt::Display for ProfileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{} (at {path}) {}", self.message, self.fix),
            None => write!(f, "{} {}", self.message, self.fix),
        }
    }
}

impl std::error::Error for ProfileProblem {}

/// A member of a profile: where it stands and what it holds, without the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Path that a rule would use.
    pub path: String,
    /// `text`, `number`, `boolean`, `list`, `object` or `null`.
    pub kind: &'static str,
}

impl Profile {
    /// Reads a profile within [`PROFILE_LIMITS`]. Errors: too large or deep, no JSON object, or
    /// two members of one name.
    pub fn parse(bytes: &[u8]) -> Result<Profile, ProfileProblem> {
        Profile::parse_within(bytes, &PROFILE_LIMITS)
    }

    /// As [`Profile::parse`], within other limits.
    pub fn parse_within(bytes: &[u8], limits: &Limits) -> Result<Profile, ProfileProblem> {
        let value = json::parse(bytes, limits).map_err(|refused| ProfileProblem {
            code: refused.code,
            message: refused.message,
            fix: refused.fix,
            path: refused.path,
        })?;
        Profile::of(value)
    }

    /// A profile of a value that was read elsewhere, as the claims of a verified token. Errors:
    /// as [`Profile::parse`].
    pub fn from_value(value: &Value) -> Result<Profile, ProfileProblem> {
        Profile::parse(value.to_string().as_bytes())
    }

    fn of(value: Value) -> Result<Profile, ProfileProblem> {
        match value {
            Value::Object(_) => Ok(Profile { value, origins: BTreeMap::new(), documents: 1 }),
            other => Err(ProfileProblem {
                code: "not_an_object",
                message: format!("The profile is a {}, not an object.", kind(&other)),
                fix: "Check that the address is the one of the user's own profile.".to_owned(),
                path: None,
            }),
        }
    }

    /// Adds the members of another document that this one lacks. What is already there stays:
    /// put the document that is trusted most first.
    #[must_use]
    pub fn with(mut self, other: Profile) -> Profile {
        if let (Value::Object(members), Value::Object(more)) = (&mut self.value, other.value) {
            for (name, value) in more.into_iter().filter(|(_, value)| !value.is_null()) {
                if members.get(&name).is_none_or(Value::is_null) {
                    self.origins.insert(name.clone(), self.documents);
                    members.insert(name, value);
                }
            }
            self.documents += 1;
        }
        self
    }

    /// Adds a whole document as one member, such as the list that another endpoint answers.
    /// Replaces a member of that name. Errors: as [`Profile::parse`].
    pub fn with_member(mut self, name: &str, bytes: &[u8]) -> Result<Profile, ProfileProblem> {
        let refused = |refused: json::Refused| ProfileProblem {
            code: refused.code,
            message: refused.message,
            fix: refused.fix,
            path: Some(refused.path.map_or(name.to_owned(), |path| format!("{name}.{path}"))),
        };
        let value = json::parse(bytes, &PROFILE_LIMITS).map_err(refused)?;
        if let Value::Object(members) = &mut self.value {
            members.insert(name.to_owned(), value);
            self.origins.insert(name.to_owned(), self.documents);
            self.documents += 1;
        }
        Ok(self)
    }

    /// The object.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The members of the object.
    pub fn members(&self) -> Option<&Map<String, Value>> {
        self.value.as_object()
    }

    /// Whether two members came from one document.
    pub(crate) fn same_origin(&self, left: &Path, right: &Path) -> bool {
        let origin = |path: &Path| path.root().map(|name| self.origins.get(name));
        matches!((origin(left), origin(right)), (Some(left), Some(right)) if left == right)
    }

    /// Names and kinds without values, in order, at most 500: what may be shown to somebody who
    /// has no right to see the values. Of a list the first entry stands for all.
    pub fn outline(&self) -> Vec<Member> {
        let mut found = Vec::new();
        outline(&self.value, &mut Vec::new(), &mut found);
        found
    }
}

fn outline(value: &Value, way: &mut Vec<String>, found: &mut Vec<Member>) {
    let inner: Vec<(&str, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(n, v)| (n.as_str(), v)).collect(),
        Value::Array(entries) => entries.iter().take(1).map(|v| ("0", v)).collect(),
        _ => return,
    };
    for (name, value) in inner {
        if found.len() >= MAX_OUTLINE {
            return;
        }
        way.push(name.to_owned());
        let path = Path::of_names(way.iter().cloned()).to_string();
        found.push(Member { path, kind: kind(value) });
        outline(value, way, found);
        way.pop();
    }
}

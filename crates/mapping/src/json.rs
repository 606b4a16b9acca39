//! Reads JSON from strangers: bounded in bytes, depth and number of values, and without two
//! members of one name, which two readers could take for different ones (RFC 8259 §4).
//!
//! Bounds hold while reading, so that a hostile text costs no more than an honest one.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use crate::path::Path;

/// How large a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes.
    pub bytes: usize,
    /// Most objects and lists inside one another.
    pub depth: usize,
    /// Most values: members, entries and what they hold.
    pub nodes: usize,
}

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub code: &'static str,
    pub message: String,
    pub fix: String,
    /// Where in the document, as a path.
    pub path: Option<String>,
}

#[derive(Default)]
struct State {
    nodes: Cell<usize>,
    // Found while reading, and the names around it from the inside out.
    refused: RefCell<Option<(&'static str, String, &'static str)>>,
    around: RefCell<Vec<String>>,
}

/// Reads one JSON value. Errors: larger than the limits, members of one name, or no JSON.
pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Refused> {
    // Some providers put a byte order mark before it; RFC 8259 §8.1 lets a reader ignore it.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.len() > limits.bytes {
        let message = format!("The document has {} bytes; {} are read.", bytes.len(), limits.bytes);
        return Err(refused("too_large", message, "Ask for fewer fields, or for a smaller page."));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("Byte {} is not UTF-8.", error.valid_up_to());
        refused("not_utf8", message, "Send or save the document as UTF-8.")
    })?;
    if text.trim().is_empty() {
        let fix = "Check the address that the document comes from.";
        return Err(refused("empty", "The document is empty.".into(), fix));
    }
    let state = State::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Seed { state: &state, limits, depth: 0 }.deserialize(&mut reader);
    read.and_then(|value| reader.end().map(|()| value)).map_err(|error| why(state, &error))
}

fn refused(code: &'static str, message: String, fix: &str) -> Refused {
    Refused { code, message, fix: fix.to_owned(), path: None }
}

fn why(state: State, error: &serde_json::Error) -> Refused {
    match state.refused.into_inner() {
        Some((code, message, fix)) => {
            let path = Path::of_names(state.around.into_inner().into_iter().rev()).to_string();
            let path: String = path.chars().take(200).collect();
            Refused { path: (!path.is_empty()).then_some(path), ..refused(code, message, fix) }
        }
        None => {
            let message = format!(
                "The document is not JSON: line {}, column {} cannot be read.",
                error.line(),
                error.column()
            );
            refused(
                "not_json",
                message,
                "Check that it is complete and that nothing was pasted into it.",
            )
        }
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    state: &'a State,
    limits: &'a Limits,
    depth: usize,
}

impl Seed<'_> {
    fn refuse<E: Error>(&self, code: &'static str, message: String, fix: &'static str) -> E {
        self.state.refused.replace(Some((code, message, fix)));
        E::custom(code)
    }

    fn count<E: Error>(&self) -> Result<(), E> {
        let (nodes, most) = (self.state.nodes.get() + 1, self.limits.nodes);
        self.state.nodes.set(nodes);
        if nodes > most {
            let message = format!("The document has more than {most} values.");
            let fix = "Ask for fewer fields, groups or entries.";
            return Err(self.refuse("too_many", message, fix));
        }
        Ok(())
    }

    fn inner<E: Error>(self) -> Result<Self, E> {
        let most = self.limits.depth;
        if self.depth >= most {
            let message = format!("The document is nested deeper than {most} levels.");
            return Err(self.refuse("too_deep", message, "Send a flatter document."));
        }
        Ok(Seed { depth: self.depth + 1, ..self })
    }

    // On the way out of a refusal each level adds its name.
    fn within<T, E>(&self, name: impl FnOnce() -> String, read: Result<T, E>) -> Result<T, E> {
        if read.is_err() && self.state.refused.borrow().is_some() {
            self.state.around.borrow_mut().push(name());
        }
        read
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let seed = self.inner()?;
        let mut list = Vec::new();
        loop {
            let at = list.len();
            match self.within(|| at.to_string(), entries.next_element_seed(seed))? {
                Some(entry) => list.push(entry),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let seed = self.inner()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            match object.entry(name) {
                Entry::Vacant(place) => {
                    let read = members.next_value_seed(seed);
                    let value = self.within(|| place.key().clone(), read)?;
                    place.insert(value);
                }
                Entry::Occupied(place) => {
                    let message = "The document has two members of the same name.".to_owned();
                    let refusal = self.refuse("duplicate", message, "Keep one of them.");
                    return self.within(|| place.key().clone(), Err(refusal));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

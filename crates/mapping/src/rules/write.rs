//! Writes rules in their JSON form. What `rules::read` takes for granted is left out, except the
//! update policy, which a reader of a file wants to see.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{IfMissing, Mapping, MappingRule, Source, Transform, Trust};

impl Mapping {
    /// The JSON form.
    pub fn to_value(&self) -> Value {
        json!({ "rules": self.rules.iter().map(MappingRule::to_value).collect::<Vec<_>>() })
    }
}

impl MappingRule {
    /// The JSON form of one row.
    pub fn to_value(&self) -> Value {
        let mut row = Map::new();
        row.insert("target".into(), self.target.as_str().into());
        row.insert("source".into(), self.source.to_value());
        if !self.transforms.is_empty() {
            let chain = self.transforms.iter().map(Transform::to_value).collect();
            row.insert("transforms".into(), Value::Array(chain));
        }
        if self.if_missing != IfMissing::Skip {
            row.insert("if_missing".into(), self.if_missing.to_value());
        }
        row.insert("update".into(), self.update.name().into());
        if self.trust != Trust::Never {
            row.insert("trust".into(), self.trust.to_value());
        }
        Value::Object(row)
    }
}

impl Source {
    /// The JSON form: a path is a text.
    pub fn to_value(&self) -> Value {
        match self {
            Source::Path(path) => path.as_str().into(),
            Source::Const(value) => json!({ "const": value }),
            Source::Template(template) => json!({ "template": template }),
        }
    }
}

impl Transform {
    /// The name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Transform::Trim => "trim",
            Transform::Lower => "lower",
            Transform::Upper => "upper",
            Transform::First => "first",
            Transform::ToString => "to_string",
            Transform::ToNumber => "to_number",
            Transform::ToBool => "to_bool",
            Transform::ToLocale => "to_locale",
            Transform::ToDate(_) => "to_date",
            Transform::Hash => "hash",
            Transform::Default(_) => "default",
            Transform::Template(_) => "template",
            Transform::Join(_) => "join",
            Transform::Split { .. } => "split",
            Transform::Regex { .. } => "regex",
            Transform::Table { .. } => "table",
        }
    }

    /// The JSON form: a name, or an object whose one member is the name with what it needs.
    pub fn to_value(&self) -> Value {
        let needs = match self {
            Transform::ToDate(formats) if !formats.is_empty() => json!(formats),
            Transform::Default(value) => value.clone(),
            Transform::Template(text) | Transform::Join(text) => json!(text),
            Transform::Split { by, index: None } => json!({ "by": by }),
            Transform::Split { by, index } => json!({ "by": by, "index": index }),
            Transform::Regex { pattern, group: None } => json!({ "pattern": pattern }),
            Transform::Regex { pattern, group } => json!({ "pattern": pattern, "group": group }),
            Transform::Table { map, otherwise: None } => json!({ "map": map }),
            Transform::Table { map, otherwise } => json!({ "map": map, "otherwise": otherwise }),
            simple => return simple.name().into(),
        };
        json!({ self.name(): needs })
    }
}

impl IfMissing {
    /// The JSON form.
    pub fn to_value(&self) -> Value {
        match self {
            IfMissing::Skip => "skip".into(),
            IfMissing::Default(value) => json!({ "default": value }),
            IfMissing::Block(message) => json!({ "block": message }),
        }
    }
}

impl Trust {
    /// The JSON form.
    pub fn to_value(&self) -> Value {
        match self {
            Trust::Never => "never".into(),
            Trust::Always => "always".into(),
            Trust::Verified(None) => "verified".into(),
            Trust::Verified(Some(path)) => json!({ "verified": path }),
        }
    }
}

macro_rules! serialize_as_value {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_value().serialize(serializer)
            }
        }
    )*};
}
serialize_as_value!(Mapping, MappingRule, Source, Transform, IfMissing, Trust);

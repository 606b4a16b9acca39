//! The fields of a user as they are stored: the standard ones, and a map of the tenant's own.
//!
//! What a field may hold is `schema`'s. Which of them a form asks for, and who may change them, is decided in `directory`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::claims::filled;

/// Standard fields about a user (OpenID Connect Core §5.1). Absent fields are left out of JSON,
/// unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserProfile {
    /// Full name for display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// First names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Surnames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Middle names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Casual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Name the user likes to be known by at applications; not unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// Address of a page about the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Address of the user's own site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Gender, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// Time zone name, for example `Europe/Paris`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// When the fields last changed, in seconds since 1970 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether we proved that the address is the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Phone number, best in E.164 form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether we proved that the number is the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The tenant's own fields by key, in canonical form ([`crate::schema::Schema::check_custom`]).
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
}

/// Postal address (OpenID Connect Core §5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// The whole address as on a label, lines separated by newlines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street, house number and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl UserProfile {
    /// The profile as the JSON object that rules read.
    pub fn to_source(&self) -> Value {
        // Only strings, numbers, booleans and nested maps: this cannot fail.
        serde_json::to_value(self).unwrap_or_else(|_| Value::Object(Map::new()))
    }

    /// The value of a field by its key: a standard field, a part of the address such as
    /// `address.country`, or one of the tenant's own. `None` where there is none, and for markers
    /// such as `email_verified`, which are no fields.
    pub fn get(&self, key: &str) -> Option<Value> {
        if let Some(part) = key.strip_prefix("address.") {
            let text = self.address.as_ref().and_then(|address| address.part(part))?;
            return text.clone().filter(|text| !text.is_empty()).map(Value::from);
        }
        match self.text(key) {
            Some(text) => text.clone().filter(|text| !text.is_empty()).map(Value::from),
            None => self.custom.get(key).filter(|value| !value.is_null()).cloned(),
        }
    }

    /// Sets a field by its key; `None` empties it. A standard field takes a text alone; a key of no
    /// standard field is one of the tenant's own. Says whether it was set: markers are not. Another
    /// address or number is not proven: its marker falls with the old one.
    pub fn set(&mut self, key: &str, value: Option<Value>) -> bool {
        let (email, phone) = (self.email.clone(), self.phone_number.clone());
        let set = self.write(key, value);
        if self.email != email {
            self.email_verified = None;
        }
        if self.phone_number != phone {
            self.phone_number_verified = None;
        }
        set
    }

    fn write(&mut self, key: &str, value: Option<Value>) -> bool {
        let text = match &value {
            Some(Value::String(text)) => Some(text.clone()),
            _ => None,
        };
        let part = key.strip_prefix("address.");
        let place = match part {
            Some(part) => self.address.get_or_insert_default().part_mut(part),
            None => self.text_mut(key),
        };
        match (place, value) {
            (Some(place), value) if value.is_none() || text.is_some() => *place = text,
            (Some(_), _) => return false,
            (None, _) if part.is_some() || is_marker(key) => return false,
            (None, Some(Value::Null) | None) => {
                self.custom.remove(key);
            }
            (None, Some(value)) => {
                self.custom.insert(key.to_owned(), value);
            }
        }
        if self.address.as_ref().is_some_and(|address| *address == Address::default()) {
            self.address = None;
        }
        true
    }

    /// The value of a standard claim by its name (OpenID Connect Core §5.1); `None` where there is
    /// none.
    pub(crate) fn claim(&self, name: &str) -> Option<Value> {
        match name {
            "email_verified" => self.email_verified.map(Value::from),
            "phone_number_verified" => self.phone_number_verified.map(Value::from),
            "updated_at" => self.updated_at.map(Value::from),
            "address" => filled(&serde_json::to_value(self.address.as_ref()?).ok()?),
            name => self.text(name)?.clone().filter(|text| !text.is_empty()).map(Value::from),
        }
    }

    /// Every field that has a value, by key, the markers left out.
    pub fn fields(&self) -> Map<String, Value> {
        let standard = crate::schema::standard_fields().iter();
        let mut fields: Map<String, Value> =
            standard.filter_map(|field| Some((field.key.clone(), self.get(&field.key)?))).collect();
        let custom = self.custom.iter().filter(|(_, value)| !value.is_null());
        fields.extend(custom.map(|(key, value)| (key.clone(), value.clone())));
        fields
    }
}

// What the platform alone decides about a profile.
fn is_marker(key: &str) -> bool {
    matches!(key, "email_verified" | "phone_number_verified" | "updated_at" | "address" | "custom")
}

// A reference to each text by its name, once for reading and once for writing.
macro_rules! by_name {
    ($type:ty, $read:ident, $write:ident: $($name:ident)*) => {
        impl $type {
            fn $read(&self, name: &str) -> Option<&Option<String>> {
                match name {
                    $(stringify!($name) => Some(&self.$name),)*
                    _ => None,
                }
            }

            fn $write(&mut self, name: &str) -> Option<&mut Option<String>> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

by_name!(UserProfile, text, text_mut: name given_name family_name middle_name nickname
    preferred_username profile picture website gender birthdate zoneinfo locale email phone_number);
by_name!(Address, part, part_mut: formatted street_address locality region postal_code country);

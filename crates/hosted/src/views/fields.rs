//! Fields of a person as parts of a form: which control, which keyboard, and what a browser may
//! fill in.

use mapping::schema::{FieldDefinition, FieldKind};

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// `id` and `name` of its control.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// A sentence below the label; may be empty.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// What may fill it in (the `autocomplete` attribute).
    pub autocomplete: &'static str,
    /// `text`, `email`, `tel`, `url`, `date`, `number`, `select` or `lines`.
    pub control: &'static str,
    /// The values of a `select`, and how they are shown.
    pub options: Vec<(String, String)>,
    /// Where it comes from, when it is not to be changed here.
    pub locked: Option<String>,
}

impl Field {
    /// The field of a definition, empty.
    #[must_use]
    pub fn new(field: &FieldDefinition, own: bool) -> Field {
        // A tenant's own field may be called like a control of ours.
        let id = if own { format!("own-{}", field.key) } else { field.key.replace('.', "-") };
        Field {
            id,
            key: field.key.clone(),
            label: field.label.clone(),
            hint: field.help.clone(),
            value: String::new(),
            autocomplete: if own { "off" } else { autocomplete(&field.key) },
            control: control(&field.kind),
            options: options(&field.kind),
            locked: None,
        }
    }

    /// Says that it may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Field {
        self.label = format!("{} (optional)", self.label);
        self
    }

    /// Its value as people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        let option = self.options.iter().find(|(value, _)| *value == self.value);
        option.map_or_else(|| self.value.clone(), |(_, text)| text.clone())
    }

    /// Which keyboard a phone shows.
    #[must_use]
    pub fn mode(&self) -> &'static str {
        match self.control {
            "email" => "email",
            "tel" => "tel",
            "url" => "url",
            "number" => "numeric",
            _ => "text",
        }
    }

    /// The control. A number is typed as text: nothing is lost that a browser does not understand.
    #[must_use]
    pub fn input_type(&self) -> &'static str {
        match self.control {
            "number" | "lines" => "text",
            other => other,
        }
    }
}

fn control(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Locale | FieldKind::Timezone => "text",
        FieldKind::Email => "email",
        FieldKind::Phone => "tel",
        FieldKind::Url => "url",
        FieldKind::Date => "date",
        FieldKind::Integer => "number",
        FieldKind::Bool | FieldKind::Choice(_) => "select",
        FieldKind::List => "lines",
    }
}

fn options(kind: &FieldKind) -> Vec<(String, String)> {
    let same = |text: &String| (text.clone(), text.clone());
    match kind {
        FieldKind::Choice(values) => values.iter().map(same).collect(),
        FieldKind::Bool => {
            vec![("true".to_owned(), "Yes".to_owned()), ("false".to_owned(), "No".to_owned())]
        }
        _ => Vec::new(),
    }
}

/// The token of the HTML standard's autofill for a standard field.
fn autocomplete(key: &str) -> &'static str {
    match key {
        "name" => "name",
        "given_name" => "given-name",
        "family_name" => "family-name",
        "middle_name" => "additional-name",
        "nickname" => "nickname",
        "profile" | "website" => "url",
        "picture" => "photo",
        "gender" => "sex",
        "birthdate" => "bday",
        "locale" => "language",
        "phone_number" => "tel",
        "address.street_address" => "street-address",
        "address.locality" => "address-level2",
        "address.region" => "address-level1",
        "address.postal_code" => "postal-code",
        "address.country" => "country-name",
        _ => "off",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenants_own_field_cannot_be_a_control_of_ours() {
        let own = FieldDefinition::new("password", "Pass phrase", FieldKind::Text);
        assert_eq!(Field::new(&own, true).id, "own-password");
        assert_eq!(Field::new(&own, true).autocomplete, "off");
    }

    #[test]
    fn standard_fields_fill_themselves_in() {
        for field in mapping::schema::standard_fields() {
            let shown = Field::new(field, false);
            assert!(!shown.id.contains('.'), "{}", shown.id);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            assert!(shown.autocomplete.bytes().all(plain));
        }
    }
}

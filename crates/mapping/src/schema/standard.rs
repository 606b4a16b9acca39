//! The standard fields (OpenID Connect Core §5.1) that rules may write and forms may ask for.
//! Markers such as `email_verified` are no fields: nobody writes them by hand or by rule.

use std::sync::LazyLock;

use super::{FieldDefinition, FieldKind, MAX_URL, Who};

static FIELDS: LazyLock<Vec<FieldDefinition>> = LazyLock::new(|| {
    use FieldKind::{Date, Email, Locale, Phone, Text, Timezone, Url};
    let url = i64::try_from(MAX_URL).ok();
    vec![
        field("email", "Email", Email, Some(254)),
        field("name", "Name", Text, Some(200)),
        field("given_name", "First name", Text, Some(100)),
        field("family_name", "Last name", Text, Some(100)),
        field("middle_name", "Middle name", Text, Some(100)),
        field("nickname", "Nickname", Text, Some(100)),
        field("preferred_username", "Preferred username", Text, Some(100)),
        field("profile", "Profile page", Url, url),
        field("picture", "Picture", Url, url),
        field("website", "Website", Url, url),
        field("gender", "Gender", Text, Some(50)),
        field("birthdate", "Date of birth", Date, None),
        field("zoneinfo", "Time zone", Timezone, None),
        field("locale", "Language", Locale, None),
        field("phone_number", "Phone number", Phone, None),
        field("address.formatted", "Address", Text, Some(500)),
        field("address.street_address", "Street", Text, Some(200)),
        field("address.locality", "City", Text, Some(100)),
        field("address.region", "State or region", Text, Some(100)),
        field("address.postal_code", "Postal code", Text, Some(20)),
        field("address.country", "Country", Text, Some(100)),
    ]
});

fn field(key: &str, label: &str, kind: FieldKind, max: Option<i64>) -> FieldDefinition {
    let open = FieldDefinition::new(key, label, kind);
    FieldDefinition { max, editable_by: Who::User, visible_to: Who::User, ..open }
}

/// The standard fields, in the order of forms. Parts of the postal address have dotted keys.
pub fn standard_fields() -> &'static [FieldDefinition] {
    &FIELDS
}

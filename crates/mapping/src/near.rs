//! Near names: what somebody probably meant, and what a provider probably calls it.

use serde_json::Value;

use crate::path::{Path, is_bare};

/// Most members of a profile that are looked at.
const MAX_CANDIDATES: usize = 500;
/// Most names offered.
const MAX_OFFERED: usize = 3;

/// Names that mean the same thing at different providers, without case, `_` and `-`.
const SYNONYMS: &[&[&str]] = &[
    &["email", "mail", "emailaddress", "emails", "upn", "userprincipalname", "primaryemail"],
    &["emailverified", "verified", "verifiedemail", "emailisverified", "confirmed"],
    &["preferredusername", "username", "login", "nickname", "handle", "screenname", "upn"],
    &["picture", "avatarurl", "avatar", "photo", "photourl", "image", "profilepicture", "icon"],
    &["name", "displayname", "fullname", "cn", "globalname", "formattedname"],
    &["givenname", "firstname", "localizedfirstname", "forename"],
    &["familyname", "lastname", "surname", "sn", "localizedlastname"],
    &["locale", "language", "lang", "preferredlanguage", "preferredlocale"],
    &["phonenumber", "phone", "mobile", "mobilephone", "telephonenumber", "telephone"],
    &["website", "blog", "homepage", "url", "site"],
    &["profile", "htmlurl", "weburl", "profileurl", "link", "publicprofileurl"],
    &["zoneinfo", "timezone", "tz"],
    &["birthdate", "birthday", "dateofbirth", "dob"],
    &["gender", "sex"],
    &["sub", "id", "oid", "userid", "uid", "objectid"],
    &["groups", "group", "memberof", "roles", "teams"],
    &["department", "dept", "division", "organization", "org", "company"],
];

fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | ':'));
    kept.flat_map(char::to_lowercase).take(64).collect()
}

fn synonyms(left: &str, right: &str) -> bool {
    SYNONYMS.iter().any(|group| group.contains(&left) && group.contains(&right))
}

// Between two plain names: 0 is the same name; none is no likeness.
fn distance(left: &str, right: &str) -> Option<usize> {
    if left == right {
        return Some(0);
    }
    if synonyms(left, right) {
        return Some(1);
    }
    let (longer, shorter) = (left.len().max(right.len()), left.len().min(right.len()));
    if longer - shorter > 3 {
        return None;
    }
    let edits = strsim::damerau_levenshtein(left, right);
    (edits <= 3 && edits * 3 <= longer).then_some(1 + edits)
}

/// The known name that is most like an unknown one; none if none is like it.
pub(crate) fn nearest<'a>(
    unknown: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = plain(unknown);
    let likely =
        known.into_iter().filter_map(|name| Some((distance(&wanted, &plain(name))?, name)));
    likely.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// "Did you mean …?", or what is known where nothing is like it.
pub(crate) fn suggest(unknown: &str, known: &[&str]) -> String {
    match nearest(unknown, known.iter().copied()) {
        Some(name) => format!("Did you mean {name}?"),
        None => format!("Known are {}.", known.join(", ")),
    }
}

/// The names in a profile, to look for like ones in.
pub(crate) struct Names {
    // Plain name, number of steps, path.
    known: Vec<(String, usize, String)>,
}

impl Names {
    /// The names of members that hold something, at most 500.
    pub(crate) fn of(profile: &Value) -> Names {
        let mut ways = Vec::new();
        members(profile, &mut Vec::new(), &mut ways);
        let known = ways.into_iter().filter_map(|way| {
            let steps = way.len();
            let path = Path::of_names(way);
            Some((plain(path.last_name()?), steps, path.to_string()))
        });
        Names { known: known.collect() }
    }

    /// Paths whose names are like the last name of a path that led nowhere, the most likely
    /// first; at most three.
    pub(crate) fn near(&self, missing: &Path) -> Vec<String> {
        let Some(wanted) = missing.last_name().map(plain) else { return Vec::new() };
        let likely = self
            .known
            .iter()
            .filter_map(|(name, steps, path)| Some((distance(&wanted, name)?, *steps, path)));
        let mut likely: Vec<_> = likely.collect();
        likely.sort();
        likely.into_iter().map(|(_, _, path)| path.clone()).take(MAX_OFFERED).collect()
    }
}

// Every member of the profile that holds something, and the first entry of each list.
fn members(value: &Value, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut visit = |name: &str, inner: &Value| {
        if found.len() >= MAX_CANDIDATES || way.len() >= 6 {
            return;
        }
        way.push(name.to_owned());
        if !inner.is_null() {
            found.push(way.clone());
            members(inner, way, found);
        }
        way.pop();
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, inner)| visit(name, inner)),
        Value::Array(entries) => {
            entries.iter().take(1).for_each(|inner| visit("0", inner));
        }
        _ => {}
    }
}

/// A name as it is quoted in a sentence: bare if it is harmless, as JSON otherwise, and not long.
pub(crate) fn quoted(name: &str) -> String {
    let short: String = name.chars().take(60).collect();
    match is_bare(&short) && short.len() == name.len() {
        true => short,
        false => Value::from(short).to_string(),
    }
}

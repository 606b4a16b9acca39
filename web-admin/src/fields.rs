//! Reading forms: lists of URIs as rows or lines, check boxes, numbers, and which button was
//! pressed. Everything works without a script: Add, Remove and Change are buttons of the form.

use protocol::Params;
use protocol::redirect_uri::{ApplicationType, Environment, check_registration, check_web_uri};

/// What a form was sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Press {
    /// To be saved.
    Save,
    /// For one more row of a list.
    Add(String),
    /// For one row less: its id.
    Remove(String),
    /// To put in the value that would be accepted: the field's id.
    Fix(String),
    /// To see the same as a command.
    Command,
    /// To see what it would come to, or to move a line.
    Look,
}

impl Press {
    /// Which button a form was sent with.
    pub(crate) fn of(form: &Params) -> Press {
        let value = |name: &str| form.get(name).map(str::to_owned);
        if let Some(list) = value("add") {
            Press::Add(list)
        } else if let Some(row) = value("remove") {
            Press::Remove(row)
        } else if let Some(field) = value("fix") {
            Press::Fix(field)
        } else if form.has("command") {
            Press::Command
        } else if ["preview", "up", "down"].iter().any(|name| form.has(name)) {
            Press::Look
        } else {
            Press::Save
        }
    }

    /// Whether a list gets an empty row.
    pub(crate) fn adds(&self, list: &str) -> bool {
        matches!(self, Press::Add(name) if name == list)
    }

    /// Takes the row out of a list, if it is one of it.
    pub(crate) fn remove_from(&self, list: &str, uris: &mut Vec<String>) {
        let Press::Remove(row) = self else { return };
        if let Some(at) = index(list, row).filter(|at| *at < uris.len()) {
            uris.remove(at);
        }
    }

    /// Puts the accepted value into a row of a list, if it is one of it.
    pub(crate) fn fix_in(
        &self,
        list: &str,
        uris: &mut [String],
        kind: ApplicationType,
        environment: Environment,
    ) {
        let Press::Fix(row) = self else { return };
        if let Some(uri) = index(list, row).and_then(|at| uris.get_mut(at)) {
            let problem = check_registration(uri, kind, environment).err();
            if let Some(better) = problem.and_then(|problem| problem.fix()) {
                *uri = better;
            }
        }
    }

    /// Puts the accepted value into a single field, if it is this one.
    pub(crate) fn fix_link(
        &self,
        field: &str,
        value: &mut String,
        kind: ApplicationType,
        environment: Environment,
    ) {
        if matches!(self, Press::Fix(id) if id == field) {
            let problem = check_web_uri(value, kind, environment).err();
            if let Some(better) = problem.and_then(|problem| problem.fix()) {
                *value = better;
            }
        }
    }
}

fn index(list: &str, row: &str) -> Option<usize> {
    row.strip_prefix(list)?.strip_prefix('.')?.parse().ok()
}

/// A field without the blanks around it.
pub(crate) fn text(form: &Params, name: &str) -> String {
    form.get(name).unwrap_or_default().trim().to_owned()
}

/// A field that may be left empty.
pub(crate) fn optional(form: &Params, name: &str) -> Option<String> {
    Some(text(form, name)).filter(|text| !text.is_empty())
}

/// Whether a box is checked.
pub(crate) fn checked(form: &Params, name: &str) -> bool {
    form.has(name)
}

/// A list of URIs: the lines of one field, or the rows `name.0`, `name.1` … in their order. Empty
/// ones are left out while a form is read; the row to remove is counted before that.
pub(crate) fn uris(form: &Params, name: &str, press: &Press) -> Vec<String> {
    let mut found: Vec<String> = match form.get(name) {
        Some(lines) => lines.lines().map(|line| line.trim().to_owned()).collect(),
        None => rows(form, name),
    };
    press.remove_from(name, &mut found);
    found.retain(|uri| !uri.is_empty());
    found
}

fn rows(form: &Params, name: &str) -> Vec<String> {
    let last = form.names().filter_map(|field| index(name, field)).filter(|at| *at < 64).max();
    let row = |at: usize| text(form, &format!("{name}.{at}"));
    last.map_or_else(Vec::new, |last| (0..=last).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(raw: &str) -> Params {
        Params::parse(raw.as_bytes()).unwrap()
    }

    #[test]
    fn rows_and_lines_are_the_same_list() {
        let rows = form("u.0=https://a.test&u.1=&u.2=+https://b.test+&u.x=1&ux.0=2");
        let lines = form("u=https://a.test%0D%0A%0D%0A++https://b.test");
        for form in [rows, lines] {
            assert_eq!(uris(&form, "u", &Press::Save), ["https://a.test", "https://b.test"]);
        }
        assert!(uris(&form("u.99999999999=x&u.70=y"), "u", &Press::Save).is_empty());
    }

    #[test]
    fn the_pressed_row_goes() {
        let sent = form("u.0=a&u.1=&u.2=c&remove=u.2");
        let press = Press::of(&sent);
        assert_eq!(press, Press::Remove("u.2".into()));
        assert_eq!(uris(&sent, "u", &press), ["a"]);
        let foreign = form("u.0=a&remove=v.0");
        assert_eq!(uris(&foreign, "u", &Press::of(&foreign)), ["a"]);
    }

    #[test]
    fn the_cure_is_made_here_and_not_taken_from_the_form() {
        let press = Press::of(&form("fix=u.0"));
        let mut list = vec!["http://a.test/cb".to_owned()];
        press.fix_in("u", &mut list, ApplicationType::Web, Environment::Production);
        assert_eq!(list, ["https://a.test/cb"]);
    }
}

//! The form of a tenant's ways in as it was typed, what it says differently from what stands, and
//! moving a line up or down.

use directory::sign_in::{Shown, UpdateSignIn};
use protocol::Params;
use protocol::redirect_uri::{ApplicationType, Environment};
use store::settings::SignInSettings;

use super::Known;
use crate::fields::{self, Press};
use crate::views::stage::Change;

const NEED: &str = "need.";

/// What stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) version: i64,
    pub(super) settings: SignInSettings,
    /// Codes of all connections.
    pub(super) order: Vec<String>,
    pub(super) understood: bool,
}

impl Draft {
    pub(super) fn of(shown: &Shown, known: &[Known]) -> Draft {
        Draft {
            version: shown.version,
            settings: shown.settings.clone(),
            order: known.iter().map(|(code, ..)| code.clone()).collect(),
            understood: false,
        }
    }

    pub(super) fn read(form: &Params, known: &[Known], press: &Press) -> Draft {
        let link = |name: &str| {
            let mut url = fields::text(form, name);
            press.fix_link(name, &mut url, ApplicationType::Web, Environment::Production);
            Some(url).filter(|url| !url.is_empty())
        };
        Draft {
            version: fields::text(form, "version").parse().unwrap_or_default(),
            settings: SignInSettings {
                password: fields::checked(form, "password"),
                sign_up: fields::text(form, "sign_up") != "closed",
                required_fields: needs(form),
                terms_url: link("terms_url"),
                privacy_url: link("privacy_url"),
                help_url: link("help_url"),
            },
            order: order(form, known.iter().map(|(code, ..)| code.as_str())),
            understood: fields::checked(form, "understood"),
        }
    }

    pub(super) fn input(&self) -> UpdateSignIn {
        let order = Some(self.order.clone());
        UpdateSignIn { version: self.version, settings: self.settings.clone(), order }
    }

    /// Words of the links below the page.
    pub(super) fn words(&self) -> Vec<String> {
        let links = [
            ("Privacy", &self.settings.privacy_url),
            ("Terms", &self.settings.terms_url),
            ("Help", &self.settings.help_url),
        ];
        links.iter().filter(|(_, url)| url.is_some()).map(|(word, _)| (*word).to_owned()).collect()
    }

    /// The connections that are on, in the order of the form.
    pub(super) fn enabled(&self, known: &[Known]) -> Vec<(String, String)> {
        let find = |code: &String| known.iter().find(|(known, _, on)| known == code && *on);
        let pair = |(code, name, _): &Known| (code.clone(), name.clone());
        self.order.iter().filter_map(find).map(pair).collect()
    }

    /// What people will see differently from what stands.
    pub(super) fn changes(&self, standing: &Draft) -> Vec<Change> {
        let rows = standing.told().into_iter().zip(self.told());
        let differ = rows.filter(|((_, before), (_, after))| before != after);
        differ.map(|((what, before), (_, after))| Change { what, before, after }).collect()
    }

    fn told(&self) -> [(&'static str, String); 7] {
        let own = &self.settings;
        let nothing = || "nothing".to_owned();
        let link = |url: &Option<String>| url.clone().unwrap_or_else(nothing);
        let list = |all: &[String]| match all {
            [] => nothing(),
            all => all.join(", "),
        };
        [
            ("Password", if own.password { "asked for" } else { "not asked for" }.to_owned()),
            ("Order of connections", list(&self.order)),
            ("Sign-up", if own.sign_up { "open" } else { "closed" }.to_owned()),
            ("Asked for besides the email", list(&own.required_fields)),
            ("Privacy notice", link(&own.privacy_url)),
            ("Terms", link(&own.terms_url)),
            ("Help", link(&own.help_url)),
        ]
    }

    /// The form again under another version.
    pub(super) fn posted(&self, version: i64) -> Vec<(String, String)> {
        let own = &self.settings;
        let link = |url: &Option<String>| url.clone().unwrap_or_default();
        let mut fields = vec![
            ("version".to_owned(), version.to_string()),
            ("order".to_owned(), self.order.join(" ")),
            ("sign_up".to_owned(), if own.sign_up { "open" } else { "closed" }.to_owned()),
            ("privacy_url".to_owned(), link(&own.privacy_url)),
            ("terms_url".to_owned(), link(&own.terms_url)),
            ("help_url".to_owned(), link(&own.help_url)),
        ];
        let flags = [("password", own.password), ("understood", self.understood)];
        let flags = flags.into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned());
        let needs = own.required_fields.iter().map(|key| format!("{NEED}{key}"));
        fields.extend(flags.chain(needs).map(|name| (name, "1".to_owned())));
        fields
    }
}

/// The keys of the fields that are ticked.
pub(crate) fn needs(form: &Params) -> Vec<String> {
    form.names().filter_map(|name| name.strip_prefix(NEED)).map(str::to_owned).collect()
}

/// The order of a list after the pressed line moved; what the form does not name comes last, and
/// what is not known is left out.
pub(crate) fn order<'a>(form: &Params, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known: Vec<&str> = known.collect();
    let sent = fields::text(form, "order");
    let mut order: Vec<String> = Vec::with_capacity(known.len());
    for code in sent.split(' ').filter(|code| known.contains(code)).chain(known.iter().copied()) {
        if !order.iter().any(|there| there == code) {
            order.push(code.to_owned());
        }
    }
    let place = |name: &str| {
        let code = form.get(name)?;
        order.iter().position(|there| there == code)
    };
    let swap = match (place("up"), place("down")) {
        (Some(at), _) => at.checked_sub(1),
        (None, at) => at,
    };
    if let Some(at) = swap.filter(|at| at + 1 < order.len()) {
        order.swap(at, at + 1);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_moves_up_or_down_and_stays_in_the_list() {
        let moved = |sent: &str| {
            let form = Params::parse(sent.as_bytes()).unwrap();
            order(&form, ["a", "b", "c"].into_iter()).join("")
        };
        assert_eq!(moved("order=a+b+c"), "abc");
        assert_eq!(moved("order=c+a"), "cab");
        assert_eq!(moved("order=a+b+c&up=b"), "bac");
        assert_eq!(moved("order=a+b+c&up=a"), "abc");
        assert_eq!(moved("order=a+b+c&down=b"), "acb");
        assert_eq!(moved("order=a+b+c&down=c"), "abc");
        assert_eq!(moved("order=x+b+b+a&down=x"), "bac");
        assert_eq!(moved(""), "abc");
    }
}

//! The form of an application's sign-in page as it was typed, and as the command takes it.

use directory::applications::{Shown, UpdateSignIn};
use directory::colour::Scheme;
use protocol::Params;
use protocol::redirect_uri::{ApplicationType, Environment};

use crate::fields::{self, Press};
use crate::stage;
use crate::views::applications::ConflictRow;
use crate::ways::{Known, needs, order};

/// The name of the password among the ways in.
pub(super) const PASSWORD: &str = "password";

/// What stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) version: i64,
    pub(super) own_ways: bool,
    /// All ways, those that are not ticked too.
    pub(super) order: Vec<String>,
    pub(super) ticked: Vec<String>,
    pub(super) sign_up: Option<bool>,
    pub(super) own_needs: bool,
    pub(super) needs: Vec<String>,
    pub(super) logo: String,
    pub(super) brand: String,
    pub(super) privacy_url: String,
    pub(super) terms_url: String,
}

impl Draft {
    pub(super) fn of(shown: &Shown, known: &[Known]) -> Draft {
        let standing = UpdateSignIn::of(shown.row.version, &shown.config);
        let ticked = standing.connections.clone().unwrap_or_default();
        let rest = every(known).filter(|way| !ticked.iter().any(|there| there == way));
        let order = ticked.iter().map(String::as_str).chain(rest).map(str::to_owned).collect();
        Draft {
            version: standing.version,
            own_ways: standing.connections.is_some(),
            order,
            ticked: match standing.connections {
                Some(own) => own,
                None => every(known).map(str::to_owned).collect(),
            },
            sign_up: standing.sign_up,
            own_needs: standing.required_fields.is_some(),
            needs: standing.required_fields.unwrap_or_default(),
            logo: standing.logo.unwrap_or_default(),
            brand: standing.brand.unwrap_or_default(),
            privacy_url: standing.privacy_url.unwrap_or_default(),
            terms_url: standing.terms_url.unwrap_or_default(),
        }
    }

    pub(super) fn read(form: &Params, known: &[Known], press: &Press) -> Draft {
        let removed = |field: &str| matches!(press, Press::Remove(name) if name == field);
        let kept = |field: &str, name: &str| match removed(field) {
            true => String::new(),
            false => fields::text(form, name),
        };
        let link = |name: &str| {
            let mut url = fields::text(form, name);
            press.fix_link(name, &mut url, ApplicationType::Web, Environment::Production);
            url
        };
        let mut brand = kept("brand", "brand");
        if matches!(press, Press::Fix(field) if field == "brand") {
            brand = stage::cured(&brand, Scheme::Light).unwrap_or(brand);
        }
        let order = order(form, every(known));
        Draft {
            version: fields::text(form, "version").parse().unwrap_or_default(),
            own_ways: fields::text(form, "ways") == "own",
            ticked: order.iter().filter(|way| form.has(&format!("way.{way}"))).cloned().collect(),
            order,
            sign_up: match fields::text(form, "sign_up").as_str() {
                "open" => Some(true),
                "closed" => Some(false),
                _ => None,
            },
            own_needs: fields::text(form, "needs") == "own",
            needs: needs(form),
            logo: kept("logo", "logo_id"),
            brand,
            privacy_url: link("privacy_url"),
            terms_url: link("terms_url"),
        }
    }

    /// The ways that are ticked, in their order.
    pub(super) fn chosen_ways(&self) -> Vec<String> {
        self.order.iter().filter(|way| self.ticked.contains(way)).cloned().collect()
    }

    pub(super) fn sign_up_word(&self) -> &'static str {
        match self.sign_up {
            Some(true) => "open",
            Some(false) => "closed",
            None => "tenant",
        }
    }

    pub(super) fn input(&self) -> UpdateSignIn {
        let optional = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        UpdateSignIn {
            version: self.version,
            connections: self.own_ways.then(|| self.chosen_ways()),
            sign_up: self.sign_up,
            required_fields: self.own_needs.then(|| self.needs.clone()),
            logo: optional(&self.logo),
            brand: optional(&self.brand),
            privacy_url: optional(&self.privacy_url),
            terms_url: optional(&self.terms_url),
        }
    }

    /// Where the form differs from what stands.
    pub(super) fn against(&self, standing: &Draft) -> Vec<ConflictRow> {
        let rows = self.told().into_iter().zip(standing.told());
        let differ = rows.filter(|((_, yours), (_, theirs))| yours != theirs);
        differ
            .map(|((label, yours), (_, theirs))| ConflictRow {
                label: label.to_owned(),
                yours,
                theirs,
            })
            .collect()
    }

    fn told(&self) -> [(&'static str, String); 7] {
        let own = |own: bool, list: Vec<String>| match own {
            true => list.join(", "),
            false => "as the tenant has it".to_owned(),
        };
        [
            ("Ways to sign in", own(self.own_ways, self.chosen_ways())),
            ("Sign-up", self.sign_up_word().to_owned()),
            ("Required fields", own(self.own_needs, self.needs.clone())),
            ("Logo", self.logo.clone()),
            ("Colour", self.brand.clone()),
            ("Privacy notice", self.privacy_url.clone()),
            ("Terms", self.terms_url.clone()),
        ]
    }

    /// The form again under another version.
    pub(super) fn posted(&self, version: i64) -> Vec<(String, String)> {
        let word = |own: bool| if own { "own" } else { "tenant" }.to_owned();
        let mut fields = vec![
            ("version".to_owned(), version.to_string()),
            ("ways".to_owned(), word(self.own_ways)),
            ("order".to_owned(), self.order.join(" ")),
            ("sign_up".to_owned(), self.sign_up_word().to_owned()),
            ("needs".to_owned(), word(self.own_needs)),
            ("logo_id".to_owned(), self.logo.clone()),
            ("brand".to_owned(), self.brand.clone()),
            ("privacy_url".to_owned(), self.privacy_url.clone()),
            ("terms_url".to_owned(), self.terms_url.clone()),
        ];
        let ways = self.chosen_ways().into_iter().map(|way| format!("way.{way}"));
        let needs = self.needs.iter().map(|key| format!("need.{key}"));
        fields.extend(ways.chain(needs).map(|name| (name, "1".to_owned())));
        fields
    }
}

/// Every way there is, as the tenant orders them.
fn every(known: &[Known]) -> impl Iterator<Item = &str> {
    std::iter::once(PASSWORD).chain(known.iter().map(|(code, ..)| code.as_str()))
}

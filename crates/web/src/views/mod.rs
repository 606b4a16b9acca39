//! What the pages of every face have in common, as data: the frame around a page, links, form
//! problems, and the two pages that more than one face shows (a message, the form_post answer).
//!
//! Pure values in, HTML out: no request, no clock, no database. Texts a visitor reads come from
//! the caller or from the error catalogue; the words around them are in `templates/`.

mod form_post;
mod headlines;
mod look;
mod message;

pub use form_post::FormPost;
pub use headlines::headline;
pub use look::{BRAND, Logo, Look, theme_css};
pub use message::{Details, Message, Mood};

/// What stands around the content of a hosted page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// BCP 47 language of the page.
    pub lang: &'static str,
    /// Writing direction: `ltr` or `rtl`.
    pub dir: &'static str,
    /// Display name of the tenant, or of the product where no tenant is known.
    pub tenant: String,
    /// Whether the product's mark stands in place of the tenant's tile.
    pub own_mark: bool,
    /// The host the visitor is on, as the address bar shows it.
    pub host: String,
    /// Style sheet that sets the tenant's colours.
    pub theme: Option<String>,
    /// The tenant's logo in place of its tile and name.
    pub logo: Option<Logo>,
    /// The logo on dark pages, where it is another one.
    pub logo_dark: Option<Logo>,
    /// `light` or `dark` for a page that is not to follow the system; empty for every other.
    pub scheme: &'static str,
    /// Links of the page's foot: privacy notice and terms of the application.
    pub links: Vec<Link>,
    /// The short code under which what happens on the page is found in the log; empty on pages of
    /// no flow.
    pub support: String,
}

impl Frame {
    /// The frame of a tenant's page. `path` is the tenant's URL prefix (`/t/acme`, or empty on
    /// its own host) and `brand` its colour as `#rrggbb`; another spelling keeps the default.
    #[must_use]
    pub fn tenant(name: &str, host: &str, path: &str, brand: &str) -> Frame {
        Frame {
            tenant: name.to_owned(),
            own_mark: false,
            host: host.to_owned(),
            theme: Look::of(brand).file().map(|file| format!("{path}/{file}")),
            logo: None,
            logo_dark: None,
            scheme: "",
            links: Vec::new(),
            support: String::new(),
            lang: "en",
            dir: "ltr",
        }
    }

    /// The frame of a page that belongs to no tenant, such as "there is no page here".
    #[must_use]
    pub fn installation(host: &str) -> Frame {
        let mut frame = Frame::tenant("Tessera", host, "", "");
        frame.own_mark = true;
        frame
    }

    /// Puts a logo in place of the tile and the name.
    #[must_use]
    pub fn with_logo(mut self, light: Option<Logo>, dark: Option<Logo>) -> Frame {
        // A tenant that has but one shows it on both.
        self.logo_dark = dark.filter(|dark| light.as_ref() != Some(dark));
        self.logo = light.or_else(|| self.logo_dark.take());
        self
    }

    /// Adds the application's own notices to the foot of the page.
    #[must_use]
    pub fn with_notices(mut self, privacy: Option<&str>, terms: Option<&str>) -> Frame {
        for (text, url) in [("Privacy", privacy), ("Terms", terms)] {
            self.links.extend(url.and_then(|url| Link::new(text, url)));
        }
        self
    }

    /// Adds where to find help to the foot of the page.
    #[must_use]
    pub fn with_help(mut self, url: Option<&str>) -> Frame {
        self.links.extend(url.and_then(|url| Link::new("Help", url)));
        self
    }

    /// Marks a page of a flow with its support code: who asks for help reads it out.
    #[must_use]
    pub fn of_flow(mut self, id: &str) -> Frame {
        self.support = store::support_code(id);
        self
    }

    /// The one or two characters on the tenant's tile.
    #[must_use]
    pub fn initial(&self) -> String {
        monogram(&self.tenant, 1)
    }

    /// The address of an embedded file; here so that one base page serves every crate.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }
}

/// First letters of the first words, upper case: `Ann Archer` gives `AA`.
#[must_use]
pub fn monogram(name: &str, letters: usize) -> String {
    let firsts =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let text: String = firsts.take(letters).flat_map(char::to_uppercase).collect();
    if text.is_empty() { "?".to_owned() } else { text }
}

/// A link whose address has been looked at: our own path, or an absolute http(s) URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The words of the link.
    pub text: String,
    /// The address.
    pub url: String,
}

impl Link {
    /// A link, or `None` for an address that a page must not lead to (`javascript:`, `data:`,
    /// scheme-relative `//host`, control characters).
    #[must_use]
    pub fn new(text: impl Into<String>, url: &str) -> Option<Link> {
        let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
        let ours = url.starts_with('/') && !url.starts_with("//") && !url.contains('\\');
        let theirs = lower.starts_with("https://") || lower.starts_with("http://");
        let clean = !url.chars().any(|c| c.is_control() || c == ' ');
        (clean && (ours || theirs)).then(|| Link { text: text.into(), url: url.to_owned() })
    }
}

/// One thing wrong with a form: said in the summary and again at the field, in the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `id` of the field.
    pub field: String,
    /// What is wrong and what to do, in one or two sentences.
    pub message: String,
}

/// The problems of one submitted form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// No problems: the form as first shown.
    #[must_use]
    pub fn none() -> Problems {
        Problems::default()
    }

    /// One problem.
    #[must_use]
    pub fn one(field: &str, message: impl Into<String>) -> Problems {
        let mut problems = Problems::none();
        problems.add(field, message);
        problems
    }

    /// Adds a problem of a field.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Problem { field: field.to_owned(), message: message.into() });
    }

    /// Whether the form was accepted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first problem of a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|p| p.field == field).map(|p| p.message.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_our_paths_or_to_http() {
        for good in
            ["/t/acme/x", "https://app.example/", "http://localhost:3000/", "HTTPS://A.example"]
        {
            assert!(Link::new("x", good).is_some(), "{good}");
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/\\evil.example",
            "https://a\n.example",
            " https://a.example",
            "ftp://a",
            "app:/x",
        ] {
            assert!(Link::new("x", bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn monograms() {
        assert_eq!(monogram("Ann Maria Archer", 2), "AM");
        assert_eq!(monogram("acme", 1), "A");
        assert_eq!(monogram("  (émile) ", 2), "É");
        assert_eq!(monogram("", 2), "?");
    }

    #[test]
    fn problems_are_found_by_field() {
        let mut problems = Problems::one("username", "Enter your email");
        problems.add("password", "Enter your password");
        assert_eq!(problems.of("password"), Some("Enter your password"));
        assert_eq!(problems.of("name"), None);
        assert!(Problems::none().is_empty());
    }
}

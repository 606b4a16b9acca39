//! The texts that come with the server: one file of data per language. A further language is a
//! further file in `mails/` and a line in `LANGUAGES`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::Template;

/// The languages and their files, the fallback first.
const LANGUAGES: &[(&str, &str)] =
    &[("en", include_str!("../../mails/en.toml")), ("de", include_str!("../../mails/de.toml"))];

/// A mail as somebody wrote it: with placeholders, in the short form of [`super::blocks`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// The words around every mail in one language.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct FrameWords {
    /// The language in its own words.
    pub name: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// What stands before the address of a button in full.
    pub link: String,
    /// Who sent it.
    pub sent: String,
    /// The line with the support code.
    pub support: String,
}

#[derive(Deserialize)]
struct File {
    frame: FrameWords,
    #[serde(flatten)]
    texts: BTreeMap<String, Text>,
}

fn files() -> &'static BTreeMap<&'static str, File> {
    static FILES: OnceLock<BTreeMap<&'static str, File>> = OnceLock::new();
    // The files are part of the program; a test reads every one of them.
    FILES.get_or_init(|| {
        LANGUAGES
            .iter()
            .filter_map(|(code, text)| Some((*code, toml::from_str(text).ok()?)))
            .collect()
    })
}

/// The codes of all languages, the fallback first.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(code, _)| *code)
}

/// A language there are texts in, from a BCP 47 tag such as `de-AT`.
pub fn language(tag: &str) -> Option<&'static str> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    languages().find(|code| code.eq_ignore_ascii_case(primary))
}

/// The name of a language in its own words.
pub fn language_name(code: &str) -> &'static str {
    files().get(code).map_or("", |file| file.frame.name.as_str())
}

/// The text that comes with the server; in the fallback language where there is none in this one.
pub fn builtin(template: Template, language: &str) -> Text {
    let find = |code: &str| files().get(code)?.texts.get(template.as_str()).cloned();
    let text = find(language).or_else(|| find(LANGUAGES[0].0)).unwrap_or_default();
    Text { subject: text.subject, body: text.body.trim().to_owned() }
}

/// The words around a mail.
pub(super) fn frame(language: &str) -> FrameWords {
    let find = |code: &str| files().get(code).map(|file| file.frame.clone());
    find(language).or_else(|| find(LANGUAGES[0].0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn every_language_has_every_mail_and_each_passes_the_check() {
        for code in languages() {
            let file = files().get(code).expect("it is TOML");
            assert!(!file.frame.name.is_empty() && !file.frame.link.is_empty(), "{code}");
            assert_eq!(file.texts.len(), Template::ALL.len(), "{code}");
            for template in Template::ALL {
                let text = &file.texts[template.as_str()];
                let problems = check::problems(template, text);
                assert!(problems.is_empty(), "{code} {}: {problems:?}", template.as_str());
            }
        }
    }

    #[test]
    fn a_tag_finds_its_language() {
        assert_eq!(language("de-AT"), Some("de"));
        assert_eq!(language("EN_us"), Some("en"));
        assert_eq!(language("fr"), None);
        assert_eq!(language(""), None);
    }
}

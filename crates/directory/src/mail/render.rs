//! From a message and a text to what leaves the house: subject, plain text and HTML. Every value is
//! data: cut, freed of characters that steer a reader's eye, escaped where it stands, and put in
//! once. The one link of a mail leads to our own address or the mail is not made.

use std::collections::BTreeMap;

use context::{Settings, Tenant};
use store::Timestamp;

use super::blocks::{self, Block};
use super::texts::{self, FrameWords, Text};
use super::{Message, html};

/// Longest value of a placeholder, in characters.
const VALUE_MAX: usize = 120;
/// Longest subject once its values are in, in characters.
const SUBJECT_MAX: usize = 200;

/// A mail as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject: one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where it leads.
    pub links: Vec<String>,
}

/// Why a mail cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its link does not lead to us.
    #[error("its link does not lead to this installation")]
    ForeignLink,
    /// The text cannot be read.
    #[error("its text cannot be read")]
    Text,
}

/// A block with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filled {
    Paragraph(String),
    Button { label: String, link: String },
    Code(String),
    Note(String),
}

/// What a mail is made from beside its message.
pub struct Setting<'a> {
    /// Whose mail it is.
    pub tenant: &'a Tenant,
    /// The installation's settings.
    pub settings: &'a Settings,
    /// The language the text is in.
    pub language: &'a str,
    /// When the mail was decided.
    pub at: Timestamp,
}

/// Makes a mail.
///
/// # Errors
/// [`Refused`] when its link or its text is not fit to be sent.
pub fn render(on: &Setting, message: &Message, text: &Text) -> Result<Rendered, Refused> {
    let link = link(on, message)?;
    let values = values(on, message, link);
    let parsed = blocks::parse(&text.body).map_err(|_| Refused::Text)?;
    let filled: Vec<Filled> = parsed.iter().filter_map(|block| fill(block, &values)).collect();
    let subject = blocks::fill(&text.subject, &values);
    let subject = cut(&subject.unwrap_or_else(|| on.tenant.name.clone()), SUBJECT_MAX);
    let words = texts::frame(on.language);
    let foot = foot(&words, &values, &message.flow);
    let links = filled.iter().any(|f| matches!(f, Filled::Button { .. }) || holds(f, link));
    Ok(Rendered {
        text: plain(&filled, &foot),
        html: html::document(on, &words, &subject, &filled, &foot),
        links: links.then(|| link.to_owned()).into_iter().filter(|l| !l.is_empty()).collect(),
        subject,
    })
}

fn holds(filled: &Filled, link: &str) -> bool {
    match filled {
        Filled::Paragraph(t) | Filled::Code(t) | Filled::Note(t) => t.contains(link),
        Filled::Button { .. } => true,
    }
}

/// The link of a message, if it leads to the tenant or to the console. Both addresses come from the
/// configuration, never from a request.
fn link<'m>(on: &Setting, message: &'m Message) -> Result<&'m str, Refused> {
    let Some(link) = message.values.get("link").filter(|link| !link.is_empty()) else {
        return Ok("");
    };
    let below = |base: &str| {
        link.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let plain =
        link.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\'));
    let ours = below(&on.tenant.issuer) || below(&on.settings.base_url);
    if plain && ours { Ok(link) } else { Err(Refused::ForeignLink) }
}

fn values<'m>(on: &Setting, message: &'m Message, link: &str) -> BTreeMap<&'m str, String> {
    let mut values: BTreeMap<&str, String> =
        message.values.iter().map(|(name, value)| (name.as_str(), clean(value))).collect();
    let tenant = clean(&on.tenant.name);
    for name in ["application", "organization", "inviter"] {
        values.entry(name).or_default();
        if values[name].is_empty() {
            values.insert(name, tenant.clone());
        }
    }
    values.insert("tenant", tenant);
    values.insert("link", link.to_owned());
    if values.get("email").is_none_or(String::is_empty) {
        values.insert("email", clean(&message.to));
    }
    if values.get("when").is_none_or(String::is_empty) {
        values.insert("when", moment(on.at));
    }
    values
}

/// A moment as it stands in mails of every language.
fn moment(at: Timestamp) -> String {
    chrono::DateTime::from_timestamp_micros(at.0)
        .map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default()
}

/// A value as text: without line breaks, control characters and marks that reorder what is read,
/// not longer than a line, and nothing that a mail program would make a link of.
pub(super) fn clean(value: &str) -> String {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let spaced: String = value.chars().map(|c| if invisible(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    cut(&words.join(" ").replace("://", ": ").replace("www.", "www "), VALUE_MAX)
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn fill(block: &Block, values: &BTreeMap<&str, String>) -> Option<Filled> {
    Some(match block {
        Block::Paragraph(text) => Filled::Paragraph(blocks::fill(text, values)?),
        Block::Code(text) => Filled::Code(blocks::fill(text, values)?),
        Block::Note(text) => Filled::Note(blocks::fill(text, values)?),
        Block::Button(label) => {
            let link = values.get("link").filter(|link| !link.is_empty())?;
            Filled::Button { label: blocks::fill(label, values)?, link: link.clone() }
        }
    })
}

fn foot(words: &FrameWords, values: &BTreeMap<&str, String>, flow: &str) -> Vec<String> {
    let mut lines: Vec<String> = blocks::fill(&words.sent, values).into_iter().collect();
    if !flow.is_empty() {
        let code = BTreeMap::from([("support", store::support_code(flow))]);
        lines.extend(blocks::fill(&words.support, &code));
    }
    lines
}

/// A mail for a preview: its own document, with what a mail program shows above it and the plain
/// text below.
pub fn framed(mail: &Rendered, sender: &str) -> String {
    let line = "margin:0;padding:10px 16px;font:13px/1.4 system-ui,sans-serif;border-bottom:1px solid #8888";
    let text = "margin:0;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,monospace";
    let head = format!(
        "<p style=\"{line}\"><b>{}</b><br>{}</p>\n",
        html::escape(&mail.subject),
        html::escape(sender)
    );
    let foot = format!(
        "<details style=\"{line}\"><summary>Plain text</summary><pre style=\"{text}\">{}</pre></details>\n",
        html::escape(&mail.text)
    );
    let (before, rest) = mail.html.split_once("<div class=\"slab\"").unwrap_or_default();
    let (body, end) = rest.split_once("</body>").unwrap_or_default();
    format!("{before}{head}<div class=\"slab\"{body}{foot}</body>{end}")
}

fn plain(blocks: &[Filled], foot: &[String]) -> String {
    let mut parts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Filled::Paragraph(text) | Filled::Note(text) => text.clone(),
            Filled::Code(text) => format!("    {text}"),
            Filled::Button { label, link } => format!("{label}:\n{link}"),
        })
        .collect();
    parts.push(format!("-- \n{}", foot.join("\n")));
    parts.join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_short_line_of_visible_text() {
        assert_eq!(clean("Ann\r\nBcc: x@y.test"), "Ann Bcc: x@y.test");
        assert_eq!(clean("a\u{202e}b\u{200f}c\u{0}"), "a b c");
        assert_eq!(clean("see https://evil.test now"), "see https: evil.test now");
        assert_eq!(clean("www.evil.test"), "www evil.test");
        let long = clean(&"x".repeat(10_000));
        assert_eq!(long.chars().count(), VALUE_MAX);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn moments_read_the_same_everywhere() {
        assert_eq!(moment(Timestamp::from_seconds(1_800_000_000)), "2027-01-15 08:00 UTC");
    }
}

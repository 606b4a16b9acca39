//! What a text may hold: the placeholders of its mail, spelled right, and the link where the mail
//! is nothing without it. Checked before a text is saved, so that no mail fails when it is sent.

use super::Template;
use super::blocks::{self, Block, Piece};
use super::texts::Text;
use crate::error::FieldError;

/// Longest subject, in characters.
pub const SUBJECT_MAX: usize = 150;
/// Longest text, in characters.
pub const BODY_MAX: usize = 10_000;

/// A placeholder: its name, what stands for it, and a value for previews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// An example.
    pub example: &'static str,
}

const fn placeholder(
    name: &'static str,
    meaning: &'static str,
    example: &'static str,
) -> Placeholder {
    Placeholder { name, meaning, example }
}

const COMMON: [Placeholder; 6] = [
    placeholder("tenant", "Name of the tenant", ""),
    placeholder("email", "Address the mail goes to", "ada@example.com"),
    placeholder("name", "Name of the person, where it is known", "Ada Adler"),
    placeholder("application", "Name of the application, or of the tenant", "Web shop"),
    placeholder("when", "When it happened, UTC", "2026-05-04 09:30 UTC"),
    placeholder("ip", "Address of the browser, where there is one", "192.0.2.7"),
];
const LINK: Placeholder = placeholder("link", "The link of this mail", "");
const PROVIDER: Placeholder = placeholder("provider", "Name of the connection", "Google");
const ORGANIZATION: Placeholder =
    placeholder("organization", "Name of the organization", "Harbour");
const INVITER: Placeholder = placeholder("inviter", "Who invites", "Ben Brook");

/// The placeholders of a mail.
pub fn placeholders(template: Template) -> Vec<Placeholder> {
    let own: &[Placeholder] = match template {
        Template::Test => &[],
        Template::IdentityChanged | Template::ConfirmLink => &[LINK, PROVIDER],
        Template::OrganizationInvitation => &[LINK, ORGANIZATION, INVITER],
        Template::AdminInvitation => &[LINK, INVITER],
        _ => &[LINK],
    };
    own.iter().chain(&COMMON).copied().collect()
}

/// Whether the mail is nothing without its link.
pub fn needs_link(template: Template) -> bool {
    !matches!(
        template,
        Template::AlreadyRegistered
            | Template::PasswordChanged
            | Template::IdentityChanged
            | Template::Test
    )
}

/// Everything that is wrong with a text.
pub fn problems(template: Template, text: &Text) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if text.subject.trim().is_empty() {
        errors.push(FieldError::new("subject", "required", "Enter a subject."));
    }
    if text.subject.chars().count() > SUBJECT_MAX {
        let said = format!("Shorten the subject to {SUBJECT_MAX} characters.");
        errors.push(FieldError::new("subject", "too_long", said));
    }
    if text.subject.chars().any(char::is_control) {
        errors.push(FieldError::new("subject", "characters", "Write the subject in one line."));
    }
    if text.body.trim().is_empty() {
        errors.push(FieldError::new("body", "required", "Enter a text."));
    }
    if text.body.chars().count() > BODY_MAX {
        let said = format!("Shorten the text to {BODY_MAX} characters.");
        errors.push(FieldError::new("body", "too_long", said));
    }
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.body.chars().any(odd) {
        errors.push(FieldError::new("body", "characters", "Remove control characters."));
    }
    names(template, "subject", &text.subject, &mut errors);
    names(template, "body", &text.body, &mut errors);
    shape(template, text, &mut errors);
    errors
}

fn names(template: Template, field: &'static str, text: &str, errors: &mut Vec<FieldError>) {
    let known = placeholders(template);
    for (at, line) in text.lines().enumerate() {
        for piece in blocks::pieces(line) {
            let said = match piece {
                Piece::Words(_) => continue,
                Piece::Stray => {
                    "A brace stands alone. Placeholders are written like {tenant}.".to_owned()
                }
                Piece::Placeholder("link") if field == "subject" => {
                    "The subject must not hold {link}: subjects are logged on their way.".to_owned()
                }
                Piece::Placeholder(name) if known.iter().any(|p| p.name == name) => continue,
                Piece::Placeholder(name) => unknown(name, &known),
            };
            let said = if field == "body" { format!("Line {}: {said}", at + 1) } else { said };
            errors.push(FieldError::new(field, "placeholder", said));
        }
    }
}

fn unknown(name: &str, known: &[Placeholder]) -> String {
    let near = known
        .iter()
        .map(|p| (strsim::damerau_levenshtein(name, p.name), p.name))
        .filter(|(distance, near)| *distance <= 3 && *distance * 2 < near.len())
        .min();
    let name: String = name.chars().take(40).collect();
    match near {
        Some((_, near)) => {
            format!("This mail has no placeholder {{{name}}}. Did you mean {{{near}}}?")
        }
        None => {
            let all: Vec<String> = known.iter().map(|p| format!("{{{}}}", p.name)).collect();
            format!("This mail has no placeholder {{{name}}}. It has {}.", all.join(", "))
        }
    }
}

fn shape(template: Template, text: &Text, errors: &mut Vec<FieldError>) {
    let blocks = match blocks::parse(&text.body) {
        Ok(blocks) => blocks,
        Err(bad) => {
            let said = format!("Line {}: {}", bad.line, bad.why);
            return errors.push(FieldError::new("body", "block", said));
        }
    };
    let has_link = |block: &Block| match block {
        Block::Button(_) => true,
        Block::Paragraph(text) | Block::Note(text) | Block::Code(text) => text.contains("{link}"),
    };
    if needs_link(template) && !text.body.trim().is_empty() && !blocks.iter().any(has_link) {
        let said = "This mail is nothing without its link. Keep a line such as [Label]({link}).";
        errors.push(FieldError::new("body", "link_missing", said));
    }
    if template == Template::Test && blocks.iter().any(|b| matches!(b, Block::Button(_))) {
        errors.push(FieldError::new("body", "block", "This mail has no link and no button."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(template: Template, subject: &str, body: &str) -> Vec<String> {
        let text = Text { subject: subject.into(), body: body.into() };
        problems(template, &text)
            .into_iter()
            .map(|e| format!("{} {}", e.field, e.message))
            .collect()
    }

    #[test]
    fn an_unknown_placeholder_is_named_with_the_nearest() {
        let all = said(Template::ResetPassword, "Hi {tennant}", "{lnik}\n\n{a.b} [x]({link})");
        assert!(all[0].contains("{tennant}. Did you mean {tenant}?"), "{all:?}");
        assert!(all[1].contains("Line 1") && all[1].contains("Did you mean {link}?"), "{all:?}");
        assert!(all[2].contains("{a.b}. It has {link}, "), "{all:?}");
        assert!(said(Template::ResetPassword, "x", "{organization} [x]({link})").len() == 1);
    }

    #[test]
    fn the_link_stays_where_the_mail_is_nothing_without_it() {
        assert_eq!(said(Template::ResetPassword, "x", "Hello").len(), 1);
        assert!(said(Template::ResetPassword, "x", "`{link}`").is_empty());
        assert!(said(Template::PasswordChanged, "x", "Hello").is_empty());
        assert_eq!(said(Template::PasswordChanged, "{link}", "Hello").len(), 1);
        assert_eq!(said(Template::Test, "x", "[y]({link})").len(), 2);
    }

    #[test]
    fn what_is_too_long_broken_or_empty_is_refused() {
        assert_eq!(said(Template::Test, "", "").len(), 2);
        assert_eq!(said(Template::Test, "a\r\nBcc: x@y.test", "b").len(), 1);
        assert_eq!(said(Template::Test, &"a".repeat(200), &"b".repeat(20_000)).len(), 2);
        assert_eq!(said(Template::Test, "a", "b {").len(), 1);
        assert_eq!(said(Template::Test, "a", "b \u{0}").len(), 1);
    }
}

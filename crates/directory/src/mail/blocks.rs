//! The short form mails are written in, and what it means. Blank lines part blocks:
//! `[Label]({link})` alone is a button, `> …` a note, `` `…` `` text to copy, everything else a
//! paragraph. Nothing is markup beyond that: what a value holds is always text.

use std::collections::BTreeMap;

/// One block of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Text.
    Paragraph(String),
    /// A button to the link of the mail, with its label.
    Button(String),
    /// Text to copy.
    Code(String),
    /// Something said beside.
    Note(String),
}

/// A block that cannot be read, with the line it begins in (counted from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadBlock {
    /// The line.
    pub line: usize,
    /// What is wrong, as a sentence.
    pub why: &'static str,
}

/// Reads a text.
///
/// # Errors
/// The first block that cannot be read.
pub fn parse(body: &str) -> Result<Vec<Block>, BadBlock> {
    let mut blocks = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut first = 1;
    for (at, line) in body.lines().chain([""]).enumerate() {
        if !line.trim().is_empty() {
            if lines.is_empty() {
                first = at + 1;
            }
            lines.push(line.trim());
        } else if !lines.is_empty() {
            blocks.push(block(&lines).map_err(|why| BadBlock { line: first, why })?);
            lines.clear();
        }
    }
    Ok(blocks)
}

fn block(lines: &[&str]) -> Result<Block, &'static str> {
    let text = lines.join(" ");
    if let Some(rest) = text.strip_prefix('[').filter(|_| text.contains("](")) {
        let (label, target) = rest.split_once("](").unwrap_or_default();
        return match target {
            "{link})" if label.trim().is_empty() => Err("A button needs a label."),
            "{link})" => Ok(Block::Button(label.trim().to_owned())),
            _ => Err("A button leads to {link} and nowhere else: write [Label]({link})."),
        };
    }
    if lines.iter().all(|line| line.starts_with('>')) {
        let inner: Vec<&str> = lines.iter().map(|line| line[1..].trim()).collect();
        return Ok(Block::Note(inner.join(" ").trim().to_owned()));
    }
    match text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(code) if !code.is_empty() && !code.contains('`') => Ok(Block::Code(code.to_owned())),
        _ => Ok(Block::Paragraph(text)),
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As it stands.
    Words(&'a str),
    /// The name of a placeholder.
    Placeholder(&'a str),
    /// A brace that belongs to none.
    Stray,
}

/// Takes a text apart. Placeholders are `{name}`; they are looked for once, so that a value that
/// holds braces stays what it is.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        if at > 0 {
            found.push(Piece::Words(&rest[..at]));
        }
        let inside = rest[at..].strip_prefix('{').and_then(|after| after.split_once('}'));
        match inside {
            Some((name, after)) if !name.contains('{') => {
                found.push(Piece::Placeholder(name));
                rest = after;
            }
            _ => {
                found.push(Piece::Stray);
                rest = &rest[at + 1..];
            }
        }
    }
    if !rest.is_empty() {
        found.push(Piece::Words(rest));
    }
    found
}

/// Puts values in; `None` when one of them is missing.
pub(super) fn fill(text: &str, values: &BTreeMap<&str, String>) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Placeholder(name) => {
                out.push_str(values.get(name).filter(|value| !value.is_empty())?);
            }
            Piece::Stray => {}
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let text = "Hello\nworld.\n\n[Do it]({link})\n\n> a\n> b\n\n`{link}`\n\n> not\nonly a note";
        assert_eq!(
            parse(text).unwrap(),
            [
                Block::Paragraph("Hello world.".into()),
                Block::Button("Do it".into()),
                Block::Note("a b".into()),
                Block::Code("{link}".into()),
                Block::Paragraph("> not only a note".into()),
            ]
        );
    }

    #[test]
    fn a_button_leads_to_the_link_only() {
        let bad = parse("a\n\n[x](https://evil.test)").unwrap_err();
        assert_eq!(bad.line, 3);
        for text in ["[x](javascript:1)", "[]({link})", "[x]({link}) and more", "[x]({email})"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("[x] is no button").is_ok());
    }

    #[test]
    fn values_are_put_in_once() {
        let values = BTreeMap::from([("a", "{b} {{7*7}}".to_owned()), ("b", "no".to_owned())]);
        assert_eq!(fill("x {a} y", &values).as_deref(), Some("x {b} {{7*7}} y"));
        assert_eq!(fill("{missing}", &values), None);
    }

    #[test]
    fn stray_braces_are_seen() {
        for text in ["{", "}", "a {b", "{{x}}", "{a{b}"] {
            assert!(pieces(text).contains(&Piece::Stray), "{text}");
        }
        assert_eq!(pieces("{a}{b}"), [Piece::Placeholder("a"), Piece::Placeholder("b")]);
    }
}

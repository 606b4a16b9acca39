//! Reads the text of a path. Every refusal says where it stopped and what to write instead.

use serde_json::Value;

use super::{Filter, MAX_PATH, MAX_STEPS, Path, PathProblem, Step, is_bare, is_bare_char};

const QUOTED: &str = "Put names with other characters in quotes, like [\"https://example.com/x\"], \
                      or write the path as a JSON Pointer, like /a/b.";
const PICKS: &str = "Write a pick like [?type==\"work\"], [?primary==true] or [?@==\"staff\"].";

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Reads a whole path.
pub(super) fn path(text: &str) -> Result<Path, PathProblem> {
    if text.trim().is_empty() {
        let fix = "Name a member of the profile, like given_name or user.email.";
        return Err(problem(0, "The path is blank.", fix));
    }
    if text.len() > MAX_PATH {
        let fix = "Use a path of at most 500 bytes.";
        return Err(problem(MAX_PATH, "The path is too long.", fix));
    }
    let steps = match text.strip_prefix('/') {
        Some(pointer) => pointer_steps(pointer)?,
        None => Reader { text, at: 0 }.steps()?,
    };
    if steps.len() > MAX_STEPS {
        let fix = "Use at most 16 steps.";
        return Err(problem(0, "The path has too many steps.", fix));
    }
    Ok(Path { steps })
}

fn problem(at: usize, message: &str, fix: &str) -> PathProblem {
    PathProblem { at, message: message.to_owned(), fix: fix.to_owned() }
}

// RFC 6901 §3, §4: `~1` is a slash, `~0` a tilde.
fn pointer_steps(pointer: &str) -> Result<Vec<Step>, PathProblem> {
    let mut at = 1;
    let mut steps = Vec::new();
    for token in pointer.split('/') {
        let rest = token.replace("~0", "").replace("~1", "");
        if rest.contains('~') {
            let fix = "In a JSON Pointer write ~0 for ~ and ~1 for /.";
            return Err(problem(at, "A ~ stands without 0 or 1 behind it.", fix));
        }
        check_name(token, at)?;
        steps.push(Step::Member(token.replace("~1", "/").replace("~0", "~")));
        at += token.len() + 1;
    }
    Ok(steps)
}

fn check_name(name: &str, at: usize) -> Result<(), PathProblem> {
    match name.chars().any(char::is_control) {
        true => {
            let fix = "Remove it; it may have come along while copying.";
            Err(problem(at, "The path holds a control character.", fix))
        }
        false => Ok(()),
    }
}

impl Reader<'_> {
    fn steps(mut self) -> Result<Vec<Step>, PathProblem> {
        let mut steps = vec![if self.next_is("[") { self.bracket()? } else { self.member()? }];
        while self.at < self.text.len() {
            let step = if self.take(".") {
                self.member()?
            } else if self.next_is("[") {
                self.bracket()?
            } else {
                return Err(self.unexpected());
            };
            steps.push(step);
        }
        Ok(steps)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next_is(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.next_is(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
    }

    fn unexpected(&self) -> PathProblem {
        match self.rest().chars().next() {
            None => problem(self.at, "The path ends too early.", QUOTED),
            Some(c) => {
                let message = format!("The path cannot hold {c:?} here.");
                problem(self.at, &message, QUOTED)
            }
        }
    }

    fn member(&mut self) -> Result<Step, PathProblem> {
        Ok(Step::Member(self.name()?))
    }

    fn name(&mut self) -> Result<String, PathProblem> {
        let name: String = self.rest().chars().take_while(|c| is_bare_char(*c)).collect();
        if !is_bare(&name) {
            return Err(self.unexpected());
        }
        self.at += name.len();
        Ok(name)
    }

    fn bracket(&mut self) -> Result<Step, PathProblem> {
        self.at += 1;
        let step = if self.take("*") {
            Step::Each
        } else if self.take("?") {
            Step::Pick(self.filter()?)
        } else if self.next_is("\"") || self.next_is("'") {
            match self.literal()? {
                Value::String(name) => Step::Member(name),
                _ => return Err(self.unexpected()),
            }
        } else {
            self.index()?
        };
        match self.take("]") {
            true => Ok(step),
            false => Err(problem(self.at, "A ] is missing.", PICKS)),
        }
    }

    fn index(&mut self) -> Result<Step, PathProblem> {
        let digits: String = self.rest().chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() || digits.len() > 6 {
            return Err(problem(self.at, "In brackets stands no number, pick or name.", PICKS));
        }
        self.at += digits.len();
        Ok(Step::Member(digits))
    }

    fn filter(&mut self) -> Result<Filter, PathProblem> {
        self.spaces();
        let names = self.filter_names()?;
        self.spaces();
        let equal = match (self.take("=="), self.next_is("!=")) {
            (true, _) => true,
            (false, true) => !self.take("!="),
            (false, false) => return Err(problem(self.at, "A pick has no == or !=.", PICKS)),
        };
        self.spaces();
        let wanted = self.literal()?;
        self.spaces();
        Ok(Filter { names, equal, wanted })
    }

    fn filter_names(&mut self) -> Result<Vec<String>, PathProblem> {
        let mark = self.at;
        if self.take("@") && !self.rest().starts_with(is_bare_char) {
            return Ok(Vec::new());
        }
        self.at = mark;
        let mut names = vec![self.name()?];
        while self.take(".") {
            names.push(self.name()?);
        }
        match names.len() > MAX_STEPS {
            true => Err(problem(self.at, "The pick has too many steps.", PICKS)),
            false => Ok(names),
        }
    }

    // A JSON scalar, or a text in single quotes.
    fn literal(&mut self) -> Result<Value, PathProblem> {
        let refused = |at| Err(problem(at, "A value cannot be read here.", PICKS));
        let start = self.at;
        let (value, length) = match self.rest().strip_prefix('\'') {
            Some(inside) => match inside.split_once('\'') {
                Some((text, _)) => (Value::from(text), text.len() + 2),
                None => return refused(start),
            },
            None => match scalar(self.rest()) {
                Some(found) => found,
                None => return refused(start),
            },
        };
        if let Value::String(text) = &value {
            check_name(text, start)?;
        }
        self.at += length;
        Ok(value)
    }
}

// The JSON scalar at the start of a text, and its length in bytes.
fn scalar(text: &str) -> Option<(Value, usize)> {
    if text.starts_with(['[', '{']) {
        return None;
    }
    let end = match text.starts_with('"') {
        true => string_end(text)?,
        false => text.find([' ', ']']).unwrap_or(text.len()),
    };
    let value = serde_json::from_str(text.get(..end)?).ok()?;
    Some((value, end))
}

fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

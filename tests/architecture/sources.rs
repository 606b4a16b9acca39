//! Reads the repository: files by ending, and Rust sources with strings and comments blanked
//! out, so that rules about braces and names need no parser.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests lie inside the repository").to_owned()
}

/// All files below these folders of the repository with this ending, build output excepted.
pub fn files(folders: &[&str], ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), ending, &mut found);
    }
    found.sort();
    found
}

/// All Rust sources.
pub fn rust_files() -> Vec<PathBuf> {
    files(&["crates", "web-admin", "tests"], ".rs")
}

/// The Rust sources of the product: no test code.
pub fn product_files() -> Vec<PathBuf> {
    let mut files = files(&["crates", "web-admin"], ".rs");
    files.retain(|path| !is_test(path));
    files
}

/// Whether a file holds tests alone.
pub fn is_test(path: &Path) -> bool {
    let inside = path.strip_prefix(root()).unwrap_or(path);
    inside.components().any(|part| part.as_os_str() == "tests")
        || inside.file_stem().is_some_and(|stem| stem == "tests" || stem == "testing")
}

/// The path as a reader writes it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The text of a file.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let skipped = ["target", "node_modules", ".venv"].contains(&name.as_str());
        if path.is_dir() && !skipped {
            collect(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

/// Rust source with the inside of strings, characters and comments replaced by blanks; line
/// breaks stay, so line numbers hold.
pub fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => line_end(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => block_end(&chars, at),
            '"' => string_end(&chars, at),
            'r' if raw_hashes(&chars, at).is_some() => raw_end(&chars, at),
            '\'' => char_end(&chars, at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

fn line_end(chars: &[char], at: usize) -> usize {
    (at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len())
}

fn block_end(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

/// The number of hashes when a raw string begins at `at`.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    let in_name = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    let after_byte = at > 0 && chars[at - 1] == 'b';
    if in_name && !after_byte {
        return None;
    }
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn raw_end(chars: &[char], at: usize) -> usize {
    let hashes = raw_hashes(chars, at).unwrap_or_default();
    let start = at + 2 + hashes;
    let closes = |i: &usize| {
        chars[*i] == '"' && chars[*i + 1..].iter().take_while(|c| **c == '#').count() >= hashes
    };
    (start..chars.len()).find(closes).map_or(chars.len(), |i| i + 1 + hashes)
}

/// A character literal, or `at` when the quote begins a lifetime.
fn char_end(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => {
            let close = (at + 3..chars.len()).find(|i| chars[*i] == '\'');
            close.map_or(chars.len(), |i| i + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

#[test]
fn strings_comments_and_lifetimes_are_told_apart() {
    let source = "fn f<'a>(s: &'a str) { let c = '{'; let t = \"}\\\"{\"; } // {\n/* } */ r#\"{\"#";
    let code = code_only(source);
    assert_eq!(code.matches('{').count(), 1);
    assert_eq!(code.matches('}').count(), 1);
    assert_eq!(code.lines().count(), source.lines().count());
}

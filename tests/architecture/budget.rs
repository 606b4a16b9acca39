//! How long files, functions and handlers may grow, how a module opens, and names that belong
//! to one place.

use crate::sources::{code_only, is_test, product_files, read, root, rust_files, shown};

/// A file should not be longer than this …
const FILE_LINES: usize = 300;
/// … unless it is named here, with the reason.
const LONGER_FILES: &[(&str, &str)] = &[];
/// No file is longer than this.
const FILE_LINES_HARD: usize = 400;
/// A function with its signature.
const FUNCTION_LINES: usize = 40;
/// A handler: extracts, calls one use case, responds.
const HANDLER_LINES: usize = 25;
/// The crates whose async functions are handlers.
const FACES: &[&str] = &["crates/token-service", "crates/hosted", "crates/api", "web-admin"];

/// Names that only one place may write, and that place.
const ONE_PLACE: &[(&str, &str)] = &[
    ("SystemTime::now", "crates/context/src/clock"),
    ("Utc::now", "crates/context/src/clock"),
    ("thread_rng", "crates/vault/src/random"),
    ("extern crate", "nowhere"),
    ("unsafe {", "nowhere"),
    ("todo!", "nowhere"),
    ("unimplemented!", "nowhere"),
];

struct Function {
    line: usize,
    lines: usize,
    is_async: bool,
    name: String,
}

/// All functions of blanked source, those inside `#[cfg(test)]` modules excepted.
fn functions(code: &str) -> Vec<Function> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        if lines[index].contains("#[cfg(test)]")
            && lines.get(index + 1).is_some_and(|line| line.contains("mod ") && line.contains('{'))
        {
            index = block_end(&lines, index + 1).unwrap_or(lines.len()) + 1;
            continue;
        }
        if let Some(name) = function_name(lines[index])
            && let Some(end) = block_end(&lines, index)
        {
            let is_async = lines[index].contains("async fn");
            found.push(Function { line: index + 1, lines: end - index + 1, is_async, name });
        }
        index += 1;
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let words = ["pub", "async", "const", "extern", "unsafe", "crate", "super", "in", "default"];
    let only_modifiers = before
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .all(|word| word.is_empty() || words.contains(&word));
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (only_modifiers && !name.is_empty()).then_some(name)
}

/// The line where the block that opens at or after `start` closes; `None` when a semicolon comes
/// first (a declaration without a body).
fn block_end(lines: &[&str], start: usize) -> Option<usize> {
    let (mut depth, mut round) = (0_usize, 0_isize);
    for (index, line) in lines.iter().enumerate().skip(start) {
        for character in line.chars() {
            match character {
                '(' | '[' => round += 1,
                ')' | ']' => round -= 1,
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(index);
                    }
                }
                ';' if depth == 0 && round == 0 => return None,
                _ => {}
            }
        }
    }
    None
}

#[test]
fn files_stay_short() {
    let mut wrong = Vec::new();
    for path in rust_files() {
        let (name, lines) = (shown(&path), read(&path).lines().count());
        let listed = LONGER_FILES.iter().any(|(listed, _)| *listed == name);
        if lines > FILE_LINES_HARD || (lines > FILE_LINES && !listed) {
            wrong.push(format!("{name}: {lines} lines"));
        }
    }
    assert!(wrong.is_empty(), "longer than {FILE_LINES} lines: {wrong:#?}");
}

#[test]
fn functions_stay_short() {
    let mut wrong = Vec::new();
    for path in rust_files().into_iter().filter(|path| !is_test(path)) {
        for function in functions(&code_only(&read(&path))) {
            if function.lines > FUNCTION_LINES {
                let Function { line, lines, name, .. } = function;
                wrong.push(format!("{}:{line} {name}: {lines} lines", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "longer than {FUNCTION_LINES} lines: {wrong:#?}");
}

#[test]
fn handlers_stay_short() {
    let mut wrong = Vec::new();
    for path in product_files() {
        let face = FACES.iter().any(|face| path.starts_with(root().join(face)));
        for function in functions(&code_only(&read(&path))) {
            if face && function.is_async && function.lines > HANDLER_LINES {
                let Function { line, lines, name, .. } = function;
                wrong.push(format!("{}:{line} {name}: {lines} lines", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "handlers longer than {HANDLER_LINES} lines: {wrong:#?}");
}

#[test]
fn every_module_says_what_it_owns() {
    let silent: Vec<_> = rust_files()
        .into_iter()
        .filter(|path| !read(path).starts_with("//!"))
        .map(|path| shown(&path))
        .collect();
    assert!(silent.is_empty(), "these open without `//!`: {silent:#?}");
}

#[test]
fn some_names_belong_to_one_place() {
    let mut wrong = Vec::new();
    for path in product_files() {
        let (name, code) = (shown(&path), code_only(&read(&path)));
        let code = without_tests(&code);
        for (word, place) in ONE_PLACE {
            if code.contains(word) && !name.starts_with(place) {
                wrong.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Blanked source without its `#[cfg(test)]` modules.
fn without_tests(code: &str) -> String {
    let lines: Vec<&str> = code.lines().collect();
    let mut out = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        if lines[index].contains("#[cfg(test)]") {
            index = block_end(&lines, index + 1).unwrap_or(index + 1) + 1;
            continue;
        }
        out.push(lines[index]);
        index += 1;
    }
    out.join("\n")
}

#[test]
fn the_scanner_counts() {
    let code = "pub async fn a(\n  b: [u8; 3],\n) {\n  c();\n}\nfn d();\nconst fn e() {}\n";
    let found = functions(code);
    assert_eq!(found.iter().map(|f| f.lines).collect::<Vec<_>>(), [5, 1]);
    assert!(found[0].is_async && !found[1].is_async);
    assert_eq!(functions("#[cfg(test)]\nmod tests {\n fn f() {\n }\n}\n").len(), 0);
}

//! Lists the migrations, so that a folder added under `migrations/` is embedded without being
//! named anywhere else, and one that is misnamed or half there stops the build.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let folder = root.join("../../migrations");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder migrations/ is missing")
        .map(|entry| entry.expect("migrations/ cannot be read").file_name())
        .map(|name| name.into_string().expect("a migration's name is not UTF-8"))
        .collect();
    names.sort();
    let mut code = String::from("&[\n");
    for name in &names {
        code.push_str(&entry(&folder, name));
    }
    code.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("migrations.rs"), code).expect("OUT_DIR cannot be written");
}

/// One line of the list: version, name, text.
fn entry(folder: &Path, name: &str) -> String {
    let (digits, word) = name.split_once('_').unwrap_or((name, ""));
    let well_named = digits.len() == 4
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !word.is_empty()
        && word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    assert!(well_named, "migrations/{name}: a migration is named NNNN_what_it_does");
    let file = |half: &str| {
        let path = folder.join(name).join(half);
        assert!(path.is_file(), "migrations/{name}/{half} is missing");
        fs::canonicalize(path).expect("it is a file")
    };
    let (up, _down) = (file("up.sql"), file("down.sql"));
    let version: i64 = digits.parse().expect("four digits");
    let mut line = String::new();
    let _ = writeln!(
        line,
        "Embedded {{ version: {version}, name: {name:?}, up: include_str!({up:?}) }},"
    );
    line
}

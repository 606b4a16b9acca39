//! The reference pages agree with the code: every setting, every command with its flags, every
//! route. Those parts of the pages are made here: `TESSERA_TEST_UPDATE_DOCS=1 cargo test -p server
//! docs_test` writes them anew, and without it a difference is a failure. What stands around them is
//! written by hand.

use std::fmt::Write;
use std::path::Path;

use clap::{Arg, ArgAction, Command, CommandFactory};

use super::keys::KEYS;
use crate::args::Args;

/// Compares what stands between the two marks of a page with `made`, or puts it there.
fn check(page: &str, part: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(page);
    let text = std::fs::read_to_string(&path).expect("the page is there");
    let (begin, end) = (format!("<!-- made: {part} -->\n"), "<!-- end -->");
    let (before, rest) = text.split_once(&begin).expect("the page has the mark");
    let (stands, after) = rest.split_once(end).expect("the mark has an end");
    if std::env::var_os("TESSERA_TEST_UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{made}{end}{after}")).expect("writable");
        return;
    }
    let first = stands.lines().zip(made.lines()).find(|(stands, made)| stands != made);
    assert!(
        stands == made,
        "docs/reference/{page} is behind the code; write it anew with \
         TESSERA_TEST_UPDATE_DOCS=1 cargo test -p server docs_test. First difference: {first:#?}"
    );
}

#[test]
fn every_setting_stands_in_the_reference() {
    let mut made = String::from("| setting | default | what it does |\n|---|---|---|\n");
    for key in KEYS {
        let default = match key.default {
            plain @ ("none" | "none, required" | "number of cores" | "node-PID") => {
                plain.to_owned()
            }
            value => format!("`{value}`"),
        };
        let _ = writeln!(made, "| `{}` | {default} | {} |", key.name, key.meaning);
    }
    check("configuration.md", "settings", &made);
}

#[test]
fn every_command_stands_in_the_reference() {
    let mut made = String::new();
    describe(&Args::command(), "tessera", &mut made);
    check("cli.md", "commands", &made);
}

fn describe(command: &Command, name: &str, made: &mut String) {
    for inner in command.get_subcommands() {
        describe(inner, &format!("{name} {}", inner.get_name()), made);
    }
    if command.has_subcommands() {
        return;
    }
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = write!(made, "### {name}\n\n{about}.\n\n");
    // Development builds alone know the clock file; the page says so in its own words.
    let all = || {
        command
            .get_arguments()
            .filter(|arg| !["clock_file", "resolve"].contains(&arg.get_id().as_str()))
    };
    if all().next().is_some() {
        made.push_str("| argument | what it does |\n|---|---|\n");
    }
    let (named, placed): (Vec<&Arg>, Vec<&Arg>) = all().partition(|arg| arg.get_long().is_some());
    for arg in placed.into_iter().chain(named) {
        let _ = writeln!(made, "| {} | {} |", spelling(arg), meaning(arg));
    }
    if all().next().is_some() {
        made.push('\n');
    }
}

fn spelling(arg: &Arg) -> String {
    let id = arg.get_id().as_str().to_uppercase();
    let value = arg.get_value_names().and_then(|names| names.first()).map_or(id, |n| n.to_string());
    match (arg.get_long(), arg.get_action()) {
        (Some(long), ArgAction::SetTrue) => format!("`--{long}`"),
        (Some(long), _) => format!("`--{long} {value}`"),
        (None, _) => format!("`{value}`"),
    }
}

fn meaning(arg: &Arg) -> String {
    let mut words = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if words.is_empty() {
        words = "Which one: its id".into();
    }
    if arg.get_long().is_some() && arg.is_required_set() {
        words.push_str("; required");
    }
    let default = arg.get_default_values().first().and_then(|value| value.to_str());
    if let Some(default) = default.filter(|_| arg.get_action().takes_values()) {
        let _ = write!(words, "; `{default}` without it");
    }
    words + "."
}

#[test]
fn every_route_stands_in_the_reference() {
    let mut made = String::from(
        "| verb | path | face | kind | scope | needs | cross-origin |\n|---|---|---|---|---|---|---|\n",
    );
    for row in web::table(&[crate::routes::all(false)]) {
        let cells = [
            row.verb,
            format!("`{}`", row.path),
            row.face,
            row.kind,
            row.scope,
            row.role,
            row.cors,
        ];
        let _ = writeln!(made, "| {} |", cells.join(" | "));
    }
    check("endpoints.md", "routes", &made);
}

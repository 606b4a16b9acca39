//! The documents agree with the code: relative links lead somewhere, and specification sections
//! that the table calls done have a tag in the code and a test.

use crate::sources::{files, read, root, shown};

#[test]
fn relative_links_lead_somewhere() {
    let mut wrong = Vec::new();
    let mut pages = files(&["docs", "deploy"], ".md");
    pages.push(root().join("README.md"));
    for page in pages.into_iter().filter(|page| page.exists()) {
        let folder = page.parent().expect("a file lies in a folder").to_owned();
        for target in read(&page).split("](").skip(1) {
            let target = target.split([')', '#', ' ']).next().unwrap_or_default();
            // `{link}` is an example of a placeholder.
            let example = target.starts_with('{');
            let outside = example
                || target.is_empty()
                || target.contains("://")
                || target.starts_with("mailto");
            if !outside && !folder.join(target).exists() {
                wrong.push(format!("{}: {target}", shown(&page)));
            }
        }
    }
    assert!(wrong.is_empty(), "these links lead nowhere: {wrong:#?}");
}

#[test]
fn done_sections_have_a_tag_and_a_test() {
    let table = root().join("docs/reference/specs.md");
    if !table.exists() {
        return;
    }
    let sources: Vec<_> = files(&["crates", "web-admin"], ".rs").iter().map(|p| read(p)).collect();
    let tests: Vec<_> =
        files(&["crates", "web-admin", "tests"], ".rs").iter().map(|p| read(p)).collect();
    let mut wrong = Vec::new();
    for row in read(&table).lines().filter(|row| row.starts_with('|')) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let [_, section, _, state, test, ..] = cells[..] else { continue };
        if state != "done" {
            continue;
        }
        if !sources.iter().any(|source| source.contains(section)) {
            wrong.push(format!("{section}: no tag in the code"));
        }
        for name in test.split(',').map(|name| name.trim().trim_matches('`')) {
            if name.is_empty() || !tests.iter().any(|source| source.contains(name)) {
                wrong.push(format!("{section}: no test {name:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

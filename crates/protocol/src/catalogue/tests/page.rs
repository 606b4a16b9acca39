//! docs/reference/errors.md has a section per code, in the words of the catalogue. The sections are
//! made here: `TESSERA_TEST_UPDATE_DOCS=1 cargo test -p protocol errors_page` writes them anew.

use std::fmt::Write;
use std::path::Path;

use super::super::{ALL, Who};

const BEGIN: &str = "<!-- made: codes -->\n";
const END: &str = "<!-- end -->";

fn sections() -> String {
    let mut made = String::new();
    for entry in ALL {
        let who = match entry.who {
            Who::User => "the person at the browser",
            Who::Developer => "whoever builds the application",
            Who::Admin => "an admin of the tenant",
            Who::Operator => "an operator of the installation",
        };
        let _ = write!(
            made,
            "### {}\n\n**People read:** {}\n\n**What happened:** {}\n\n**What helps:** {} \
             *({who})*\n\n",
            entry.code, entry.user, entry.admin, entry.fix
        );
    }
    made
}

#[test]
fn errors_page_has_a_section_per_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors.md");
    let text = std::fs::read_to_string(&path).expect("the page is there");
    let (before, rest) = text.split_once(BEGIN).expect("the page has the mark");
    let (stands, after) = rest.split_once(END).expect("the mark has an end");
    let made = sections();
    if std::env::var_os("TESSERA_TEST_UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{made}{END}{after}")).expect("writable");
        return;
    }
    let first = stands.lines().zip(made.lines()).find(|(stands, made)| stands != made);
    assert!(
        stands == made,
        "docs/reference/errors.md is behind the catalogue; write it anew with \
         TESSERA_TEST_UPDATE_DOCS=1 cargo test -p protocol errors_page. First difference: {first:#?}"
    );
}

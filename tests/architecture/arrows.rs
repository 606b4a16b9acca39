//! Which room may import which, read from `cargo metadata`.

use crate::sources::root;
use serde_json::Value;
use std::process::Command;

/// From right to left: a room may import anything further down this list, nothing further up,
/// and none of its own row.
const ROWS: &[&[&str]] = &[
    &["server"],
    &["token-service", "hosted", "api", "web-admin"],
    &["web"],
    &["federation"],
    &["issuer"],
    &["directory"],
    &["context"],
    &["store"],
    &["vault"],
    &["mapping"],
    &["protocol", "outbound"],
];

/// Rooms that may call out to the network.
const MAY_USE_OUTBOUND: &[&str] = &["federation", "web", "server"];

/// Heavy crates with one owner each.
const OWNERS: &[(&str, &str)] = &[
    ("diesel", "store"),
    ("libsqlite3-sys", "store"),
    ("pq-sys", "store"),
    ("r2d2", "store"),
    ("argon2", "vault"),
    ("aws-lc-rs", "vault"),
    ("jsonwebtoken", "vault"),
    ("reqwest", "outbound"),
    ("openidconnect", "federation"),
    ("lettre", "server"),
    ("hickory-resolver", "server"),
];

/// Packages that test the house from outside.
const OUTSIDE: &[&str] = &["tests", "load"];

struct Package {
    name: String,
    dependencies: Vec<String>,
}

fn packages() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let list = metadata["packages"].as_array().expect("metadata lists packages");
    list.iter().map(package).collect()
}

fn package(value: &Value) -> Package {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let dependencies = value["dependencies"].as_array().into_iter().flatten();
    // What a room's own tests use beside it is not the room.
    let shipped = dependencies.filter(|dependency| dependency["kind"] != "dev");
    Package {
        name: text(&value["name"]),
        dependencies: shipped.map(|dependency| text(&dependency["name"])).collect(),
    }
}

fn row(name: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&name))
}

#[test]
fn every_package_has_its_place() {
    let strangers: Vec<_> = packages()
        .into_iter()
        .map(|package| package.name)
        .filter(|name| row(name).is_none() && !OUTSIDE.contains(&name.as_str()))
        .collect();
    assert!(strangers.is_empty(), "not in the house plan: {strangers:?}");
}

#[test]
fn arrows_point_one_way() {
    let mut wrong = Vec::new();
    for package in packages() {
        let Some(from) = row(&package.name) else { continue };
        for target in &package.dependencies {
            let Some(to) = row(target) else { continue };
            let outbound = target == "outbound" && !MAY_USE_OUTBOUND.contains(&&*package.name);
            if to <= from || outbound {
                wrong.push(format!("{} -> {target}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nobody_imports_the_tests() {
    for package in packages() {
        let inside = row(&package.name).is_some();
        let wrong = package.dependencies.iter().any(|name| OUTSIDE.contains(&name.as_str()));
        assert!(!(inside && wrong), "{} imports a test package", package.name);
    }
}

#[test]
fn heavy_crates_have_one_owner() {
    let mut wrong = Vec::new();
    for package in packages() {
        for (heavy, owner) in OWNERS {
            if package.name != *owner && package.dependencies.iter().any(|name| name == heavy) {
                wrong.push(format!("{} uses {heavy}, which is {owner}'s", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// RUSTSEC-2023-0071 is about private keys of the crate `rsa`, which comes with openidconnect. None
/// is given to it, and it verifies nothing: both are `vault`'s.
#[test]
fn openidconnect_neither_signs_nor_verifies() {
    let folder = root().join("crates/federation/src");
    let files = crate::sources::files(&["crates/federation/src"], ".rs");
    assert!(!files.is_empty(), "no sources in {}", folder.display());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source is readable");
        for word in
            ["PrivateSigningKey", "id_token_verifier", "IdTokenVerifier", "verify_signature"]
        {
            assert!(!text.contains(word), "{word} in {}", file.display());
        }
    }
}

//! The page docs/reference/mappings.md says what the code does: its examples are read and checked,
//! its tables name every transform, field, code and limit.

use std::collections::BTreeSet;
use std::path::Path;

use mapping::schema::{self, standard_fields};
use mapping::{Mapping, Schema, check, engine, path, profile, rules};
use serde_json::{Value, json};

fn page() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = here.join("../../docs/reference/mappings.md");
    std::fs::read_to_string(page).expect("the page exists")
}

fn examples() -> Vec<Value> {
    let page = page();
    let blocks = page.split("```json\n").skip(1);
    let texts = blocks.map(|block| block.split("```").next().unwrap_or_default());
    texts.map(|text| serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))).collect()
}

// Everything in code style on the page.
fn words() -> BTreeSet<String> {
    let page = page();
    let lines = page.split("```").step_by(2).flat_map(str::lines);
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn examples_can_be_saved() {
    let examples = examples();
    let mut seen = [0; 3];
    for example in examples {
        let members = example.as_object().expect("examples are objects");
        if members.contains_key("custom") {
            let schema: Schema = serde_json::from_value(example).expect("fields");
            assert_eq!(schema.check(), []);
            seen[0] += 1;
            continue;
        }
        let whole = members.contains_key("rules");
        seen[if whole { 1 } else { 2 }] += 1;
        let document = if whole { example } else { json!({ "rules": [example] }) };
        let mapping = Mapping::from_value(&document).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(check(&mapping, &Schema::default()), [], "{document}");
    }
    assert_eq!(seen, [1, 2, 3]);
}

#[test]
fn tables_name_every_transform_and_field() {
    let (page, words) = (page(), words());
    for entry in rules::TRANSFORMS {
        let row = format!("| `{}` | {}", entry.example, entry.about.split(';').next().unwrap());
        assert!(page.contains(&row), "{row}");
    }
    for (name, _) in rules::Update::NAMES {
        assert!(words.contains(&format!("\"{name}\"")), "{name}");
    }
    for field in standard_fields() {
        assert!(words.contains(&field.key), "{}", field.key);
    }
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let path = row.split('`').nth(1).unwrap_or_default();
        if path.contains(['[', '/', '.']) && !path.starts_with(['{', '"']) {
            assert!(path::Path::parse(path).is_ok(), "{path}");
        }
    }
}

#[test]
fn tables_name_every_code() {
    let sources = [
        "rules/check.rs",
        "rules/check_parts.rs",
        "rules/read.rs",
        "rules/read_parts.rs",
        "json.rs",
        "engine/outcome.rs",
        "schema/value.rs",
    ];
    let code = regex::Regex::new(
        r#"(?:add|add_path|refused|refuse|problem)\(\s*(?:[^",()]+,\s*|"[a-z_.]*",\s*)?"([a-z_]+)"|=> "([a-z_]+)",|=> \(?\s*\("([a-z]+)", "a"#,
    )
    .expect("an expression");
    let words = words();
    let mut found = BTreeSet::new();
    for source in sources {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(source);
        let text = std::fs::read_to_string(here).expect("a source");
        for captures in code.captures_iter(&text) {
            let group = captures.iter().skip(1).flatten().next().expect("a code");
            found.insert(group.as_str().to_owned());
        }
    }
    let actions = ["required", "set", "keep", "skip", "blocked"].map(str::to_owned);
    let missing: Vec<_> =
        found.iter().filter(|code| !words.contains(*code) && !actions.contains(code)).collect();
    assert!(found.len() > 30, "{found:?}");
    assert_eq!(missing, [""; 0]);
}

#[test]
fn limits_are_those_of_the_code() {
    let page = page();
    let limits = page.split("## Limits").nth(1).expect("a section");
    let thousands = |number: usize| match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    };
    let kib = |bytes: usize| format!("{} KiB", bytes / 1_024);
    let whole = |number: i64| thousands(usize::try_from(number).expect("not negative"));
    for said in [
        format!("rules of a mapping | {} ", rules::MAX_RULES),
        format!("transforms of a rule | {} ", rules::MAX_TRANSFORMS),
        format!("| {}; {} bytes |", rules::MAX_REGEXES, rules::MAX_PATTERN),
        format!("| {}; 100 |", rules::MAX_TABLE),
        format!("| {} characters |", thousands(rules::MAX_RULE_TEXT)),
        format!("| {} bytes, {} steps |", path::MAX_PATH, path::MAX_STEPS),
        format!(
            "| {}, {} levels, {} values |",
            kib(profile::PROFILE_LIMITS.bytes),
            profile::PROFILE_LIMITS.depth,
            thousands(profile::PROFILE_LIMITS.nodes)
        ),
        format!("works on | {} |", kib(engine::MAX_WORK_TEXT)),
        format!(
            "| {} entries, {} |",
            thousands(engine::MAX_WORK_ENTRIES),
            kib(engine::MAX_WORK_LIST)
        ),
        format!(
            "| {} characters; {} entries of {} characters |",
            whole(schema::MAX_TEXT),
            schema::MAX_ENTRIES,
            schema::MAX_ENTRY
        ),
        format!("own | {} |", schema::MAX_CUSTOM),
        format!("one profile | {} MiB of text", engine::MAX_WORK >> 20),
    ] {
        assert!(limits.contains(&said), "{said}");
    }
}

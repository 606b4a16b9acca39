//! Every preset file: that it is read, says nothing that is not understood, and fills in settings
//! that the commands accept.

use super::*;

fn values(preset: &Preset) -> BTreeMap<String, String> {
    let value = |input: &PresetInput| match input.form {
        InputForm::Uuid => "11111111-2222-3333-4444-555555555555".to_owned(),
        InputForm::Origin => "https://git.example.org".to_owned(),
    };
    preset.inputs.iter().map(|input| (input.name.clone(), value(input))).collect()
}

#[test]
fn every_file_is_read() {
    for text in FILES {
        serde_json::from_str::<Preset>(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    }
    assert_eq!(all().len(), FILES.len());
    let mut codes: Vec<&str> = all().iter().map(|preset| preset.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), FILES.len(), "codes are unique");
}

#[test]
fn no_setting_of_a_file_is_misspelt() {
    let known = serde_json::to_value(ConnectionConfig::default()).unwrap();
    for text in FILES {
        let raw: Value = serde_json::from_str(text).unwrap();
        for name in raw["config"].as_object().unwrap().keys() {
            assert!(known.get(name).is_some(), "{}: {name}", raw["code"]);
        }
    }
}

#[test]
fn every_preset_fills_in_settings_that_are_accepted() {
    for preset in all().iter().filter(|preset| !preset.is_open()) {
        let mut config = preset.config(&values(preset)).unwrap();
        config.client_id = "client".into();
        let problems = crate::connections::check_config(&preset.kind, &Default::default(), &config);
        assert!(problems.is_empty(), "{}: {problems:?}", preset.code);
        let json = serde_json::to_string(&config).unwrap();
        for input in &preset.inputs {
            assert!(!json.contains(&format!("{{{}}}", input.name)), "{json}");
        }
    }
}

#[test]
fn every_mapping_is_without_mistakes_and_works_on_the_sample() {
    for preset in all() {
        let mapping = mapping::Mapping::from_value(&preset.mapping).unwrap();
        let problems = mapping::check(&mapping, &mapping::Schema::default());
        assert!(problems.is_empty(), "{}: {problems:?}", preset.code);
        assert!(mapping::rules::advice(&mapping).is_empty(), "{}", preset.code);
        let profile = mapping::Profile::from_value(&preset.sample).unwrap();
        let scopes = "openid profile email".parse().unwrap_or_default();
        let seen = mapping::preview(&mapping, &Default::default(), &profile, None, &scopes);
        let email = seen.email.unwrap_or_else(|| panic!("{}: no address", preset.code));
        assert_eq!(email.address, "ada@example.com", "{}", preset.code);
        // Microsoft says of no address that it is proven, and neither does who knows nothing.
        let proven = !["microsoft", "oauth2"].contains(&preset.code.as_str());
        assert_eq!(email.verified, proven, "{}", preset.code);
        assert!(seen.user.contains_key("name"), "{}: {:?}", preset.code, seen.user);
    }
}

#[test]
fn a_guide_shows_the_callback_url_once_and_only_links_to_https() {
    for preset in all() {
        let copies = preset.guide.iter().filter(|step| step.copy == "callback_url").count();
        assert_eq!(copies, 1, "{}", preset.code);
        assert!(preset.guide.iter().all(|step| ["", "callback_url"].contains(&&*step.copy)));
        let links = preset.guide.iter().filter(|step| step.link).count();
        assert_eq!(links, usize::from(!preset.is_open()), "{}", preset.code);
        assert!(preset.docs.starts_with("https://"), "{}", preset.code);
        assert!(preset.is_open() || preset.console.starts_with("https://"), "{}", preset.code);
        let drawn = |c: char| c.is_ascii_alphanumeric() || " .,-".contains(c);
        assert!(preset.glyph.chars().all(drawn), "{}", preset.code);
    }
}

#[test]
fn what_is_missing_unknown_or_malformed_is_named() {
    let microsoft = find("microsoft").unwrap();
    let with = |value: &str| BTreeMap::from([("tenant_id".to_owned(), value.to_owned())]);
    for wrong in ["", "common", "organizations", "1111", "11111111-2222-3333-4444-55555555555x"] {
        let errors = microsoft.config(&with(wrong)).unwrap_err();
        assert_eq!(errors[0].field, "inputs.tenant_id", "{wrong}");
    }
    let unknown = BTreeMap::from([("server".to_owned(), "https://a.test".to_owned())]);
    assert_eq!(find("google").unwrap().config(&unknown).unwrap_err()[0].code, "unknown");
    let gitlab = find("gitlab").unwrap();
    assert_eq!(gitlab.config(&BTreeMap::new()).unwrap().issuer, "https://gitlab.com");
    let own = BTreeMap::from([("server".to_owned(), "https://git.example.org/".to_owned())]);
    assert_eq!(gitlab.config(&own).unwrap().issuer, "https://git.example.org");
    for wrong in ["http://git.example.org", "git.example.org", "https://a.test/x", "file:///etc"] {
        let server = BTreeMap::from([("server".to_owned(), wrong.to_owned())]);
        assert!(gitlab.config(&server).is_err(), "{wrong}");
    }
}

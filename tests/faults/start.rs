//! A start that cannot succeed says why, soon, and touches nothing.

use harness::cli::bare;
use harness::process::fresh_folder;
use harness::{Database, Server, on_both};
use std::time::{Duration, Instant};

/// Runs `serve` with this configuration text; answers the exit code and what was printed.
fn serve(config: &str, environment: &[(&str, &str)]) -> (i32, String) {
    let folder = fresh_folder();
    let file = folder.join("tessera.toml");
    std::fs::write(&file, config).expect("the folder is writable");
    let start = Instant::now();
    let outcome = bare(&["serve", "--config", &file.to_string_lossy()], environment);
    assert!(start.elapsed() < Duration::from_secs(20), "a bounded wait: {:?}", start.elapsed());
    let _ = std::fs::remove_dir_all(folder);
    (outcome.code, outcome.stderr)
}

/// A development server's configuration as `serve` would accept it.
fn production(config: &str) -> String {
    config
        .replace("development = true", "")
        .lines()
        .filter(|l| !l.starts_with("clock_file"))
        .fold(String::new(), |text, line| text + line + "\n")
}

on_both!(a_wrong_master_key_is_refused, |database| {
    let mut server = Server::start(database);
    let config = std::fs::read_to_string(&server.ready().config).expect("a configuration");
    server.kill9();
    let file = server.folder().join("other-master-key");
    let key = "other1 0 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";
    std::fs::write(&file, key).expect("the folder is writable");
    let path = file.to_string_lossy().into_owned();
    let config = production(&config).replace(&server.ready().master_key_file, &path);
    let (code, text) = serve(&config, &[]);
    assert_ne!(code, 0);
    assert!(text.to_lowercase().contains("master key"), "{text}");
});

#[test]
fn postgres_that_is_not_there() {
    let folder = fresh_folder();
    let key = folder.join("key");
    std::fs::write(&key, "one 0 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n").expect("writable");
    let config = format!(
        "base_url = \"https://id.example.test\"\ntenant_addressing = \"path\"\nmaster_key_file = \"{}\"\n\
         database = \"postgres://nobody:secret-of-nobody@127.0.0.1:9/none\"\n",
        key.display()
    );
    let (code, text) = serve(&config, &[]);
    assert_ne!(code, 0);
    assert!(text.to_lowercase().contains("database"), "{text}");
    assert!(!text.contains("secret-of-nobody"), "no password in messages: {text}");
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn sqlite_that_cannot_be_opened() {
    let folder = fresh_folder();
    let key = folder.join("key");
    std::fs::write(&key, "one 0 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n").expect("writable");
    let garbage = folder.join("garbage.sqlite");
    std::fs::write(&garbage, vec![b'x'; 8192]).expect("writable");
    for database in ["/no/such/folder/t.sqlite", &garbage.to_string_lossy(), ":memory:"] {
        let config = format!(
            "base_url = \"https://id.example.test\"\ntenant_addressing = \"path\"\nmaster_key_file = \"{}\"\n\
             database = \"{database}\"\n",
            key.display()
        );
        let (code, text) = serve(&config, &[]);
        assert_ne!(code, 0, "{database}");
        assert!(text.to_lowercase().contains("database"), "{database}: {text}");
    }
    assert_eq!(std::fs::read(&garbage).expect("readable"), vec![b'x'; 8192], "left as it was");
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn sqlite_serve_refuses_a_second_server() {
    let server = Server::start(Database::sqlite());
    let config = std::fs::read_to_string(&server.ready().config).expect("a configuration");
    let config = production(&config);
    let (code, text) = serve(&config, &[("TESSERA_LISTEN", "127.0.0.1:0")]);
    assert_ne!(code, 0);
    assert!(text.contains("already") || text.contains("another"), "{text}");
}

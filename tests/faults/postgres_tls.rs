//! PostgreSQL over TLS with full certificate verification: works with the right authority, is
//! refused with a clear text when the certificate is not trusted. Needs a binary built with the
//! feature `pg-tls`, which the test command builds (and says so in TESSERA_TEST_TLS).

use harness::cli::bare;
use harness::{Database, Options, RelyingParty, Server};

/// The test cluster's authority, when the binary under test speaks TLS to a database.
fn authority() -> Option<String> {
    std::env::var_os("TESSERA_TEST_TLS")?;
    std::env::var("TESSERA_TEST_POSTGRES_CA").ok()
}

#[test]
fn postgres_with_full_verification() {
    let Some(authority) = authority() else {
        eprintln!("skipped: this binary was built without pg-tls; `make test` builds it with");
        return;
    };
    let secure = format!("sslmode=verify-full&sslrootcert={authority}");
    let server = Server::with(Options::new(Database::postgres().with_parameters(&secure)));
    let party = RelyingParty::new(&server, &server.application("web"));
    party.sign_in_fresh(&server, &server.user(0));
    let plain = server.database().psql(
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
         WHERE datname = current_database() AND NOT ssl AND pid <> pg_backend_pid()",
    );
    assert_eq!(plain, "0", "every connection of the server is encrypted");
}

#[test]
fn postgres_with_a_certificate_that_nobody_vouches_for() {
    let Some(authority) = authority() else { return };
    let folder = harness::process::fresh_folder();
    let other = folder.join("other.crt");
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=somebody else"])
        .arg("-keyout")
        .arg(folder.join("other.key"))
        .arg("-out")
        .arg(&other)
        .output()
        .expect("openssl is installed; see tests/setup.sh");
    assert!(made.status.success());
    let database = Database::postgres();
    let url = database.url().expect("PostgreSQL has a URL");
    // The right authority, but the certificate is for another name.
    let wrong_name = url.replace("@127.0.0.1", "@not-its-name.test");
    for (url, authority) in [(&url, &*other.to_string_lossy()), (&wrong_name, &authority)] {
        let verify = format!("sslmode=verify-full&sslrootcert={authority}");
        let url = format!("{url}?hostaddr=127.0.0.1&{verify}");
        let outcome = bare(&["migrate", "status"], &[("TESSERA_DATABASE", &url)]);
        assert_ne!(outcome.code, 0, "{outcome:?}");
        let text = outcome.stderr.to_lowercase();
        assert!(text.contains("certificate"), "{outcome:?}");
    }
    let _ = std::fs::remove_dir_all(folder);
}

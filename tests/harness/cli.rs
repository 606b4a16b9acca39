//! Runs `tessera` commands beside a running server, as an operator's shell or a pipeline would.

use crate::clock::ClockFile;
use crate::process::binary;
use crate::ready::Application;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A shell with one configuration file.
#[derive(Clone, Debug)]
pub struct Cli {
    config: PathBuf,
    clock: ClockFile,
}

/// How a command ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Cli {
    /// Commands use this configuration.
    pub fn new(config: &Path, clock: &ClockFile) -> Cli {
        Cli { config: config.to_owned(), clock: clock.clone() }
    }

    /// The clock that a server started by hand should read.
    pub fn clock(&self) -> &ClockFile {
        &self.clock
    }

    /// Runs a command whatever its outcome.
    pub fn try_run(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(binary());
        command.args(arguments).arg("--config").arg(&self.config);
        outcome(command.stdin(Stdio::null()).output().expect("the tessera binary can be started"))
    }

    /// Runs a command with `--json` and answers its output.
    ///
    /// # Panics
    /// When it fails or prints something else.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let outcome = self.try_run(&all);
        assert_eq!(outcome.code, 0, "tessera {all:?}: {}{}", outcome.stdout, outcome.stderr);
        serde_json::from_str(&outcome.stdout)
            .unwrap_or_else(|error| panic!("tessera {all:?}: {error}: {}", outcome.stdout))
    }

    /// Registers an application.
    #[track_caller]
    pub fn create_application(&self, tenant: &str, kind: &str, more: &[&str]) -> Application {
        let name = format!("{kind} made by a test");
        let mut arguments =
            vec!["app", "create", "--tenant", tenant, "--type", kind, "--name", &name];
        arguments.extend(more);
        let value = self.json(&arguments);
        let text = value.to_string();
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Creates a tenant and answers its issuer.
    #[track_caller]
    pub fn create_tenant(&self, slug: &str, more: &[&str]) -> String {
        let mut arguments = vec!["tenant", "create", "--slug", slug, "--name", slug];
        arguments.extend(more);
        let value = self.json(&arguments);
        value["issuer"].as_str().expect("tenant create answers the issuer").to_owned()
    }

    /// Creates a user with a password in a development tenant and answers the id.
    #[track_caller]
    pub fn create_user(&self, tenant: &str, email: &str, password: &str) -> String {
        let file = self.config.with_extension(format!("password-{}", email.replace('@', "_")));
        std::fs::write(&file, password).expect("the folder of the configuration is writable");
        let path = file.to_string_lossy().into_owned();
        let arguments =
            ["user", "create", "--tenant", tenant, "--email", email, "--password-file", &path];
        let value = self.json(&arguments);
        let _ = std::fs::remove_file(&file);
        value["id"].as_str().expect("user create answers the id").to_owned()
    }
}

/// Runs the binary without any configuration; one that does not end within half a minute is
/// ended with exit code 124.
pub fn bare(arguments: &[&str], environment: &[(&str, &str)]) -> Outcome {
    let mut command = Command::new("timeout");
    command.args(["-k", "5", "30"]).arg(binary());
    command.args(arguments).envs(environment.iter().copied());
    outcome(command.stdin(Stdio::null()).output().expect("the tessera binary can be started"))
}

fn outcome(output: Output) -> Outcome {
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

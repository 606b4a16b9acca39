//! How a command ends when it does not do what was asked: one sentence that says what happened and
//! what to do, and an exit code that scripts can rely on.

use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug)]
pub struct Fail {
    code: u8,
    message: String,
}

impl Fail {
    /// Something went wrong while doing it.
    pub fn new(message: impl Into<String>) -> Fail {
        Fail { code: 1, message: message.into() }
    }

    /// It was called wrongly.
    pub fn usage(message: impl Into<String>) -> Fail {
        Fail { code: 2, message: message.into() }
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Fail {
        Fail { code: 3, message: message.into() }
    }

    /// Prints the message and answers the exit code.
    pub fn report(&self) -> ExitCode {
        eprintln!("error: {}", self.message);
        ExitCode::from(self.code)
    }
}

impl std::fmt::Display for Fail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<store::Error> for Fail {
    fn from(error: store::Error) -> Fail {
        Fail::new(error.to_string())
    }
}

impl From<std::io::Error> for Fail {
    fn from(error: std::io::Error) -> Fail {
        Fail::new(error.to_string())
    }
}

impl From<directory::Error> for Fail {
    fn from(error: directory::Error) -> Fail {
        use directory::Error as E;
        let code = match &error {
            E::NotFound(_) => 3,
            E::Stale { .. } | E::SetupClosed => 4,
            E::Form(errors) if errors.iter().any(|e| e.code == "taken") => 4,
            E::Form(_) => 2,
            E::Forbidden(_) => 5,
            E::Link(_) | E::Store(_) => 1,
        };
        Fail { code, message: message(&error) }
    }
}

fn message(error: &directory::Error) -> String {
    let directory::Error::Form(errors) = error else { return error.to_string() };
    let lines: Vec<String> = errors
        .iter()
        .map(|e| match &e.fix {
            Some(fix) => format!("{}: {} (accepted: {fix})", e.field, e.message),
            None => format!("{}: {}", e.field, e.message),
        })
        .collect();
    lines.join("\n       ")
}

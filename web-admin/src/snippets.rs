//! Code that signs people in (or gets a token), with the real values of an application in it.
//!
//! The texts are files in `snippets/`. A line that begins with `@secret `, `@public `, `@http ` or
//! `@https ` stands only where it applies; `{{NAME}}` is replaced. Secrets are always read from
//! the environment: none is ever part of a text.

/// A library or framework with its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stack {
    /// Its name in addresses.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    /// What to install, or what else to know.
    pub(crate) note: &'static str,
    pub(crate) text: &'static str,
}

macro_rules! stack {
    ($name:literal, $label:literal, $note:literal) => {
        Stack {
            name: $name,
            label: $label,
            note: $note,
            text: include_str!(concat!("../snippets/", $name, ".txt")),
        }
    };
}

const CODE: [Stack; 7] = [
    stack!("curl", "Any language: curl", "The requests themselves, one by one."),
    stack!("node", "Node: openid-client", "npm install openid-client"),
    stack!("nextjs", "Next.js: Auth.js", "npm install next-auth@beta"),
    stack!("python", "Python: Authlib with Flask", "pip install Authlib Flask requests"),
    stack!("spring", "Spring Boot", "spring-boot-starter-oauth2-client"),
    stack!("go", "Go: go-oidc", "go get github.com/coreos/go-oidc/v3 golang.org/x/oauth2"),
    stack!("rust", "Rust: openidconnect", "cargo add openidconnect"),
];

const BROWSER: [Stack; 1] =
    [stack!("browser", "Browser: oidc-client-ts", "npm install oidc-client-ts")];

const MACHINE: [Stack; 4] = [
    stack!("machine-curl", "Any language: curl", "One request, one token."),
    stack!("machine-node", "Node: openid-client", "npm install openid-client"),
    stack!("machine-python", "Python: Authlib", "pip install Authlib requests"),
    stack!("machine-go", "Go: x/oauth2", "go get golang.org/x/oauth2"),
];

/// What fits a type of application, the likeliest first.
pub(crate) fn stacks(kind: &str) -> Vec<Stack> {
    match kind {
        "machine" => MACHINE.to_vec(),
        "spa" => BROWSER.iter().chain(&CODE[..1]).copied().collect(),
        "native" => [CODE[0], CODE[6], CODE[1], CODE[5]].to_vec(),
        _ => CODE.to_vec(),
    }
}

/// The values of an application.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    pub(crate) kind: &'static str,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) tenant_name: String,
    pub(crate) redirect_uri: String,
    /// Whether it has a secret.
    pub(crate) confidential: bool,
}

impl Values {
    /// A text with the values in it.
    pub(crate) fn fill(&self, text: &str) -> String {
        let lines: Vec<String> = text.lines().filter_map(|line| self.line(line)).collect();
        lines.join("\n")
    }

    /// A line without its marks; `None` where one of them does not apply.
    fn line(&self, line: &str) -> Option<String> {
        let http = self.issuer.starts_with("http://");
        let marks = [
            ("@secret ", self.confidential),
            ("@public ", !self.confidential),
            ("@http ", http),
            ("@https ", !http),
        ];
        let mut line = line;
        while let Some((rest, applies)) =
            marks.iter().find_map(|(mark, on)| Some((line.strip_prefix(mark)?, *on)))
        {
            if !applies {
                return None;
            }
            line = rest;
        }
        Some(self.replace(line))
    }

    fn replace(&self, line: &str) -> String {
        let redirect = match self.redirect_uri.as_str() {
            "" => "https://app.example.com/callback",
            uri => uri,
        };
        let name: String = self.tenant_name.chars().filter(|c| !"\"'\\`<>&".contains(*c)).collect();
        line.replace("{{ISSUER}}", &self.issuer)
            .replace("{{CLIENT_ID}}", &self.client_id)
            .replace("{{REDIRECT_URI}}", redirect)
            .replace("{{TENANT}}", &name)
    }

    /// The values as environment variables; the secret has its name and no value.
    pub(crate) fn env(&self) -> String {
        let mut lines = vec![
            format!("OIDC_ISSUER={}", self.issuer),
            format!("OIDC_CLIENT_ID={}", self.client_id),
        ];
        if self.confidential {
            lines.push("# Put the secret here; the console showed it once.".to_owned());
            lines.push("OIDC_CLIENT_SECRET=".to_owned());
        }
        if !self.redirect_uri.is_empty() {
            lines.push(format!("OIDC_REDIRECT_URI={}", self.redirect_uri));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(kind: &'static str, issuer: &str, confidential: bool) -> Values {
        Values {
            kind,
            issuer: issuer.into(),
            client_id: "app_1".into(),
            tenant_name: "A\"cme".into(),
            redirect_uri: "https://a.test/cb".into(),
            confidential,
        }
    }

    const MARKS: [&str; 4] = ["@secret ", "@public ", "@http ", "@https "];

    #[test]
    fn every_snippet_has_the_real_values_and_no_marks_left() {
        for (kind, confidential) in
            [("web", true), ("spa", false), ("native", false), ("machine", true)]
        {
            for issuer in ["https://id.test/t/acme", "http://127.0.0.1:8080/t/acme"] {
                let values = values(kind, issuer, confidential);
                for stack in stacks(kind) {
                    let text = values.fill(stack.text);
                    let all = format!("{kind} {}", stack.name);
                    assert!(text.contains(issuer) && text.contains("app_1"), "{all}");
                    let marked =
                        |line: &str| MARKS.iter().any(|mark| line.trim_start().starts_with(mark));
                    assert!(!text.contains("{{") && !text.lines().any(marked), "{all}");
                    let asks = text.contains("OIDC_CLIENT_SECRET");
                    assert_eq!(asks, confidential, "{all} reads a secret: {asks}");
                }
            }
        }
    }

    #[test]
    fn the_file_of_variables_has_no_secret() {
        let env = values("web", "https://id.test", true).env();
        assert!(env.contains("OIDC_CLIENT_SECRET=\n") && env.ends_with("/cb\n"), "{env}");
        assert!(!values("spa", "https://id.test", false).env().contains("SECRET"));
    }
}

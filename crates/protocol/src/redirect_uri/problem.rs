//! Why an address cannot be registered, in words for the person at the form, with the corrected
//! address where there is one.
//!
//! The rules themselves are in `registration`.

const CHARACTER: &str = "The address has a space, a backslash or another character that browsers \
    do not keep. Remove it, or write it as % and two hexadecimal digits.";
const ESCAPE: &str = "A % in the address is not followed by two hexadecimal digits. Write %25 for \
    a percent sign.";
const DANGEROUS_SCHEME: &str = "Addresses of this kind can run code or open files. Enter one that \
    begins with https://.";
const SCHEME_WITHOUT_DOT: &str = "A private scheme needs a dot, so that no other app owns it. Use \
    your domain backwards, for example com.example.app:/callback.";
const SCHEME_NOT_NATIVE: &str = "Only native applications can use a private scheme. Enter an \
    address that begins with https://, or change the application type.";
const INSECURE: &str = "Anyone on the network can read what is sent to an http address. Use https. \
    Plain http works only for 127.0.0.1, [::1] and localhost, for native applications and in \
    development tenants.";
const WILDCARD: &str = "The * is not a pattern here: addresses are compared letter by letter. Add \
    each address in full.";
const HOST: &str = "The host is missing or cannot be read. Enter a name like app.example.com, with \
    a port from 1 to 65535 if you need one.";
const REWRITTEN: &str = "Browsers change this path before they open it, so it would never match. \
    Enter the address as the browser shows it.";
const MACHINE: &str = "Machine applications sign nobody in, so they need no address to return to. \
    Remove it, or change the application type.";

/// What is wrong with an address that somebody wants to register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UriProblem {
    /// Nothing was entered.
    Empty,
    /// Longer than [`super::MAX_URI`] bytes.
    TooLong,
    /// A space, control character, backslash, quote or non-ASCII character.
    Character,
    /// A percent sign without two hexadecimal digits.
    Escape,
    /// Does not begin with a scheme; holds a guess.
    NoScheme(Option<String>),
    /// A scheme that runs code, opens files or leads nowhere.
    DangerousScheme,
    /// The scheme has upper-case letters; holds the address with a lower-case scheme.
    SchemeCase(String),
    /// A private scheme without a dot (RFC 8252 §7.1).
    SchemeWithoutDot,
    /// A private scheme on an application that is not native.
    SchemeNotNative,
    /// `http` where only `https` is allowed; holds the `https` form.
    Insecure(String),
    /// A part after `#`; holds the address without it.
    Fragment(String),
    /// A name or password before the host.
    UserInfo,
    /// An asterisk.
    Wildcard,
    /// Host or port is missing or malformed.
    Host,
    /// Browsers rewrite the path (`.`, `..`); holds what they make of it.
    Rewritten(String),
    /// Machine applications have no pages to return to.
    Machine,
}

impl UriProblem {
    /// One or two sentences for the person at the form: what is wrong and what to do.
    pub fn message(&self) -> String {
        self.text().to_owned()
    }

    fn text(&self) -> &'static str {
        match self {
            Self::Empty => "Enter an address, for example https://app.example.com/callback.",
            Self::TooLong => "The address is longer than 2,000 characters. Enter a shorter one.",
            Self::Character => CHARACTER,
            Self::Escape => ESCAPE,
            Self::NoScheme(_) => "The address has to begin with https://.",
            Self::DangerousScheme => DANGEROUS_SCHEME,
            Self::SchemeCase(_) => "Write the part before the colon in lower case.",
            Self::SchemeWithoutDot => SCHEME_WITHOUT_DOT,
            Self::SchemeNotNative => SCHEME_NOT_NATIVE,
            Self::Insecure(_) => INSECURE,
            Self::Fragment(_) => "Remove the # and everything after it: it never reaches a server.",
            Self::UserInfo => "Remove the part before the @: the host has to come first.",
            Self::Wildcard => WILDCARD,
            Self::Host => HOST,
            Self::Rewritten(_) => REWRITTEN,
            Self::Machine => MACHINE,
        }
    }

    /// The address as it could be registered, if the repair is obvious.
    pub fn fix(&self) -> Option<String> {
        match self {
            Self::NoScheme(fix) => fix.clone(),
            Self::SchemeCase(fix)
            | Self::Insecure(fix)
            | Self::Fragment(fix)
            | Self::Rewritten(fix) => Some(fix.clone()),
            _ => None,
        }
    }
}

impl std::fmt::Display for UriProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for UriProblem {}

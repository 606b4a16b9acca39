//! JSON from strangers: its depth is measured before anything is built from it.
//!
//! Owns the bound and the words of the errors; what the document means is its reader's.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::OutboundError;

/// Arrays and objects inside one another. Discovery documents, key sets and profiles need 6.
const DEEPEST: usize = 32;

/// Reads a document.
///
/// # Errors
/// `Protocol` with the place; the content is not quoted, for it may hold tokens.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, OutboundError> {
    if is_too_deep(body) {
        let text = format!("the JSON is nested deeper than {DEEPEST} levels");
        return Err(OutboundError::Protocol(text));
    }
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            Category::Eof if body.is_empty() => return protocol("the body is empty"),
            Category::Eof => "the JSON ends too early",
            Category::Data => "the JSON does not have the expected shape",
            Category::Syntax | Category::Io => "the body is not JSON",
        };
        let (line, column) = (error.line(), error.column());
        protocol(&format!("{what} (line {line}, column {column})"))
    })
}

fn protocol(text: &str) -> OutboundError {
    OutboundError::Protocol(text.to_owned())
}

fn is_too_deep(body: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in body {
        if in_text {
            (in_text, escaped) = match byte {
                _ if escaped => (true, false),
                b'\\' => (true, true),
                b'"' => (false, false),
                _ => (true, false),
            };
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn nested(depth: usize) -> Vec<u8> {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth)).into_bytes()
    }

    #[test]
    fn depth_is_bounded() {
        assert!(read::<Value>(&nested(DEEPEST)).is_ok());
        assert!(read::<Value>(&nested(DEEPEST + 1)).is_err());
        assert!(read::<Value>(&nested(100_000)).is_err());
        assert!(read::<Value>("[".repeat(100_000).as_bytes()).is_err());
        let brackets_in_text = format!("\"{}\\\"{}\"", "[".repeat(50), "{".repeat(50));
        assert!(read::<Value>(brackets_in_text.as_bytes()).is_ok());
    }

    #[test]
    fn errors_name_the_place_and_quote_nothing() {
        let text = |body: &str| read::<Vec<u8>>(body.as_bytes()).unwrap_err().to_string();
        assert!(text("<html>secret").contains("not JSON (line 1, column 1)"));
        assert!(text("[1,").contains("ends too early"));
        assert!(text("").contains("empty"));
        let shape = text("[\"secret\"]");
        assert!(shape.contains("expected shape") && !shape.contains("secret"));
    }
}

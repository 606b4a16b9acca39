//! Forms with a file (RFC 7578): read whole, up to the limit of the route, and taken apart strictly.
//! What the file is, is for the use case to say; its name is text from outside like any other.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest};
use protocol::form::{Params, encode};

use crate::fault::Fault;
use crate::forms::{collect, declared_length, limit, malformed};

/// How long a client may take to send a file.
const READ_DEADLINE: Duration = Duration::from_secs(60);
/// Most parts of a form.
const MAX_PARTS: usize = 32;

/// A file as it was sent.
#[derive(Debug, Clone, Default)]
pub struct SentFile {
    /// What the browser calls it; only the part after the last slash, at most 200 characters.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The fields of a form and its one file; empty where none was chosen.
#[derive(Debug)]
pub struct UploadParams {
    /// The fields.
    pub form: Params,
    /// The file.
    pub file: SentFile,
}

impl FromRequest for UploadParams {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<UploadParams, Fault>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let limit = limit(&req);
            if declared_length(&req).is_some_and(|length| length > limit) {
                return Err(Fault::too_large());
            }
            let boundary = boundary(&req).ok_or_else(|| {
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                malformed(status, "the body must be multipart/form-data")
            })?;
            let body = match tokio::time::timeout(READ_DEADLINE, collect(payload, limit)).await {
                Ok(body) => body?,
                Err(_) => {
                    let status = StatusCode::REQUEST_TIMEOUT;
                    return Err(malformed(status, "the body came too slowly"));
                }
            };
            read(&boundary, &body).ok_or_else(|| {
                malformed(StatusCode::BAD_REQUEST, "the form could not be taken apart")
            })?
        })
    }
}

/// The boundary of the parts (RFC 2046 §5.1.1): at most 70 characters.
fn boundary(req: &HttpRequest) -> Option<String> {
    let mut types = req.headers().get_all(header::CONTENT_TYPE);
    let (Some(value), None) = (types.next(), types.next()) else { return None };
    let (media, parameters) = value.to_str().ok()?.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let found = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"').to_owned())
    })?;
    (1..=70).contains(&found.len()).then_some(found)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        if bytes[at..].starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Where a part ends: at a delimiter that is a line of its own, not the beginning of a longer one.
fn find_end(rest: &[u8], between: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + find(&rest[from..], between)?;
        let after = &rest[at + between.len()..];
        if after.starts_with(b"\r\n") || after.starts_with(b"--") {
            return Some(at);
        }
        from = at + between.len();
    }
}

/// Takes a body apart; `None` when it is not what it says it is.
fn read(boundary: &str, body: &[u8]) -> Option<Result<UploadParams, Fault>> {
    let delimiter = format!("--{boundary}");
    let between = format!("\r\n{delimiter}");
    let mut rest = body.strip_prefix(delimiter.as_bytes())?;
    let (mut pairs, mut file) = (Vec::new(), SentFile::default());
    for _ in 0..MAX_PARTS {
        if rest.starts_with(b"--") {
            return Some(
                Params::parse(pairs.join("&").as_bytes())
                    .map_err(Fault::from)
                    .map(|form| UploadParams { form, file }),
            );
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head_end = find(rest, b"\r\n\r\n")?;
        let head = std::str::from_utf8(&rest[..head_end]).ok()?;
        rest = &rest[head_end + 4..];
        let end = find_end(rest, between.as_bytes())?;
        let content = &rest[..end];
        rest = &rest[end + between.len()..];
        let (name, sent_as) = disposition(head)?;
        match sent_as {
            None => {
                let text = std::str::from_utf8(content).ok()?;
                pairs.push(format!("{}={}", encode(&name), encode(text)));
            }
            Some(sent_as) if !content.is_empty() => {
                let name = sent_as.rsplit(['/', '\\']).next().unwrap_or_default();
                let name = name.chars().filter(|c| !c.is_control()).take(200).collect();
                file = SentFile { name, bytes: content.to_vec() };
            }
            Some(_) => {}
        }
    }
    None
}

/// Name of a part, and of its file if it is one.
fn disposition(head: &str) -> Option<(String, Option<String>)> {
    let line = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let mut parts = line.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut file) = (None, None);
    for part in parts {
        let Some((key, value)) = part.split_once('=') else { continue };
        let value = value.trim_matches('"').to_owned();
        match key.to_ascii_lowercase().as_str() {
            "name" => name = Some(value),
            "filename" => file = Some(value),
            _ => {}
        }
    }
    Some((name?, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(parts: &[&str]) -> Vec<u8> {
        let mut text: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
        text.push_str("--b--\r\n");
        text.into_bytes()
    }

    #[test]
    fn fields_and_a_file_come_apart() {
        let sent = body(&[
            "Content-Disposition: form-data; name=\"csrf\"\r\n\r\na=b&c",
            "content-disposition: form-data; name=\"file\"; filename=\"C:\\x\\u.csv\"\r\n\
             Content-Type: text/csv\r\n\r\nemail\r\n--bogus\r\n\u{f6}",
        ]);
        let read = read("b", &sent).unwrap().unwrap();
        assert_eq!(read.form.get("csrf"), Some("a=b&c"));
        assert_eq!(read.file.name, "u.csv");
        assert_eq!(read.file.bytes, "email\r\n--bogus\r\n\u{f6}".as_bytes());
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let whole = body(&["Content-Disposition: form-data; name=\"a\"\r\n\r\n1"]);
        assert!(read("b", &whole).is_some());
        assert!(read("c", &whole).is_none());
        for end in [0, 10, whole.len() - 8] {
            assert!(read("b", &whole[..end]).is_none(), "{end}");
        }
        let nameless = body(&["Content-Disposition: form-data\r\n\r\n1"]);
        assert!(read("b", &nameless).is_none());
        let twice = body(&["Content-Disposition: form-data; name=\"a\"\r\n\r\n1"; 2]);
        assert!(read("b", &twice).unwrap().is_err(), "a name stands once");
    }
}

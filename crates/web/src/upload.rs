//! Forms that carry files: `multipart/form-data` (RFC 7578), read whole up to the limit of the
//! route and taken apart strictly. A form without files may come either way, and its fields are the
//! same strict parameters.
//!
//! What a file may be is its use case's to judge; its name is text from outside like any other, and
//! what the sender calls its type is not even kept.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use protocol::form::{Params, encode};

use crate::fault::Fault;
use crate::forms::{self, collect, declared_length, limit, malformed};

/// Largest body of a route that takes files of up to half a megabyte, in bytes.
pub const UPLOAD_LIMIT: usize = 600 * 1024;

/// How long a client may take to send files.
const READ_DEADLINE: Duration = Duration::from_secs(60);
/// Most parts of a body.
const MAX_PARTS: usize = 128;
/// Longest head of a part, in bytes.
const MAX_HEAD: usize = 2048;

/// A file as it was sent.
#[derive(Debug, Clone, Default)]
pub struct SentFile {
    /// What the browser calls it; only the part after the last slash, at most 200 characters.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// The files of a form by the name of their field. Fields for which nothing was chosen are not
/// among them.
#[derive(Debug, Clone, Default)]
pub struct Files(Vec<(String, SentFile)>);

impl Files {
    /// What is in the file of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, file)| file.bytes.as_ref())
    }

    /// The file of a form that has one; empty where none was chosen.
    #[must_use]
    pub fn into_one(self) -> SentFile {
        self.0.into_iter().next().map(|(_, file)| file).unwrap_or_default()
    }
}

/// A form with its files.
#[derive(Debug)]
pub struct FileForm {
    /// The fields.
    pub params: Params,
    /// The files.
    pub files: Files,
}

impl FromRequest for FileForm {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<FileForm, Fault>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let Some(boundary) = boundary(req) else {
            // Everything else is a form without files, or refused as one.
            let form = forms::FormParams::from_request(req, payload);
            return Box::pin(async move {
                Ok(FileForm { params: form.await?.0, files: Files::default() })
            });
        };
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let limit = limit(&req);
            if declared_length(&req).is_some_and(|length| length > limit) {
                return Err(Fault::too_large());
            }
            let body = match tokio::time::timeout(READ_DEADLINE, collect(payload, limit)).await {
                Ok(body) => body?,
                Err(_) => {
                    let status = StatusCode::REQUEST_TIMEOUT;
                    return Err(malformed(status, "the body came too slowly"));
                }
            };
            read(&body, &boundary).ok_or_else(|| {
                malformed(StatusCode::BAD_REQUEST, "the form could not be taken apart")
            })
        })
    }
}

/// The boundary of a multipart body (RFC 2046 §5.1.1): at most 70 characters without blanks.
/// `None` for any other kind of body, and for one whose kind is said twice.
fn boundary(req: &HttpRequest) -> Option<String> {
    let mut types = req.headers().get_all(header::CONTENT_TYPE);
    let (Some(kind), None) = (types.next(), types.next()) else { return None };
    let (media, parameters) = kind.to_str().ok()?.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    let good = (1..=70).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
    good.then(|| value.to_owned())
}

/// Takes a body apart; `None` for one that does not keep to the form.
fn read(body: &Bytes, boundary: &str) -> Option<FileForm> {
    let (first, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut at = match body.starts_with(first.as_bytes()) {
        true => first.len(),
        false => find_end(body, 0, between.as_bytes())? + between.len(),
    };
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    while !body.get(at..)?.starts_with(b"--") {
        if pairs.len() + files.len() == MAX_PARTS {
            return None;
        }
        let start = at + body[at..].starts_with(b"\r\n").then_some(2)?;
        let head_end = find(body, start, b"\r\n\r\n").filter(|end| end - start <= MAX_HEAD)?;
        let (name, sent_as) = disposition(std::str::from_utf8(&body[start..head_end]).ok()?)?;
        let (from, to) = (head_end + 4, find_end(body, head_end + 2, between.as_bytes())?);
        let content = body.slice(from..to.max(from));
        match sent_as {
            None => {
                let text = std::str::from_utf8(&content).ok()?;
                pairs.push(format!("{}={}", encode(&name), encode(text)));
            }
            // Nothing was chosen; it counts as a part all the same.
            Some(_) if content.is_empty() => files.push((String::new(), SentFile::default())),
            Some(sent_as) => {
                files.push((name, SentFile { name: file_name(&sent_as), bytes: content }));
            }
        }
        at = to + between.len();
    }
    files.retain(|(_, file)| !file.bytes.is_empty());
    let params = Params::parse_form(pairs.join("&").as_bytes()).ok()?;
    Some(FileForm { params, files: Files(files) })
}

fn file_name(sent_as: &str) -> String {
    let name = sent_as.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Name of a part, and of its file if it is one (RFC 7578 §4.2).
fn disposition(head: &str) -> Option<(String, Option<String>)> {
    let mut lines = head.split("\r\n").filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then(|| value.trim())
    });
    let (Some(line), None) = (lines.next(), lines.next()) else { return None };
    let (kind, mut rest) = line.split_at_checked("form-data".len())?;
    let (mut name, mut file) = (None, None);
    while let Some(more) = rest.trim_start().strip_prefix(';') {
        let (key, value) = more.trim_start().split_once('=')?;
        let (value, after) = value_of(value)?;
        let slot = match key.trim().to_ascii_lowercase().as_str() {
            "name" => Some(&mut name),
            "filename" => Some(&mut file),
            _ => None,
        };
        if let Some(slot) = slot
            && slot.replace(value.to_owned()).is_some()
        {
            return None;
        }
        rest = after;
    }
    let whole = kind.eq_ignore_ascii_case("form-data") && rest.trim().is_empty();
    whole.then_some(())?;
    Some((name?, file))
}

/// A value, in quotes or without, and what follows it. Browsers write a quote inside a name as
/// `%22` (HTML standard, multipart/form-data encoding).
fn value_of(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"'),
        None => Some(text.split_at(text.find(';').unwrap_or(text.len()))),
    }
}

fn find(body: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = from;
    loop {
        let at = from + body.get(from..)?.iter().position(|byte| *byte == first)?;
        if body[at..].starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Where a part ends: at a delimiter that is a line of its own, not the beginning of a longer one.
fn find_end(body: &[u8], from: usize, between: &[u8]) -> Option<usize> {
    let mut from = from;
    loop {
        let at = find(body, from, between)?;
        let after = &body[at + between.len()..];
        if after.starts_with(b"\r\n") || after.starts_with(b"--") {
            return Some(at);
        }
        from = at + between.len();
    }
}

#[cfg(test)]
#[path = "tests/upload.rs"]
mod tests;

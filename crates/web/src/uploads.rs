//! Forms that carry files: `multipart/form-data` (RFC 7578), read whole up to the limit of the
//! route. A form without files may come either way, and its fields are the same strict parameters.
//!
//! What a file may be is its use case's to judge: its name and type are not even kept.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use protocol::catalogue;
use protocol::form::{Params, append_query};

use crate::fault::Fault;
use crate::forms;

/// Largest body of a route that takes files of up to half a megabyte, in bytes.
pub const UPLOAD_LIMIT: usize = 600 * 1024;

/// How long a client may take to send files.
const READ_DEADLINE: Duration = Duration::from_secs(60);
/// Most parts of a body.
const MAX_PARTS: usize = 128;
/// Longest head of a part, in bytes.
const MAX_HEAD: usize = 2048;

/// The files of a form: the name of the field and what was in it. Fields for which nothing was
/// chosen are not among them.
#[derive(Debug, Clone, Default)]
pub struct Files(Vec<(String, Bytes)>);

impl Files {
    /// The file of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, bytes)| bytes.as_ref())
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
            let form = forms::FormParams::from_request(req, payload);
            return Box::pin(async move {
                Ok(FileForm { params: form.await?.0, files: Files::default() })
            });
        };
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let limit = forms::limit(&req);
            let body =
                match tokio::time::timeout(READ_DEADLINE, forms::collect(payload, limit)).await {
                    Ok(body) => body?,
                    Err(_) => {
                        return Err(Fault::new(
                            StatusCode::REQUEST_TIMEOUT,
                            catalogue::REQUEST_INVALID,
                        ));
                    }
                };
            read(&body, &boundary).ok_or_else(|| Fault::bad_request(catalogue::REQUEST_INVALID))
        })
    }
}

/// The boundary of a multipart body (RFC 2046 §5.1.1); `None` for any other kind of body.
fn boundary(req: &HttpRequest) -> Option<String> {
    let kind = req.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (media, parameters) = kind.split_once(';')?;
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
    let mut at = if body.starts_with(first.as_bytes()) {
        first.len()
    } else {
        find(body, 0, between.as_bytes())? + between.len()
    };
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut files: Vec<(String, Bytes)> = Vec::new();
    while !body.get(at..)?.starts_with(b"--") {
        if fields.len() + files.len() == MAX_PARTS {
            return None;
        }
        let start = at + body[at..].starts_with(b"\r\n").then_some(2)?;
        let head_end = find(body, start, b"\r\n\r\n").filter(|end| end - start <= MAX_HEAD)?;
        let (name, is_file) = disposition(std::str::from_utf8(&body[start..head_end]).ok()?)?;
        let (from, to) = (head_end + 4, find(body, head_end + 2, between.as_bytes())?);
        let content = body.slice(from..to.max(from));
        match is_file {
            true if content.is_empty() => {}
            true => files.push((name, content)),
            false => fields.push((name, std::str::from_utf8(&content).ok()?.to_owned())),
        }
        at = to + between.len();
    }
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let query = append_query("", &pairs);
    let params = Params::parse_form(query.trim_start_matches('?').as_bytes()).ok()?;
    Some(FileForm { params, files: Files(files) })
}

/// Name of a part, and whether it is a file (RFC 7578 §4.2).
fn disposition(head: &str) -> Option<(String, bool)> {
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then(|| value.trim())
    })?;
    let rest = line.strip_prefix("form-data")?;
    let name = parameter(rest, "; name=\"")?;
    Some((name.to_owned(), parameter(rest, "; filename=\"").is_some()))
}

/// Browsers write a quote inside a name as `%22` (HTML standard, multipart/form-data encoding).
fn parameter<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let from = text.find(start)? + start.len();
    let end = text[from..].find('"')?;
    Some(&text[from..from + end])
}

fn find(body: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = body.get(from..)?;
    rest.windows(what.len()).position(|window| window == what).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &[u8]) -> Option<FileForm> {
        read(&Bytes::copy_from_slice(body), "B")
    }

    #[test]
    fn rfc7578_4_2_fields_and_files_are_told_apart() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\na&b=c%\r\n\
            --B\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"../x.svg\"\r\n\
            Content-Type: image/svg+xml\r\n\r\n\x89PNG\r\n--C\r\n\r\n--B\r\n\
            content-disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--B--\r\n";
        let form = parse(body).unwrap();
        assert_eq!(form.params.get("csrf"), Some("a&b=c%"));
        assert_eq!(form.files.get("logo"), Some(&b"\x89PNG\r\n--C\r\n"[..]));
        assert_eq!(form.files.get("none"), None);
        assert_eq!(form.params.get("logo"), None);
    }

    #[test]
    fn an_empty_form_has_nothing_and_a_preamble_is_skipped() {
        assert!(parse(b"--B--\r\n").unwrap().params.get("x").is_none());
        let body = b"hello\r\n--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B--";
        assert_eq!(parse(body).unwrap().params.get("x"), Some("1"));
    }

    #[test]
    fn what_does_not_keep_to_the_form_is_refused() {
        let part = "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n";
        for bad in [
            "".to_owned(),
            "--B".to_owned(),
            "--B\r\n".to_owned(),
            part.to_owned(),
            format!("{part}--C--"),
            "--B\r\n\r\n1\r\n--B--".to_owned(),
            "--B\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n1\r\n--B--".to_owned(),
            "--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--".to_owned(),
            format!("--B\r\nX: {}\r\n\r\n1\r\n--B--", "y".repeat(3000)),
            format!("{part}{part}--B--"),
            format!("{}--B--", part.repeat(MAX_PARTS + 1)),
        ] {
            assert!(parse(bad.as_bytes()).is_none(), "{bad:.80}");
        }
        assert!(
            parse(b"--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\xff\r\n--B--")
                .is_none()
        );
    }
}

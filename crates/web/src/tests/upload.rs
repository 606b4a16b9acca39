//! What is taken for a form with files, and what is not.

use super::*;

fn parse(body: &[u8]) -> Option<FileForm> {
    read(&Bytes::copy_from_slice(body), "B")
}

fn body(parts: &[&str]) -> Vec<u8> {
    let mut text: String = parts.iter().map(|part| format!("--B\r\n{part}\r\n")).collect();
    text.push_str("--B--\r\n");
    text.into_bytes()
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
    assert_eq!(form.files.into_one().name, "x.svg");
}

#[test]
fn fields_and_a_file_come_apart() {
    let sent = body(&[
        "Content-Disposition: form-data; name=\"csrf\"\r\n\r\na=b&c",
        "content-disposition: form-data; name=\"file\"; filename=\"C:\\x\\u; name=v.csv\"\r\n\
         Content-Type: text/csv\r\n\r\nemail\r\n--Bogus\r\n\u{f6}",
    ]);
    let form = parse(&sent).unwrap();
    assert_eq!(form.params.get("csrf"), Some("a=b&c"));
    let file = form.files.into_one();
    assert_eq!(file.name, "u; name=v.csv");
    assert_eq!(&file.bytes[..], "email\r\n--Bogus\r\n\u{f6}".as_bytes());
}

#[test]
fn an_empty_form_has_nothing_and_a_preamble_is_skipped() {
    assert!(parse(b"--B--\r\n").unwrap().params.get("x").is_none());
    let body = b"hello\r\n--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B--";
    assert_eq!(parse(body).unwrap().params.get("x"), Some("1"));
}

#[test]
fn what_is_not_whole_is_refused() {
    let whole = body(&["Content-Disposition: form-data; name=\"a\"\r\n\r\n1"]);
    assert!(parse(&whole).is_some());
    assert!(read(&Bytes::from(whole.clone()), "C").is_none());
    for end in [0, 10, whole.len() - 8] {
        assert!(parse(&whole[..end]).is_none(), "{end}");
    }
}

#[test]
fn what_does_not_keep_to_the_form_is_refused() {
    let part = "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n";
    let none = "--B\r\nContent-Disposition: form-data; name=\"x\"; filename=\"\"\r\n\r\n\r\n";
    let head = |line: &str| format!("--B\r\nContent-Disposition: {line}\r\n\r\n1\r\n--B--");
    for bad in [
        "".to_owned(),
        "--B".to_owned(),
        "--B\r\n".to_owned(),
        part.to_owned(),
        format!("{part}--C--"),
        "--B\r\n\r\n1\r\n--B--".to_owned(),
        head("attachment; name=\"x\""),
        head("form-data"),
        head("form-data; name=\"x"),
        head("form-data; name=\"x\" y"),
        head("form-data; name=\"x\"; name=\"y\""),
        head("form-data; name=\"x\"\r\nContent-Disposition: form-data; name=\"y\""),
        format!("--B\r\nX: {}\r\n\r\n1\r\n--B--", "y".repeat(3000)),
        format!("{part}{part}--B--"),
        format!("{}--B--", part.repeat(MAX_PARTS + 1)),
        format!("{}--B--", none.repeat(MAX_PARTS + 1)),
    ] {
        assert!(parse(bad.as_bytes()).is_none(), "{bad:.80}");
    }
    assert!(
        parse(b"--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\xff\r\n--B--").is_none()
    );
}

#[test]
fn rfc2046_5_1_1_the_kind_of_a_body_is_said_once_and_its_boundary_is_plain() {
    let of = |kinds: &[&str]| {
        let req = kinds.iter().fold(actix_web::test::TestRequest::post(), |req, kind| {
            req.append_header(("Content-Type", *kind))
        });
        boundary(&req.to_http_request())
    };
    assert_eq!(of(&["multipart/form-data; boundary=edge"]).as_deref(), Some("edge"));
    assert_eq!(of(&["Multipart/Form-Data; x=y; Boundary=\"edge\""]).as_deref(), Some("edge"));
    let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
    for bad in [
        &[][..],
        &["multipart/form-data"],
        &["multipart/form-data; boundary="],
        &["multipart/form-data; boundary=\"a b\""],
        &["multipart/mixed; boundary=edge"],
        &["multipart/form-data; boundary=edge", "multipart/form-data; boundary=edge"],
        &[long.as_str()],
    ] {
        assert_eq!(of(bad), None, "{bad:?}");
    }
}

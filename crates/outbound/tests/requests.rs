//! What is sent, and how an ordinary answer is read.

use outbound::{Method, OutboundError, Request};
use serde_json::{Value, json};

use crate::support::{Server, body, client_for, get, ok};

#[tokio::test]
async fn requests_say_who_asks_and_nothing_else() {
    let server = Server::start(|_, out| body(out, "Set-Cookie: a=b; Path=/\r\n", b"{}"));
    let outbound = client_for(&server);
    for _ in 0..2 {
        let fields = [("code", "1"), ("redirect_uri", "https://a.example/cb")];
        let request = Request::post_form(server.url("/token?x=1"), &fields)
            .header("Accept", "application/json")
            .header("Authorization", "Basic abc");
        assert_eq!(outbound.send(request).await.unwrap().status, 200);
    }
    assert_eq!(server.connects(), 1, "the connection is used again");
    let mut names = Vec::new();
    for head in server.heads() {
        assert!(head.starts_with("POST /token?x=1 HTTP/1.1\r\n"), "{head}");
        let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let mut own: Vec<_> = lines.map(|(name, _)| name.to_ascii_lowercase()).collect();
        own.sort();
        assert!(head.contains("user-agent: Tessera\r\n"), "{head}");
        names.push(own);
    }
    let expected = [
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ];
    assert_eq!(names, [expected, expected]);
}

#[tokio::test]
async fn every_status_but_a_redirects_is_an_answer() {
    let server = Server::start(|head, out| {
        let status = &head[5..8];
        let length = if status == "304" { "" } else { "Content-Length: 2\r\n" };
        write!(out, "HTTP/1.1 {status} x\r\nX-Two: a\r\nX-Two: b\r\n{length}\r\n")?;
        if status == "304" { Ok(()) } else { out.write_all(b"{}") }
    });
    let outbound = client_for(&server);
    for status in [200, 201, 304, 400, 401, 404, 429, 500, 503] {
        let response = get(&outbound, &server.url(&format!("/{status}"))).await.unwrap();
        assert_eq!(response.status, status);
        assert_eq!(response.is_success(), status < 300);
        assert_eq!(response.header_values("x-two").collect::<Vec<_>>(), ["a", "b"]);
    }
}

#[tokio::test]
async fn methods_and_bodies_arrive() {
    let server = Server::start(|head, out| {
        let text = head.split(' ').next().unwrap_or_default().to_owned();
        if text == "HEAD" {
            write!(out, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
        } else {
            ok(out, &text)
        }
    });
    let outbound = client_for(&server);
    for (method, name) in [
        (Method::Get, "GET"),
        (Method::Post, "POST"),
        (Method::Put, "PUT"),
        (Method::Patch, "PATCH"),
        (Method::Delete, "DELETE"),
        (Method::Head, ""),
    ] {
        let mut request = Request::new(method, server.url("/"));
        request.body =
            Some(b"some bytes".to_vec()).filter(|_| !matches!(method, Method::Get | Method::Head));
        assert_eq!(outbound.send(request).await.unwrap().body, name.as_bytes());
    }
}

#[tokio::test]
async fn json_is_read_and_bounded() {
    let server = Server::start(|head, out| match &head[5..9] {
        "good" => ok(out, "{\"a\": [1, \"ä\"]}"),
        "deep" => ok(out, &"[".repeat(100_000)),
        _ => ok(out, "<html>"),
    });
    let outbound = client_for(&server);
    let good = get(&outbound, &server.url("/good")).await.unwrap();
    assert_eq!(good.json::<Value>().unwrap(), json!({"a": [1, "ä"]}));
    for path in ["/deep", "/html"] {
        let response = get(&outbound, &server.url(path)).await.unwrap();
        assert!(matches!(response.json::<Value>(), Err(OutboundError::Protocol(_))), "{path}");
    }
}

#[tokio::test]
async fn compressed_answers_are_read() {
    let server = Server::start(|head, out| {
        assert!(head.contains("accept-encoding: gzip"), "{head}");
        let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut zip, b"plain")?;
        body(out, "Content-Encoding: gzip\r\n", &zip.finish()?)
    });
    let outbound = client_for(&server);
    assert_eq!(get(&outbound, &server.url("/")).await.unwrap().body, b"plain");
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_sends_nothing() {
    let server = Server::sink();
    let outbound = client_for(&server);
    for (name, value) in [("Host", "other.test"), ("X-A", "1\r\nX-B: 2"), ("X A", "1")] {
        let request = Request::get(server.url("/")).header(name, value);
        assert_eq!(outbound.send(request).await.unwrap_err().code(), "upstream_protocol");
    }
    assert_eq!(server.connects(), 0);
}

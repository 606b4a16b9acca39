//! Servers that send too much, too slowly, or something else than HTTP.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use outbound::{Budget, Limits, Outbound, OutboundError, Phase, Request};

use crate::support::{
    Server, allowing, body, chunked, client_for, get, get_short, ok, pause, short,
};

const GIGABYTE: u64 = 1 << 30;

/// What the sockets of both sides may hold beyond what was read.
const IN_FLIGHT: u64 = 32 << 20;

fn pour(
    out: &mut dyn Write,
    mut write: impl FnMut(&mut dyn Write, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let block = [b'x'; 64 << 10];
    for _ in 0..GIGABYTE / block.len() as u64 {
        write(out, &block)?;
    }
    Ok(())
}

// The connection is closed by its own task, while the test waits for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_a_gigabyte_is_read_up_to_the_limit() {
    let server = Server::start(|head, out| match &head[5..8] {
        "len" => {
            write!(out, "HTTP/1.1 200 OK\r\nContent-Length: {GIGABYTE}\r\n\r\n")?;
            pour(out, |out, block| out.write_all(block))
        }
        "chu" => {
            write!(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            pour(out, chunked)
        }
        _ => {
            write!(out, "HTTP/1.0 200 OK\r\n\r\n")?;
            pour(out, |out, block| out.write_all(block))
        }
    });
    let outbound = client_for(&server);
    for (number, path) in ["/length", "/chunked", "/close"].iter().enumerate() {
        let error = get(&outbound, &server.url(path)).await.unwrap_err();
        assert!(
            matches!(error, OutboundError::TooLarge { limit: 1_048_576, .. }),
            "{path}: {error}"
        );
        let sent = server.sent_after(number + 1);
        assert!(sent < IN_FLIGHT * (number as u64 + 1), "{path}: {sent} bytes were taken");
    }
}

#[tokio::test]
async fn the_limit_is_exact() {
    let server = Server::start(|head, out| {
        let length = head[5..].split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        write!(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        chunked(out, &vec![b'x'; length])?;
        chunked(out, b"")
    });
    let outbound = client_for(&server);
    let limits = Limits { body: 1000, ..Limits::default() };
    let send = |length: usize| {
        outbound.send(Request::get(server.url(&format!("/{length}"))).limits(limits))
    };
    assert_eq!(send(1000).await.unwrap().body.len(), 1000);
    assert_eq!(send(1001).await.unwrap_err().code(), "upstream_too_large");
    assert_eq!(send(999).await.unwrap().body.len(), 999);
}

#[tokio::test]
async fn what_a_bomb_unpacks_to_is_counted() {
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    pour_64_mib(&mut zip);
    let bomb = zip.finish().unwrap();
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let server = Server::start(move |_, out| body(out, "Content-Encoding: gzip\r\n", &bomb));
    let error = get(&client_for(&server), &server.url("/")).await.unwrap_err();
    assert_eq!(error.code(), "upstream_too_large", "{error}");
}

fn pour_64_mib(out: &mut dyn Write) {
    for _ in 0..1024 {
        out.write_all(&[0; 64 << 10]).unwrap();
    }
}

#[tokio::test]
async fn broken_compression_is_an_error() {
    let server =
        Server::start(|_, out| body(out, "Content-Encoding: gzip\r\n", b"\x1f\x8bnot gzip"));
    let error = get(&client_for(&server), &server.url("/")).await.unwrap_err();
    assert_eq!(error.code(), "upstream_protocol", "{error}");
}

#[tokio::test]
async fn slow_answers_end_at_the_limit() {
    let server = Server::start(|head, out| match &head[5..8] {
        "sil" => {
            pause(Duration::from_secs(30));
            Ok(())
        }
        "hea" => drip(out, "HTTP/1.1 200 OK\r\n", "X-A: b\r\n"),
        "inf" => drip(out, "", "HTTP/1.1 103 Early Hints\r\n\r\n"),
        _ => drip(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "x"),
    });
    for (path, phase) in [
        ("/silent", Phase::Waiting),
        ("/headers", Phase::Waiting),
        ("/informational", Phase::Waiting),
        ("/body", Phase::Reading),
    ] {
        let start = Instant::now();
        let error = get_short(&client_for(&server), &server.url(path)).await.unwrap_err();
        let OutboundError::Timeout { after, phase: own, .. } = error else {
            panic!("{path}: {error}");
        };
        assert_eq!((after, own), (short().total, phase), "{path}");
        // Far below what the server would take; the machine may be busy.
        assert!(start.elapsed() < Duration::from_secs(5), "{path}: {:?}", start.elapsed());
    }
}

fn drip(out: &mut dyn Write, first: &str, again: &str) -> std::io::Result<()> {
    out.write_all(first.as_bytes())?;
    for _ in 0..3000 {
        out.write_all(again.as_bytes())?;
        out.flush()?;
        pause(Duration::from_millis(10));
    }
    Ok(())
}

#[tokio::test]
async fn a_handshake_that_never_ends_stops_at_the_connect_limit() {
    // Accepts and says nothing: the client waits for TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let outbound = Outbound::new(allowing(&[&address])).unwrap();
    let error = get_short(&outbound, &format!("https://{address}/")).await.unwrap_err();
    let OutboundError::Timeout { after, phase, .. } = error else { panic!("{error}") };
    assert_eq!((after, phase), (short().connect, Phase::Connecting));
}

#[tokio::test]
async fn requests_share_a_budget() {
    let server = Server::start(|head, out| {
        if head.starts_with("GET /slow") {
            pause(Duration::from_secs(30));
        }
        ok(out, "")
    });
    let outbound = client_for(&server);
    let budget = Budget::of(Duration::from_millis(300));
    let send = |path: &str| outbound.send(Request::get(server.url(path)).budget(budget));
    let start = Instant::now();
    for _ in 0..8 {
        let error = send("/slow").await.unwrap_err();
        assert_eq!(error.code(), "upstream_timeout", "{error}");
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(server.connects(), 1, "without time nothing is begun");
    // Its own lack of time says nothing about the host.
    assert!(get(&outbound, &server.url("/")).await.is_ok());
}

// The connection is closed by its own task, while the test waits for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_are_bounded_in_number_and_size() {
    let server = Server::start(|head, out| {
        write!(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n")?;
        match &head[5..8] {
            "man" => (0..200).try_for_each(|n| write!(out, "X-{n}: a\r\n"))?,
            "lon" => write!(out, "X-Long: {}\r\n", "a".repeat(70_000))?,
            "end" => pour(out, |out, block| {
                out.write_all(b"X: ")?;
                out.write_all(block)?;
                out.write_all(b"\r\n")
            })?,
            _ => (0..60).try_for_each(|n| write!(out, "X-{n}: {}\r\n", "a".repeat(900)))?,
        }
        write!(out, "\r\n")
    });
    for path in ["/many", "/long", "/endless"] {
        let error = get(&client_for(&server), &server.url(path)).await.unwrap_err();
        assert_eq!(error.code(), "upstream_protocol", "{path}: {error}");
    }
    assert!(server.sent_after(3) < IN_FLIGHT);
    assert!(get(&client_for(&server), &server.url("/some")).await.is_ok());
}

#[tokio::test]
async fn other_protocols_and_broken_answers_are_errors() {
    let answers: [&[u8]; 7] = [
        b"SSH-2.0-Example\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n",
        b"",
    ];
    for answer in answers {
        let server = Server::start(move |_, out| {
            out.write_all(answer)?;
            Err(std::io::Error::other("closed"))
        });
        let error = get(&client_for(&server), &server.url("/p?secret=1")).await.unwrap_err();
        assert_eq!(error.code(), "upstream_protocol", "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_closed_port_is_said_to_be_closed() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let outbound = Outbound::new(allowing(&[&address])).unwrap();
    let error = get(&outbound, &format!("http://{address}/")).await.unwrap_err();
    assert_eq!(error.code(), "upstream_connect");
    let text = error.to_string();
    assert!(text.contains("refused") && text.contains(&address), "{text}");
}

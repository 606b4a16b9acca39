//! HTTP/2 over TLS: agreed on by ALPN, one connection for many requests, the same limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use outbound::{Outbound, Policy, Request};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::support::authority::Authority;
use crate::support::{allowing, get, resolving};

struct Server {
    port: u16,
    connects: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
    outbound: Outbound,
}

async fn start() -> Server {
    let authority = Authority::new();
    let mut config = (*authority.server(&["idp.test"])).clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (connects, sent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (seen, counter) = (connects.clone(), sent.clone());
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            seen.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(acceptor.clone(), stream, counter.clone()));
        }
    });
    let policy = resolving(allowing(&[format!("idp.test:{port}")]), "idp.test", &[&["127.0.0.1"]]);
    let outbound = Outbound::new(Policy { trust_ca: vec![authority.pem()], ..policy }).unwrap();
    Server { port, connects, sent, outbound }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, sent: Arc<AtomicUsize>) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let sent = sent.clone();
        tokio::spawn(async move {
            let headers = request.headers();
            assert_eq!(headers["user-agent"], "Tessera");
            assert!(!headers.contains_key("referer") && !headers.contains_key("cookie"));
            let path = request.uri().path().to_owned();
            let mut response =
                h2::server::SendResponse::send_response(&mut respond, answer(&path), false)
                    .unwrap();
            if path == "/endless" {
                pour(response, &sent).await;
            } else {
                response.send_data("two".into(), true).unwrap();
            }
        });
    }
}

fn answer(path: &str) -> http::Response<()> {
    let mut response = http::Response::new(());
    if path == "/many" {
        for number in 0..2000 {
            let name = http::HeaderName::try_from(format!("x-{number}")).unwrap();
            response.headers_mut().insert(name, http::HeaderValue::from_static("some value"));
        }
    }
    response
}

/// Sends as much as the other side's window allows, until it resets the stream.
async fn pour(mut response: h2::SendStream<bytes::Bytes>, sent: &AtomicUsize) {
    let block = bytes::Bytes::from_static(&[b'x'; 16 << 10]);
    loop {
        response.reserve_capacity(block.len());
        match std::future::poll_fn(|context| response.poll_capacity(context)).await {
            Some(Ok(room)) if room > 0 => {
                let part = block.slice(..room.min(block.len()));
                sent.fetch_add(part.len(), Ordering::SeqCst);
                if response.send_data(part, false).is_err() {
                    return;
                }
            }
            Some(Ok(_)) => {}
            _ => return,
        }
    }
}

#[tokio::test]
async fn requests_share_a_connection() {
    let server = start().await;
    let url = format!("https://idp.test:{}/", server.port);
    assert_eq!(get(&server.outbound, &url).await.unwrap().body, b"two");
    let (a, b, c) = tokio::join!(
        get(&server.outbound, &url),
        server.outbound.send(Request::post_form(url.clone(), &[("a", "b")])),
        get(&server.outbound, &url),
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(server.connects.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn bodies_and_heads_are_bounded_here_too() {
    let server = start().await;
    let url = |path: &str| format!("https://idp.test:{}{path}", server.port);
    let error = get(&server.outbound, &url("/endless")).await.unwrap_err();
    assert_eq!(error.code(), "upstream_too_large", "{error}");
    // Read to the limit, and one window beyond.
    assert!(server.sent.load(Ordering::SeqCst) <= 3 << 20);
    let error = get(&server.outbound, &url("/many")).await.unwrap_err();
    assert_eq!(error.code(), "upstream_protocol", "{error}");
    assert_eq!(get(&server.outbound, &url("/")).await.unwrap().body, b"two");
}

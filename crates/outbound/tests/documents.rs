//! Kept documents: one fetch for all, few fetches for the impatient, the last good one in need.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use outbound::{Ages, DocumentPolicy, Documents, Outbound};

use crate::support::{Server, allowing, body, client_for, forward, pause};

const JSON: &str = "application/json";

/// A server whose document is a counter, and whose status can be changed.
struct Keys {
    server: Server,
    status: Arc<AtomicU16>,
}

fn keys(max_age: u64) -> Keys {
    let status = Arc::new(AtomicU16::new(200));
    let (own, count) = (status.clone(), AtomicUsize::new(0));
    let server = Server::start(move |_, out| {
        // Long enough for all callers of a test to be waiting.
        pause(Duration::from_millis(50));
        let status = own.load(Ordering::SeqCst);
        let text = format!("{{\"count\":{}}}", count.fetch_add(1, Ordering::SeqCst) + 1);
        write!(
            out,
            "HTTP/1.1 {status} x\r\nContent-Type: {JSON}\r\nCache-Control: max-age={max_age}\r\n\
             Content-Length: {}\r\n\r\n{text}",
            text.len()
        )
    });
    Keys { server, status }
}

impl Keys {
    fn url(&self) -> String {
        self.server.url("/keys")
    }

    fn fetches(&self) -> usize {
        self.server.heads().len()
    }

    fn documents(&self, policy: DocumentPolicy) -> Documents {
        Documents::new(client_for(&self.server), policy)
    }
}

/// Ages so short that a document is old at once.
fn at_once() -> Ages {
    Ages { least: Duration::ZERO, most: Duration::ZERO, otherwise: Duration::ZERO }
}

#[tokio::test]
async fn one_fetch_serves_all_who_wait() {
    let keys = keys(3600);
    let documents = keys.documents(DocumentPolicy::default());
    let url: Arc<str> = keys.url().into();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (documents, url) = (documents.clone(), url.clone());
            tokio::spawn(async move { documents.fetch_cached(&url, JSON, Ages::default()).await })
        })
        .collect();
    for task in tasks {
        let document = task.await.unwrap().unwrap();
        assert_eq!(document.body, b"{\"count\":1}");
        assert_eq!(document.media_type.as_deref(), Some(JSON));
        assert!(!document.is_stale());
    }
    assert_eq!(keys.fetches(), 1);
}

#[tokio::test]
async fn a_fetch_given_up_is_taken_over() {
    let keys = keys(3600);
    let documents = keys.documents(DocumentPolicy::default());
    let url = keys.url();
    let first = documents.fetch_cached(&url, JSON, Ages::default());
    assert!(tokio::time::timeout(Duration::from_millis(5), first).await.is_err());
    assert!(documents.fetch_cached(&url, JSON, Ages::default()).await.is_ok());
}

#[tokio::test]
async fn b17_2_unknown_key_ids_cost_one_fetch() {
    let keys = keys(3600);
    let documents = keys.documents(DocumentPolicy::default());
    let url = keys.url();
    for _ in 0..1000 {
        let since = Instant::now();
        let document = documents.fetch_cached(&url, JSON, Ages::default()).await.unwrap();
        let again = documents.refresh(&url, JSON, Ages::default(), since).await.unwrap();
        assert_eq!(document.version, again.version);
    }
    assert_eq!(keys.fetches(), 1);
}

#[tokio::test]
async fn b17_2_the_same_for_many_at_once() {
    let keys = keys(3600);
    let documents = keys.documents(DocumentPolicy::default());
    let url: Arc<str> = keys.url().into();
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let (documents, url) = (documents.clone(), url.clone());
            tokio::spawn(async move {
                let since = Instant::now();
                documents.fetch_cached(&url, JSON, Ages::default()).await.unwrap();
                documents.refresh(&url, JSON, Ages::default(), since).await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(keys.fetches(), 1);
}

#[tokio::test]
async fn a_rotated_key_is_found_at_once_and_then_not_looked_for_again() {
    let keys = keys(3600);
    let documents = keys.documents(DocumentPolicy::default());
    let url = keys.url();
    let old = documents.fetch_cached(&url, JSON, Ages::default()).await.unwrap();
    let new = documents.refresh(&url, JSON, Ages::default(), Instant::now()).await.unwrap();
    assert!(new.version > old.version);
    assert_eq!(new.body, b"{\"count\":2}");
    for _ in 0..100 {
        let same = documents.refresh(&url, JSON, Ages::default(), Instant::now()).await.unwrap();
        assert_eq!(same.version, new.version);
    }
    assert_eq!(keys.fetches(), 2);
}

#[tokio::test]
async fn the_last_good_document_stays_when_no_newer_one_can_be_had() {
    let keys = keys(3600);
    let documents = keys.documents(DocumentPolicy::default());
    let url = keys.url();
    let good = documents.fetch_cached(&url, JSON, at_once()).await.unwrap();
    assert!(good.is_stale());
    keys.status.store(500, Ordering::SeqCst);
    let kept = documents.fetch_cached(&url, JSON, at_once()).await.unwrap();
    assert_eq!((kept.version, keys.fetches()), (good.version, 2));
    for _ in 0..100 {
        let kept = documents.fetch_cached(&url, JSON, at_once()).await.unwrap();
        assert_eq!(kept.version, good.version);
        let kept = documents.refresh(&url, JSON, at_once(), Instant::now()).await.unwrap();
        assert_eq!(kept.version, good.version);
    }
    assert_eq!(keys.fetches(), 2, "the failure is remembered");
}

#[tokio::test]
async fn failures_are_remembered_for_all_and_forgotten_in_time() {
    let keys = keys(3600);
    keys.status.store(404, Ordering::SeqCst);
    let documents = keys.documents(DocumentPolicy::default());
    let url = keys.url();
    let error = documents.fetch_cached(&url, JSON, Ages::default()).await.unwrap_err();
    assert_eq!(error.code(), "upstream_status");
    assert!(error.to_string().contains("404"), "{error}");
    keys.status.store(200, Ordering::SeqCst);
    forward(DocumentPolicy::default().failure - Duration::from_secs(1)).await;
    assert!(documents.fetch_cached(&url, JSON, Ages::default()).await.is_err(), "remembered");
    forward(Duration::from_secs(1)).await;
    assert!(documents.fetch_cached(&url, JSON, Ages::default()).await.is_ok(), "forgotten");
    assert_eq!(keys.fetches(), 2);
}

#[tokio::test]
async fn documents_are_fetched_through_the_guard_and_bounded() {
    let server = Server::start(|head, out| {
        let length = if head.contains("/large") { 2000 } else { 10 };
        body(out, "Cache-Control: max-age=3600\r\n", &vec![b'x'; length])
    });
    let policy = DocumentPolicy { body: 1000, count: 2, ..DocumentPolicy::default() };
    let documents = Documents::new(client_for(&server), policy);
    let get = |url: String| {
        let documents = documents.clone();
        async move { documents.fetch_cached(&url, "*/*", Ages::default()).await }
    };
    assert_eq!(get(server.url("/large")).await.unwrap_err().code(), "upstream_too_large");
    for url in ["http://127.0.0.1:1/", "https://u@a.example/", "file:///etc/passwd"] {
        assert_eq!(get(url.to_owned()).await.unwrap_err().code(), "upstream_url", "{url}");
    }
    assert_eq!(get("https://[::1]/".to_owned()).await.unwrap_err().code(), "upstream_blocked");
    let before = server.heads().len();
    for path in ["/a", "/b", "/c", "/a"] {
        assert!(get(server.url(path)).await.is_ok());
    }
    assert_eq!(server.heads().len(), before + 4, "only two are kept");
    assert!(get(server.url("/a")).await.is_ok());
    assert_eq!(server.heads().len(), before + 4);
}

#[tokio::test]
async fn a_dead_server_is_asked_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let outbound = Outbound::new(allowing(&[&address])).unwrap();
    let documents = Documents::new(outbound, DocumentPolicy::default());
    let url = format!("http://{address}/");
    for _ in 0..20 {
        let error = documents.fetch_cached(&url, JSON, Ages::default()).await.unwrap_err();
        // Twenty attempts would have opened the circuit.
        assert_eq!(error.code(), "upstream_connect");
    }
}

//! What the guard keeps away from the inside: the listener is the judge, it must see nothing.

use std::process::Command;
use std::time::Duration;

use outbound::{Limits, Outbound, OutboundError, Policy, Request};

use crate::support::{Server, allowing, body, get, get_short, ok, resolving};

/// Ways to write this machine's own addresses, and names that lead there.
const SPELLINGS: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "ⓛocalhost",
    "private.test",
    "mapped.test",
    "six.test",
    "zero.test",
    "mixed.test",
    "xdeim.test",
    "10.0.0.1",
    "169.254.169.254",
    "[fd00::1]",
];

fn inside(policy: Policy) -> Policy {
    let policy = resolving(policy, "private.test", &[&["127.0.0.1"]]);
    let policy = resolving(policy, "mapped.test", &[&["::ffff:127.0.0.1"]]);
    let policy = resolving(policy, "six.test", &[&["::1"]]);
    let policy = resolving(policy, "zero.test", &[&["0.0.0.0"]]);
    let policy = resolving(policy, "mixed.test", &[&["2606:4700:4700::1111", "127.0.0.1"]]);
    resolving(policy, "xdeim.test", &[&["127.0.0.1", "2606:4700:4700::1111"]])
}

#[tokio::test]
async fn b16_1_the_closed_guard_refuses_loopback_in_every_spelling() {
    let sink = Server::sink();
    let sink_v6 = Server::sink_v6(sink.port);
    let policies = [
        Policy::default(),
        Policy { dev: true, ..Policy::default() },
        allowing(&["other.test", "127.0.0.1:9"]),
    ];
    for policy in policies {
        let outbound = Outbound::new(inside(policy)).unwrap();
        for host in SPELLINGS {
            let url = format!("https://{host}:{}/", sink.port);
            let error = get(&outbound, &url).await.unwrap_err();
            assert_eq!(error.code(), "upstream_blocked", "{url}: {error}");
            let url = format!("http://{host}:{}/", sink.port);
            let error = get(&outbound, &url).await.unwrap_err();
            assert_eq!(error.code(), "upstream_url", "{url}: {error}");
        }
    }
    assert_eq!(sink.connects(), 0);
    assert_eq!(sink_v6.map_or(0, |sink| sink.connects()), 0);
}

#[tokio::test]
async fn the_allow_list_opens_exactly_its_host_and_port() {
    let (open, sink) = (Server::sink(), Server::sink());
    let named = format!("idp.test:{}", open.port);
    let policy = inside(allowing(&[open.address(), named.clone()]));
    let policy = resolving(policy, "idp.test", &[&["127.0.0.1"]]);
    let outbound = Outbound::new(policy).unwrap();

    assert_eq!(get(&outbound, &open.url("/")).await.unwrap().body, b"inside");
    assert_eq!(get(&outbound, &format!("http://{named}/")).await.unwrap().body, b"inside");
    assert_eq!(open.connects(), 2);

    for host in SPELLINGS.iter().chain(&["idp.test", "sub.idp.test", "idp.test."]) {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{}/", sink.port);
            assert!(get(&outbound, &url).await.is_err(), "{url}");
        }
    }
    assert_eq!(sink.connects(), 0);
}

#[tokio::test]
async fn plain_http_is_for_development() {
    let server = Server::sink();
    let policy = Policy { dev: false, ..allowing(&[server.address()]) };
    let outbound = Outbound::new(policy).unwrap();
    assert_eq!(get(&outbound, &server.url("/")).await.unwrap_err().code(), "upstream_url");
    assert_eq!(server.connects(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    let sink = Server::sink();
    // The first answer is a public address that nobody has been given.
    let policy = resolving(Policy::default(), "rebind.test", &[&["2d00::1"], &["127.0.0.1"]]);
    let outbound = Outbound::new(policy).unwrap();
    let url = format!("https://rebind.test:{}/", sink.port);
    for _ in 0..2 {
        let first = get_short(&outbound, &url).await.unwrap_err();
        assert!(
            matches!(first, OutboundError::Connect { .. } | OutboundError::Timeout { .. }),
            "{first}"
        );
        let second = get_short(&outbound, &url).await.unwrap_err();
        assert_eq!(second.code(), "upstream_blocked", "{second}");
    }
    assert_eq!(sink.connects(), 0);
}

#[tokio::test]
async fn the_answer_that_is_judged_is_the_one_that_is_used() {
    let server = Server::start(|_, out| {
        body(out, "Connection: close\r\n", b"inside")?;
        Err(std::io::Error::other("closed"))
    });
    let name = format!("rebind.test:{}", server.port);
    let lists: &[&[&str]] = &[&["127.0.0.1"], &["169.254.169.254"]];
    let outbound = Outbound::new(resolving(allowing(&[&name]), "rebind.test", lists)).unwrap();
    let url = format!("http://{name}/");
    for _ in 0..3 {
        // One look per connection: a second would have met the other answer.
        assert!(get(&outbound, &url).await.is_ok());
        let error = get(&outbound, &url).await.unwrap_err();
        assert!(error.to_string().contains("cloud metadata"), "{error}");
    }
    assert_eq!(server.connects(), 3);
}

#[tokio::test]
async fn b16_2_redirects_are_not_followed_and_carry_nothing_away() {
    let sink = Server::sink();
    let target = sink.url("/steal?x=1");
    let server = Server::start(move |head, out| {
        let status =
            head.split('/').nth(1).and_then(|path| path.split(' ').next()).unwrap_or("302");
        write!(out, "HTTP/1.1 {status} Away\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n")
    });
    let outbound = Outbound::new(allowing(&[server.address(), sink.address()])).unwrap();
    for status in ["300", "301", "302", "303", "305", "307", "308"] {
        let fields = [("client_secret", "hidden")];
        let request = Request::post_form(server.url(&format!("/{status}")), &fields)
            .header("authorization", "Basic hidden");
        let error = outbound.send(request).await.unwrap_err();
        let OutboundError::Redirect { status: own, location, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!((own.to_string().as_str(), location.as_deref()), (status, Some("127.0.0.1")));
        assert!(!error.to_string().contains("steal"), "{error}");
    }
    assert_eq!(sink.connects(), 0);
}

#[tokio::test]
async fn a_redirect_without_a_readable_target_is_one_too() {
    let server = Server::start(|head, out| {
        let location = if head.contains("/none") { "" } else { "Location: http://[::\r\n" };
        write!(out, "HTTP/1.1 302 Away\r\n{location}Content-Length: 0\r\n\r\n")
    });
    let outbound = crate::support::client_for(&server);
    for path in ["/none", "/broken"] {
        let error = get(&outbound, &server.url(path)).await.unwrap_err();
        assert!(matches!(error, OutboundError::Redirect { location: None, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_name_without_address_is_not_found() {
    let policy = resolving(Policy::default(), "gone.test", &[&[]]);
    let outbound = Outbound::new(policy).unwrap();
    let error = get(&outbound, "https://gone.test/").await.unwrap_err();
    assert_eq!(error, OutboundError::Dns { host: "gone.test".to_owned() });
}

#[test]
fn a_proxy_of_the_environment_is_not_used() {
    let (server, proxy) = (Server::start(|_, out| ok(out, "direct")), Server::sink());
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "guard::proxied_child", "--ignored", "--test-threads=1"]);
    child.env("TEST_ADDRESS", server.address()).env_remove("NO_PROXY").env_remove("no_proxy");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    {
        child.env(name, format!("http://{}", proxy.address()));
    }
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!((server.connects(), proxy.connects()), (1, 0));
}

#[tokio::test]
#[ignore = "run by a_proxy_of_the_environment_is_not_used with its environment"]
async fn proxied_child() {
    let address = std::env::var("TEST_ADDRESS").unwrap();
    let outbound = Outbound::new(allowing(&[&address])).unwrap();
    let limits = Limits { total: Duration::from_secs(20), ..Limits::default() };
    let request = Request::get(format!("http://{address}/")).limits(limits);
    assert_eq!(outbound.send(request).await.unwrap().body, b"direct");
}

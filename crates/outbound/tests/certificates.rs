//! Whose certificates are accepted, and how a refusal reads.

use std::sync::Arc;

use outbound::{Outbound, OutboundError, Policy};
use rustls::ServerConfig;

use crate::support::authority::{Authority, self_signed};
use crate::support::{Server, allowing, get, get_short, ok, resolving};

const NAME: &str = "idp.test";

struct Case {
    server: Server,
    outbound: Outbound,
}

/// A server at `idp.test`, and a client that trusts these authorities.
fn case(config: Arc<ServerConfig>, trust: &[&Authority]) -> Case {
    let server = Server::tls(config, |_, out| ok(out, "secure"));
    let outbound = Outbound::new(policy(server.port, trust)).unwrap();
    Case { server, outbound }
}

fn policy(port: u16, trust: &[&Authority]) -> Policy {
    let policy = resolving(allowing(&[format!("{NAME}:{port}")]), NAME, &[&["127.0.0.1"]]);
    Policy { trust_ca: trust.iter().map(|own| own.pem()).collect(), dev: false, ..policy }
}

async fn reason(config: Arc<ServerConfig>, trust: &[&Authority]) -> String {
    let case = case(config, trust);
    let url = format!("https://{NAME}:{}/", case.server.port);
    let error = get(&case.outbound, &url).await.unwrap_err();
    assert!(case.server.heads().is_empty(), "nothing is said before the name is proven");
    let OutboundError::Tls { host, reason } = error else { panic!("{error}") };
    assert_eq!(host, format!("{NAME}:{}", case.server.port));
    reason
}

#[tokio::test]
async fn an_extra_authority_is_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let case = case(authority.server(&[NAME]), &[&other, &authority]);
    let url = format!("https://{NAME}:{}/", case.server.port);
    assert_eq!(get(&case.outbound, &url).await.unwrap().body, b"secure");
}

#[tokio::test]
async fn several_authorities_in_one_text_are_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = Server::tls(authority.server(&[NAME]), |_, out| ok(out, "secure"));
    let both = [other.pem(), b"\nsome words between\n".to_vec(), authority.pem()].concat();
    let policy = Policy { trust_ca: vec![both], ..policy(server.port, &[]) };
    let outbound = Outbound::new(policy).unwrap();
    assert!(get(&outbound, &format!("https://{NAME}:{}/", server.port)).await.is_ok());
}

#[tokio::test]
async fn refusals_say_what_is_wrong_with_the_certificate() {
    let (known, unknown) = (Authority::new(), Authority::named("Somebody"));
    let expired = reason(known.server_between(&[NAME], (2000, 2020)), &[&known]).await;
    assert!(expired.contains("expired"), "{expired}");
    let early = reason(known.server_between(&[NAME], (2090, 2100)), &[&known]).await;
    assert!(early.contains("not valid yet"), "{early}");
    let name = reason(known.server(&["other.test", "*.idp.test"]), &[&known]).await;
    assert!(name.contains("another name"), "{name}");
    let authority = reason(unknown.server(&[NAME]), &[&known]).await;
    assert!(authority.contains("unknown authority") && authority.contains("--trust-ca"));
    let own = reason(self_signed(&[NAME]), &[&known]).await;
    assert!(own.contains("unknown authority"), "{own}");
    let anew = reason(Authority::new().server(&[NAME]), &[&known]).await;
    assert!(anew.contains("by that name"), "{anew}");
    let authority = reason(known.as_server(), &[&known]).await;
    assert!(authority.contains("that of an authority"), "{authority}");
}

#[tokio::test]
async fn the_allow_list_does_not_open_certificates() {
    let unknown = Authority::new();
    let server = Server::tls(unknown.server(&["127.0.0.1"]), |_, out| ok(out, "secure"));
    let outbound = Outbound::new(allowing(&[server.address()])).unwrap();
    let error = get(&outbound, &format!("https://{}/", server.address())).await.unwrap_err();
    assert_eq!(error.code(), "upstream_tls");
}

#[tokio::test]
async fn a_port_without_tls_is_said_to_be_one() {
    let server = Server::start(|_, out| ok(out, "plain"));
    // Answers the handshake with HTTP, as web servers do.
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let outbound = Outbound::new(allowing(&["127.0.0.1"])).unwrap();
    let error = get_short(&outbound, &format!("https://127.0.0.1:{port}/")).await.unwrap_err();
    assert!(error.to_string().contains("does not speak TLS"), "{error}");
    assert_eq!(server.connects(), 0);
}

#[tokio::test]
async fn old_versions_of_tls_are_refused() {
    // A ServerHello that settles on TLS 1.1, and one on 1.0.
    for version in [2_u8, 1] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut hello = vec![22, 3, version, 0, 42, 2, 0, 0, 38, 3, version];
            hello.extend([7; 32]);
            hello.extend([0, 0xc0, 0x13, 0]);
            _ = std::io::Write::write_all(&mut stream, &hello);
            _ = std::io::copy(&mut stream, &mut std::io::sink());
        });
        let outbound = Outbound::new(allowing(&["127.0.0.1"])).unwrap();
        let error = get_short(&outbound, &format!("https://127.0.0.1:{port}/")).await.unwrap_err();
        assert_eq!(error.code(), "upstream_tls", "{error}");
        assert!(error.to_string().contains("TLS 1.2"), "{error}");
    }
}

#[test]
fn an_authority_that_cannot_be_read_is_refused_at_start() {
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (text, word) in
        [(&b""[..], "no certificate"), (b"not pem", "no certificate"), (broken, "number 2")]
    {
        let trust_ca = vec![Authority::new().pem(), text.to_vec()];
        let error = Outbound::new(Policy { trust_ca, ..Policy::default() }).unwrap_err();
        assert!(error.contains(word) && error.contains("number 2"), "{error}");
    }
}

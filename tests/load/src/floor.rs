//! The floors: the least a server of this kind can do. `floor 0` is bare actix returning 600
//! bytes; `floor 1` adds one ES256 signature over a fixed claim set with a parsed key.
//! Prints the port it listens on. `floor signatures` times a fixed loop of signatures instead.

use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Serialize;
use std::io::Write as _;
use std::sync::Arc;
use vault::{Algorithm, SigningKey, SystemRandom};

/// Size of the answer of both floors.
const BODY: usize = 600;

async fn floor0(body: web::Data<Vec<u8>>, _request: web::Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body.as_ref().clone())
}

/// The claims of a client-credentials token, the same for every request.
#[derive(Serialize)]
struct Claims {
    iss: &'static str,
    sub: &'static str,
    aud: &'static str,
    client_id: &'static str,
    exp: i64,
    iat: i64,
    jti: &'static str,
    scope: &'static str,
}

const CLAIMS: Claims = Claims {
    iss: "http://127.0.0.1:8080/t/floor",
    sub: "app_00000000000000000000000000",
    aud: "http://127.0.0.1:8080/t/floor",
    client_id: "app_00000000000000000000000000",
    exp: 1_900_003_600,
    iat: 1_900_000_000,
    jti: "00000000000000000000000000",
    scope: "read write",
};

async fn floor1(key: web::Data<Arc<SigningKey>>, _request: web::Bytes) -> HttpResponse {
    let token = match vault::sign(&key, "at+jwt", &CLAIMS) {
        Ok(token) => token,
        Err(_) => return HttpResponse::InternalServerError().finish(),
    };
    let mut body = format!("{{\"access_token\":\"{token}\"}}").into_bytes();
    body.resize(BODY, b' ');
    HttpResponse::Ok().content_type("application/json").body(body)
}

/// Signatures of the fixed loop.
const LOOP: u32 = 3000;

/// `floor signatures`: the time of one signature in a fixed loop, in microseconds.
fn signatures(key: &SigningKey) -> std::io::Result<()> {
    let start = std::time::Instant::now();
    for _ in 0..LOOP {
        vault::sign(key, "at+jwt", &CLAIMS).map_err(std::io::Error::other)?;
    }
    println!("{:.3}", start.elapsed().as_secs_f64() * 1e6 / f64::from(LOOP));
    Ok(())
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    vault::install_crypto();
    let random = SystemRandom;
    let pkcs8 = vault::generate(Algorithm::Es256, &random).map_err(std::io::Error::other)?;
    let key =
        SigningKey::parse("floor", Algorithm::Es256, &pkcs8).map_err(std::io::Error::other)?;
    if std::env::args().nth(1).is_some_and(|argument| argument == "signatures") {
        return signatures(&key);
    }
    let key = web::Data::new(Arc::new(key));
    let body = web::Data::new(vec![b'x'; BODY]);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(key.clone())
            .app_data(body.clone())
            .route("/0", web::to(floor0))
            .route("/1", web::to(floor1))
    })
    .workers(std::thread::available_parallelism().map_or(1, usize::from))
    .bind(("127.0.0.1", 0))?;
    for address in server.addrs() {
        println!("{}", address.port());
    }
    std::io::stdout().flush()?;
    server.run().await
}

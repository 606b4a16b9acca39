//! The floors: the least a server of this kind can do. `floor 0` is bare actix returning 600
//! bytes; `floor 1` adds one ES256 signature over a fixed claim set with a parsed key.
//! Prints the port it listens on.

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::json;
use std::io::Write as _;
use std::sync::Arc;
use vault::{Algorithm, SigningKey, SystemRandom};

/// Size of the answer of both floors.
const BODY: usize = 600;

async fn floor0(body: web::Data<Vec<u8>>, _request: web::Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body.as_ref().clone())
}

async fn floor1(key: web::Data<Arc<SigningKey>>, _request: web::Bytes) -> HttpResponse {
    let claims = json!({
        "iss": "http://127.0.0.1/t/floor", "sub": "app_00000000000000000000000000",
        "aud": "http://127.0.0.1/t/floor", "client_id": "app_00000000000000000000000000",
        "exp": 1_900_003_600, "iat": 1_900_000_000, "jti": "00000000000000000000000000",
        "scope": "read write",
    });
    let token = match vault::sign(&key, "at+jwt", &claims) {
        Ok(token) => token,
        Err(_) => return HttpResponse::InternalServerError().finish(),
    };
    let mut body = format!("{{\"access_token\":\"{token}\"}}").into_bytes();
    body.resize(BODY, b' ');
    HttpResponse::Ok().content_type("application/json").body(body)
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    vault::install_crypto();
    let random = SystemRandom;
    let pkcs8 = vault::generate(Algorithm::Es256, &random).map_err(std::io::Error::other)?;
    let key =
        SigningKey::parse("floor", Algorithm::Es256, &pkcs8).map_err(std::io::Error::other)?;
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

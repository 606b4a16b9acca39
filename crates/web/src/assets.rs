//! The static files of every page: style sheets, scripts and the mark, embedded and compressed
//! when the crate is built (`build.rs`).
//!
//! Owns their addresses (`/s/{stem}.{8 hex of SHA-256}.{ext}`) and how they are answered. The
//! name changes with the content, so an answer may be kept for ever; an old name is a 404, never
//! the new content. A tenant's colour is not here: it is `theme.css` of the hosted pages.

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse};

use crate::fault::Fault;
use crate::routes::{Face, Route, RouteKind, RouteScope};

/// Where the files live on every host; the route is `{PREFIX}{file}`.
pub const PREFIX: &str = "/s/";

/// One embedded file in the three encodings it may be asked for.
struct Asset {
    name: &'static str,
    file: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.in"));

/// The address of a file by its name in `static/`, for example `hosted.css`.
///
/// A name that is not embedded gives an address that answers 404; a test keeps templates from
/// using one.
#[must_use]
pub fn url(name: &str) -> String {
    let file = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| asset.file);
    format!("{PREFIX}{file}")
}

/// Whether a file of this name is embedded.
#[must_use]
pub fn exists(name: &str) -> bool {
    ASSETS.iter().any(|asset| asset.name == name)
}

/// Bytes that travel for a file when the browser takes brotli, as every current one does over
/// https; `None` for an unknown name. Read by the tests that hold the byte budget.
#[must_use]
pub fn compressed_len(name: &str) -> Option<usize> {
    ASSETS.iter().find(|asset| asset.name == name).map(|asset| asset.brotli.len())
}

/// The row of the route table that serves every embedded file, on every host.
#[must_use]
pub fn route() -> Route {
    Route::new("GET", "/s/{file}", Face::Server, RouteKind::Asset, || actix_web::web::to(serve))
        .at(RouteScope::Installation)
}

/// Answers `GET` and `HEAD` for `/s/{file}` with the best accepted encoding. The headers that every
/// file carries are added with its kind.
///
/// # Errors
/// 404 for a name that is not embedded, such as one of an older version.
pub async fn serve(request: HttpRequest) -> Result<HttpResponse, Fault> {
    let file = request.match_info().get("file").unwrap_or_default();
    let asset = ASSETS.iter().find(|asset| asset.file == file).ok_or_else(Fault::not_found)?;
    let (encoding, bytes) = choose(asset, request.headers());
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"));
    if let Some(encoding) = encoding {
        answer.insert_header((header::CONTENT_ENCODING, encoding));
    }
    Ok(answer.body(bytes))
}

/// The smallest encoding the request accepts (RFC 9110 section 12.5.3); none said, none used.
fn choose(asset: &Asset, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let offers = [("br", asset.brotli), ("gzip", asset.gzip)];
    for (encoding, bytes) in offers {
        if bytes.len() < asset.plain.len() && accepts(headers, encoding) {
            return (Some(encoding), bytes);
        }
    }
    (None, asset.plain)
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let mut any = false;
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        for part in value.to_str().unwrap_or_default().split(',') {
            let (name, weight) = part.split_once(';').unwrap_or((part, ""));
            let wanted = weight
                .trim()
                .strip_prefix("q=")
                .is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0));
            match name.trim() {
                name if name.eq_ignore_ascii_case(encoding) => return wanted,
                "*" => any = wanted,
                _ => {}
            }
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::StatusCode;
    use actix_web::{App, test as http, web};

    async fn get(path: &str, encoding: Option<&str>) -> actix_web::dev::ServiceResponse {
        let app = http::init_service(
            App::new().service(web::resource("/s/{file}").route(web::get().to(serve))),
        )
        .await;
        let mut request = http::TestRequest::get().uri(path);
        if let Some(encoding) = encoding {
            request = request.insert_header((header::ACCEPT_ENCODING, encoding));
        }
        http::call_service(&app, request.to_request()).await
    }

    #[actix_web::test]
    async fn the_best_accepted_encoding_is_sent() {
        let table = [
            (Some("gzip, deflate, br, zstd"), Some("br")),
            (Some("gzip"), Some("gzip")),
            (Some("br;q=0, gzip;q=0.5"), Some("gzip")),
            (Some("*"), Some("br")),
            (Some("*;q=0"), None),
            (Some("identity"), None),
            (None, None),
        ];
        for (asked, expected) in table {
            let answer = get(&url("hosted.css"), asked).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let got = answer.headers().get(header::CONTENT_ENCODING);
            assert_eq!(got.and_then(|v| v.to_str().ok()), expected, "{asked:?}");
        }
    }

    #[actix_web::test]
    async fn answers_are_kept_for_ever_and_other_names_are_404() {
        let answer = get(&url("hosted.css"), None).await;
        let headers = answer.headers();
        assert_eq!(headers.get(header::CONTENT_TYPE).unwrap(), "text/css; charset=utf-8");
        assert!(
            headers.get(header::CACHE_CONTROL).unwrap().to_str().unwrap().contains("immutable")
        );
        let body = http::read_body(answer).await;
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.contains("--canvas") && text.contains(".brandline"), "base comes first");
        for path in ["/s/hosted.css", "/s/base.css", "/s/hosted.00000000.css", "/s/..%2fbuild.rs"] {
            assert_eq!(get(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn hosted_files_stay_within_the_byte_budget() {
        assert!(compressed_len("hosted.css").unwrap() <= 8 * 1024);
        assert!(compressed_len("hosted.js").unwrap() <= 4 * 1024);
        assert!(exists("mark.svg") && !exists("base.css"));
        assert_eq!(url("nothing.css"), "/s/nothing.css");
    }

    #[test]
    fn names_carry_eight_hex_of_the_content() {
        for asset in ASSETS {
            let (stem, ext) = asset.name.rsplit_once('.').unwrap();
            let hash = asset.file.strip_prefix(stem).unwrap().strip_suffix(ext).unwrap();
            let hash = hash.trim_matches('.');
            assert!(hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
        }
    }
}

//! The sign-in page as a form of the console has it: the real template, the real style sheet, and
//! nothing behind them. It may stand in a frame of the console, and no form or link of it works.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use protocol::Params;
use web::headers::PageHeaders;
use web::preview::{PREFIX, Preview};
use web::views::{Frame, Link, Logo};
use web::{Fault, State, page};

use crate::views::{Provider, SignIn};

/// Framed by the console alone, and a document without scripts, forms or an address to go to.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

/// `GET /console/preview/page/{look}`; `?dark` shows the page of people with dark screens.
pub(crate) async fn show(state: Data<State>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let sealed = req.match_info().get("look").unwrap_or_default();
    let preview = Preview::open(&state.ctx, sealed).ok_or_else(Fault::not_found)?;
    let query = Params::parse(req.query_string().as_bytes()).unwrap_or_default();
    let shown = drawn(preview, query.has("dark"));
    let mut response = page::html(StatusCode::OK, &shown, &PageHeaders::default())?;
    let csp = header::HeaderValue::from_static(CSP);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, csp);
    Ok(response)
}

fn drawn(preview: Preview, dark: bool) -> SignIn {
    let mut frame = Frame::tenant(&preview.tenant, &preview.host, PREFIX, "");
    frame.scheme = if dark { "dark" } else { "light" };
    frame.theme = preview.theme.map(|file| format!("{PREFIX}/{file}"));
    let logo = |(url, width, height): (String, u32, u32)| Logo { url, width, height };
    let (light, night) = (preview.logo.map(logo), preview.logo_dark.map(logo));
    let shown = if dark { night.or(light) } else { light.or(night) };
    frame = frame.with_logo(shown, None);
    frame.links = preview.links.iter().filter_map(|word| Link::new(word, "/")).collect();
    frame.links.iter_mut().for_each(|link| link.url = NOWHERE.to_owned());
    let mut page = SignIn::new(frame, NOWHERE, "", &preview.application);
    page.password = preview.password;
    page.password_first = preview.password_first;
    let provider = |(code, name)| Provider { code, name, url: NOWHERE.to_owned(), last: false };
    page.providers = preview.connections.into_iter().map(provider).collect();
    page.recover = NOWHERE.to_owned();
    page.sign_up = preview.sign_up.then(|| NOWHERE.to_owned());
    page
}

const NOWHERE: &str = "#";

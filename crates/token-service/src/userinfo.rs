//! The userinfo endpoint (OpenID Connect Core §5.3): the token comes in the Authorization header
//! or in a form body, never in the query (RFC 9700 §4.3.2).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use issuer::{TokenError, userinfo};
use protocol::bearer::from_header_or_form;
use protocol::error::{ErrorCode, OauthError};
use protocol::{Params, catalogue};
use web::fault::Challenge;
use web::{Fault, FormParams, State, TenantAt};

use crate::client::authorization;

pub(crate) async fn get(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
) -> Result<HttpResponse, Fault> {
    answer(&req, &state, at, &Params::default()).await
}

pub(crate) async fn post(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
    form: FormParams,
) -> Result<HttpResponse, Fault> {
    answer(&req, &state, at, &form.0).await
}

async fn answer(
    req: &HttpRequest,
    state: &State,
    at: TenantAt,
    form: &Params,
) -> Result<HttpResponse, Fault> {
    let token = bearer(req, form)?;
    let tenant = at.tenant;
    let id = tenant.id.clone();
    let job = move |ctx: &context::Ctx| userinfo::answer(ctx, &tenant, &token);
    match web::run(state, id.as_str(), job).await? {
        Ok(claims) => Ok(HttpResponse::Ok().json(claims)),
        Err(error) => Err(refuse(error)),
    }
}

fn bearer(req: &HttpRequest, form: &Params) -> Result<String, Fault> {
    let token = authorization(req).and_then(|header| from_header_or_form(header, form));
    match token {
        Ok(Some(token)) => Ok(token.to_owned()),
        // RFC 6750 §3.1: without any token there is no error code.
        Ok(None) => Err(Fault::new(StatusCode::UNAUTHORIZED, catalogue::TOKEN_INVALID)
            .challenge(Challenge::Bearer)),
        Err(error) => Err(refuse(error.into())),
    }
}

/// RFC 6750 §3.1.
fn refuse(error: TokenError) -> Fault {
    let (oauth, code): (OauthError, _) = match error {
        TokenError::Oauth { oauth, code } => (oauth, code),
        TokenError::Store(error) => return error.into(),
    };
    let status = match oauth.code {
        ErrorCode::InvalidRequest => StatusCode::BAD_REQUEST,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        _ => StatusCode::UNAUTHORIZED,
    };
    Fault::oauth(status, code, oauth).challenge(Challenge::BearerError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header;
    use actix_web::test::TestRequest;

    fn read(req: TestRequest, body: &str) -> Result<String, u16> {
        let form = Params::parse(body.as_bytes()).expect("a form");
        bearer(&req.to_http_request(), &form).map_err(|fault| fault.status().as_u16())
    }

    #[test]
    fn rfc6750_2_the_token_comes_by_header_or_body_and_never_by_query() {
        let header = |value: &'static str| {
            TestRequest::default().insert_header((header::AUTHORIZATION, value))
        };
        assert_eq!(read(header("bearer abc"), ""), Ok("abc".to_owned()));
        assert_eq!(read(TestRequest::default(), "access_token=abc"), Ok("abc".to_owned()));
        assert_eq!(read(header("Bearer abc"), "access_token=abc"), Err(400));
        assert_eq!(read(TestRequest::with_uri("/userinfo?access_token=abc"), ""), Err(401));
        assert_eq!(read(header("Basic abc"), ""), Err(401));
        assert_eq!(read(header("Bearer a b"), ""), Err(401));
    }

    #[test]
    fn rfc6750_3_1_statuses() {
        let status = |code| {
            let error = TokenError::new(code, catalogue::TOKEN_INVALID, "no");
            refuse(error).status().as_u16()
        };
        assert_eq!(status(ErrorCode::InvalidToken), 401);
        assert_eq!(status(ErrorCode::InsufficientScope), 403);
        let outage = refuse(TokenError::Store(store::Error::Busy));
        assert_eq!(outage.status().as_u16(), 503, "never 401 for a token that may be good");
    }
}

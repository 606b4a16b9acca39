//! The token endpoint (RFC 6749 §3.2). Client credentials are answered from memory on the worker
//! where that is possible; everything else runs on the bounded threads.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use context::Tenant;
use issuer::token_requests::{exchange, exchange_cached};
use issuer::{TokenError, TokenResponse};
use protocol::client_auth::Presented;
use protocol::token_request::{self, TokenRequest};
use web::{Fault, FormParams, State, TenantAt};

use crate::client::Caller;

pub(crate) async fn post(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
    form: FormParams,
) -> Result<HttpResponse, Fault> {
    let caller = Caller::read(&req, &form.0)?;
    let request = match token_request::parse(&form.0) {
        Ok(request) => request,
        Err(malformed) => return Err(caller.complain(&state, at.tenant, malformed).await),
    };
    let answer = decide(&state, at.tenant, &caller.presented, request).await?;
    let answer = answer.map_err(|error| caller.refuse(error))?;
    // RFC 6749 §5.1; Cache-Control is added to every protocol answer.
    Ok(HttpResponse::Ok().insert_header((header::PRAGMA, "no-cache")).json(answer))
}

async fn decide(
    state: &State,
    tenant: Arc<Tenant>,
    presented: &Presented,
    request: TokenRequest,
) -> Result<Result<TokenResponse, TokenError>, Fault> {
    if let Some(answer) = exchange_cached(&state.ctx, &tenant, presented, &request) {
        return Ok(answer);
    }
    let (id, presented) = (tenant.id.clone(), presented.clone());
    let job = move |ctx: &context::Ctx| exchange(ctx, &tenant, &presented, request);
    Ok(web::run(state, id.as_str(), job).await?)
}

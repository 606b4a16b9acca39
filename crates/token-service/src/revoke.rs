//! Revocation (RFC 7009): 200 with nothing in it, whether the token was known or not.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use issuer::revoke::revoke;
use web::{Fault, FormParams, State, TenantAt};

use crate::client::{Transport, presented, required};

pub(crate) async fn post(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
    form: FormParams,
) -> Result<HttpResponse, Fault> {
    let transport = Transport::of(&req, &form.0);
    let presented = presented(&req, &form.0)?;
    let token = required(&form.0, "token")?;
    let tenant = at.tenant;
    let id = tenant.id.clone();
    let job = move |ctx: &context::Ctx| revoke(ctx, &tenant, &presented, &token);
    let done = web::run(&state, id.as_str(), job).await?;
    done.map_err(|error| transport.refuse(error))?;
    Ok(HttpResponse::Ok().finish())
}

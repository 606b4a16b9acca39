//! Introspection (RFC 7662), for applications that authenticate with a secret.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use issuer::introspect;
use web::{Fault, FormParams, State, TenantAt};

use crate::client::{Caller, required};

pub(crate) async fn post(
    req: HttpRequest,
    state: Data<State>,
    at: TenantAt,
    form: FormParams,
) -> Result<HttpResponse, Fault> {
    let caller = Caller::read(&req, &form.0)?;
    let token = match required(&form.0, "token") {
        Ok(token) => token,
        Err(missing) => return Err(caller.complain(&state, at.tenant, missing).await),
    };
    let (tenant, presented) = (at.tenant.clone(), caller.presented.clone());
    let job = move |ctx: &context::Ctx| introspect::answer(ctx, &tenant, &presented, &token);
    let answer = web::run(&state, at.tenant.id.as_str(), job).await?;
    Ok(HttpResponse::Ok().json(answer.map_err(|error| caller.refuse(error))?))
}

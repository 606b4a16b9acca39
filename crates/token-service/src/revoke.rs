//! Revocation (RFC 7009): 200 with nothing in it, whether the token was known or not.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use issuer::revoke::revoke;
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
    let job = move |ctx: &context::Ctx| revoke(ctx, &tenant, &presented, &token);
    let done = web::run(&state, at.tenant.id.as_str(), job).await?;
    done.map_err(|error| caller.refuse(error))?;
    Ok(HttpResponse::Ok().finish())
}

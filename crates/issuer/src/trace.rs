//! Every step of a sign-in leaves a trace with a code of the catalogue.

use context::{Ctx, Tenant, TraceEvent};

/// What a step is about.
#[derive(Default)]
pub(crate) struct About<'a> {
    pub flow: &'a str,
    pub application: &'a str,
    pub user: &'a str,
    pub connection: &'a str,
    pub detail: serde_json::Value,
}

/// The code of a step that went well.
pub(crate) const OK: &str = "ok";

pub(crate) fn note(
    ctx: &Ctx,
    tenant: &Tenant,
    step: &'static str,
    code: &'static str,
    about: About,
) {
    ctx.traces.record(TraceEvent {
        tenant: tenant.id.clone(),
        flow: about.flow.to_owned(),
        at: ctx.now(),
        step,
        code,
        application: about.application.to_owned(),
        user: about.user.to_owned(),
        connection: about.connection.to_owned(),
        detail: about.detail,
    });
}

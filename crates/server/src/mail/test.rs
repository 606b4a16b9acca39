//! A test mail that is sent at once, beside the outbox, so that whoever set the mail server sees
//! what it answers; and a look whether it can be reached at all.

use std::collections::BTreeMap;

use context::{Ctx, TenantAddress};
use directory::mail::server::{self, Effective};
use directory::mail::{Message, Template};
use store::mails::MailRow;
use store::{MailId, TenantId};

use super::make;
use super::smtp::{Line, Outcome};

/// Sends a test mail of the system tenant; answers what the server said.
///
/// # Errors
/// What went wrong, as a sentence for an operator.
pub fn send_test(ctx: &Ctx, to: &str) -> Result<String, String> {
    let server = effective(ctx)?;
    let to = protocol::email::canonical_email(to).map_err(|p| format!("{to}: {p}"))?;
    let system = TenantId::system();
    let at = TenantAddress::Id(system.clone());
    let found = ctx.snapshots.tenant(ctx, &at).map_err(|e| e.to_string())?;
    let tenant = found.ok_or("there is no system tenant")?;
    let message = Message {
        template: Template::Test,
        to: to.display,
        language: None,
        values: BTreeMap::new(),
        flow: String::new(),
    };
    let log = log(ctx, &system, &message);
    let made = make::put_together(ctx, &tenant, &message, &log, &server.from);
    let mail = made.map_err(|e| e.to_string())??;
    block_on(async {
        let mut line = Line::open(&server).await?;
        match line.send(&mail).await {
            Outcome::Sent(answer) => {
                line.close().await;
                Ok(answer)
            }
            Outcome::Refused(answer) | Outcome::Later(answer) => Err(answer),
        }
    })
}

/// Opens a connection to the mail server and closes it again; nothing when none is set up.
///
/// # Errors
/// What went wrong, as a sentence for an operator.
pub fn probe(ctx: &Ctx) -> Result<(), String> {
    match server::effective(ctx).map_err(|e| e.to_string())? {
        None => Ok(()),
        Some(server) => block_on(async {
            Line::open(&server).await?.close().await;
            Ok(())
        }),
    }
}

fn effective(ctx: &Ctx) -> Result<Effective, String> {
    let found = server::effective(ctx).map_err(|e| e.to_string())?;
    found.ok_or_else(|| {
        "no mail server is set up. Set it with `tessera mail server set --host … --from …`".into()
    })
}

fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| e.to_string())?.block_on(work)
}

/// What a log row would say; this mail has none.
fn log(ctx: &Ctx, tenant: &TenantId, message: &Message) -> MailRow {
    let now = ctx.now();
    MailRow {
        tenant: tenant.clone(),
        id: MailId::new(now, ctx.vault.random()),
        template: message.template.as_str().into(),
        language: "en".into(),
        recipient: message.to.clone(),
        state: "sending".into(),
        attempts: 1,
        answer: String::new(),
        flow: String::new(),
        created_at: now,
        updated_at: now,
    }
}

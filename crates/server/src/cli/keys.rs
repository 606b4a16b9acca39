//! `tessera key …`: signing keys and the master key.

use serde_json::json;

use super::Session;
use super::output::{answer, moment, say};
use crate::args::{Global, KeyCommand};
use crate::fail::Fail;
use crate::masters::{self, Source};
use crate::{boot, config};

/// Tenants whose keys are sealed anew in one go.
const PAGE: i64 = 100;

/// Runs a command on keys.
pub fn run(global: &Global, command: KeyCommand) -> Result<(), Fail> {
    match command {
        KeyCommand::Rotate { tenant, algorithm } => {
            let algorithm = algorithm
                .parse()
                .map_err(|_| Fail::usage("--algorithm: choose ES256, RS256 or EdDSA"))?;
            let session = Session::open(global)?;
            let tenant = session.tenant(&tenant)?;
            let (ctx, actor) = (&session.ctx, &session.actor);
            let (kid, at) = directory::keys::rotate(ctx, actor, &tenant.id, algorithm)?;
            let value = json!({ "kid": kid, "signs_from": moment(at) });
            answer(session.json, &value, || {
                say!("{kid} is published now and signs from {}", moment(at));
            });
            Ok(())
        }
        KeyCommand::RotateMaster => rotate_master(global),
        KeyCommand::Reseal => reseal(global),
    }
}

fn rotate_master(global: &Global) -> Result<(), Fail> {
    let config = config::load(global.config.as_deref())?;
    let Source::File(path) = masters::source(&config)? else {
        return Err(Fail::usage(
            "the master key comes from the environment; add a line to it there",
        ));
    };
    let kid = masters::add(&path, boot::clock(&config).now().seconds())?;
    answer(global.json, &json!({ "kid": kid, "file": path }), || {
        say!(
            "added master key {kid} to {}; keep a copy of the file apart from the database",
            path.display()
        );
    });
    Ok(())
}

/// Everything that is sealed for long: the installation's key, the mail server's password and the
/// signing keys. Grants keep
/// the master they were sealed with until they end.
fn reseal(global: &Global) -> Result<(), Fail> {
    let session = Session::open(global)?;
    let ctx = &session.ctx;
    context::installation::reseal(&ctx.db, &ctx.vault, ctx.now_s())?;
    directory::mail::server::reseal(ctx)?;
    let mut after: Option<String> = None;
    let mut keys = 0;
    loop {
        let tenants = ctx.db.system_read(|tx| tx.list_tenants(after.as_deref(), PAGE))?;
        let Some(last) = tenants.last() else { break };
        after = Some(last.slug.clone());
        for tenant in &tenants {
            keys += directory::keys::reseal(ctx, &tenant.id)?;
        }
    }
    answer(session.json, &json!({ "signing_keys": keys }), || {
        say!("sealed {keys} signing keys anew")
    });
    Ok(())
}

//! A tenant that has one row in every table, made of the rows of `kit`: what the calls of all queries
//! are made on.

use super::*;
use store::settings::MailSender;
use store::spent::SpentKind;

/// A tenant with one of each.
pub fn fill(db: &Db, n: u32) {
    db.system_write(|tx| {
        tx.insert_tenant(&tenant_row(n))?;
        fill_in(&mut tx.tenant(&tenant(n)))
    })
    .unwrap();
}

fn fill_in(tx: &mut Tx) -> Result<(), Error> {
    let t = &tx.tenant().clone();
    let of = format!("of {}", mark(t));
    tx.insert_signing_key(&signing_key(t, 1))?;
    tx.insert_application(&application(t, 1))?;
    tx.insert_secret(&secret(t, 1))?;
    tx.insert_user(&user(t, 1))?;
    tx.insert_session(&session(t, 1))?;
    tx.insert_grant(&grant(t, 1))?;
    tx.spend(SpentKind::Code, "code-1", &of, at(300))?;
    tx.put_consent(&usr(1), &app(1), &of, NOW)?;
    tx.raise_guesses("guessed", NOW)?;
    tx.refuse_guesses("guessed", at(mark(t)))?;
    tx.insert_link(&link(t, 1))?;
    tx.insert_role(&role(t, 1))?;
    tx.insert_audit(&entry(t, 1))?;
    tx.insert_trace(&trace(t, 1))?;
    let sender = MailSender { name: of.clone(), ..MailSender::default() };
    tx.put_setting(&sender, 0, NOW)?;
    tx.add_daily(20_000, "signed_in", mark(t))?;
    tx.insert_flow("flow-1", of.as_bytes(), at(3600))?;
    tx.insert_connection(&connection(t, 1))?;
    tx.insert_mapping_version(&mapping_version(t, 1))?;
    tx.insert_mail(&mail(t, 1))?;
    tx.insert_domain(&domain(t, 1))?;
    tx.put_mail_template("test", "en", &of, 0, NOW)?;
    tx.insert_inbox(&eml(1), of.as_bytes(), NOW)?;
    tx.insert_identity(&identity(t, 1))?;
    tx.insert_organization(&organization(t, 1))?;
    tx.insert_organization_role(&organization_role(t, 1))?;
    tx.put_member(&member(t, 1))?;
    tx.insert_invitation(&invitation(t, 1))?;
    tx.insert_batch(&batch(t, 1))?;
    tx.put_batch_part(&job(1), "in", 1, of.as_bytes())?;
    tx.insert_connection_test(&connection_test(t, 1))?;
    tx.put_asset(&asset(t, 1))?;
    tx.insert_outbox(&message(t, 1))
}

//! One call of every query of a tenant, to be made on a tenant that `kit::fill` filled.

mod journal;

use crate::kit::{
    app, application, asset, at, con, connection, domain, eml, entry, gra, grant, hash, img, key,
    link, lnk, mail, mapping_version, message, role, sec, secret, ses, session, signing_key, trace,
    user, usr,
};
use std::fmt::Debug;
use store::mails::MailFilter;
use store::settings::MailSender;
use store::spent::SpentKind;
use store::{Error, Timestamp, Tx};

/// A query by its name, and a call of it that answers as text.
pub type Call = (&'static str, fn(&mut Tx) -> String);

pub fn show<T: Debug>(answer: Result<T, Error>) -> String {
    format!("{:?}", answer.unwrap())
}

/// Every query that reads, of this file, of `journal` and of `people`.
pub fn reads() -> Vec<Call> {
    [READS, journal::READS, crate::people::READS].concat()
}

/// Every query that adds.
pub fn inserts() -> Vec<Call> {
    [INSERTS, crate::people::INSERTS].concat()
}

/// Every query that changes.
pub fn changes() -> Vec<Call> {
    [CHANGES, crate::people::CHANGES].concat()
}

/// Answers of a query that found nothing.
pub const NOTHING: &[&str] =
    &["None", "[]", "0", "(0, 0)", "Guesses { failures: 0, refused_until: Timestamp(0) }"];

const READS: &[Call] = &[
    ("this_tenant", |tx| show(tx.this_tenant())),
    ("list_signing_keys", |tx| show(tx.list_signing_keys())),
    ("find_application", |tx| show(tx.find_application(&app(1)))),
    ("list_applications", |tx| show(tx.list_applications(None, "app", 9))),
    ("list_applications", |tx| show(tx.list_applications(Some(("a", &app(0))), "", 9))),
    ("count_applications", |tx| show(tx.count_applications(9))),
    ("list_secrets", |tx| show(tx.list_secrets(&app(1)))),
    ("find_user", |tx| show(tx.find_user(&usr(1)))),
    ("find_user_by_email", |tx| show(tx.find_user_by_email("u1@example.org"))),
    ("list_browser_sessions", |tx| {
        show(tx.list_browser_sessions(&[hash(1), hash(2)], app(1).as_str(), at(1)))
    }),
    ("find_session_by_token", |tx| show(tx.find_session_by_token(&hash(1)))),
    ("find_session", |tx| show(tx.find_session(&ses(1)))),
    ("list_sessions", |tx| show(tx.list_sessions(Some(&usr(1)), Some(&ses(9)), 9))),
    ("find_redemption", |tx| show(tx.find_redemption(&ses(1), &usr(1), &app(1), at(1)))),
    ("find_grant_state", |tx| show(tx.find_grant_state(&gra(1), at(1)))),
    ("find_newest_grant", |tx| show(tx.find_newest_grant(None))),
    ("find_newest_grant", |tx| show(tx.find_newest_grant(Some(&app(1))))),
    ("count_application_grants", |tx| show(tx.count_application_grants(&app(1), at(1), 9))),
    ("list_user_grants", |tx| {
        let rows = tx.list_user_grants(&usr(1), at(1), 9).unwrap();
        show(Ok(rows.into_iter().map(|row| (row.id, row.scopes)).collect::<Vec<_>>()))
    }),
    ("find_spent", |tx| show(tx.find_spent(SpentKind::Code, "code-1"))),
    ("find_consent", |tx| show(tx.find_consent(&usr(1), &app(1)))),
    ("find_guesses", |tx| show(tx.find_guesses("guessed"))),
    ("find_link", |tx| show(tx.find_link(&hash(1)))),
    ("list_links", |tx| show(tx.list_links(&usr(1)))),
    ("list_roles", |tx| show(tx.list_roles(&usr(1)))),
    ("list_role_assignments", |tx| show(tx.list_role_assignments())),
    ("count_code", |tx| show(tx.count_code("ok", at(-9), 9))),
    ("list_daily", |tx| show(tx.list_daily(1))),
    ("find_setting", |tx| {
        let found = tx.find_setting::<MailSender>();
        show(found.map(|(sender, version)| (version > 0).then_some((sender.name, version))))
    }),
    ("list_settings", |tx| show(tx.list_settings())),
    ("find_flow", |tx| show(tx.find_flow("flow-1", at(1)))),
    ("find_connection", |tx| show(tx.find_connection(&con(1)))),
    ("find_connection_by_code", |tx| show(tx.find_connection_by_code("up-1"))),
    ("list_connections", |tx| show(tx.list_connections())),
    ("count_connection_use", |tx| {
        let used = tx.count_connection_use(&con(1), at(0), 9).unwrap();
        format!("{:?}", (used.identities, used.recent))
    }),
    ("count_users_without_identity", |tx| show(tx.count_users_without_identity(9))),
    ("find_asset", |tx| show(tx.find_asset(&img(1)))),
    ("find_mapping_version", |tx| show(tx.find_mapping_version(&con(1), 1))),
    ("list_mapping_versions", |tx| show(tx.list_mapping_versions(&con(1), Some(9), 9))),
    ("find_mail", |tx| show(tx.find_mail(&eml(1)))),
    ("list_mails", |tx| show(tx.list_mails(Some(&eml(9)), &MailFilter::default(), 9))),
    ("list_mails", |tx| {
        let to = MailFilter { recipient: Some("u1@example.org".into()), state: None };
        show(tx.list_mails(None, &to, 9))
    }),
    ("list_mails", |tx| {
        let of = MailFilter { recipient: None, state: Some("queued".into()) };
        show(tx.list_mails(None, &of, 9))
    }),
    ("count_mails_to", |tx| show(tx.count_mails_to("u1@example.org", &eml(0), 9))),
    ("find_mail_template", |tx| show(tx.find_mail_template("test", "en"))),
    ("list_mail_templates", |tx| show(tx.list_mail_templates())),
    ("find_domain", |tx| show(tx.find_domain("d1.example"))),
    ("list_domains", |tx| show(tx.list_domains())),
];

/// Writes that add something of their own.
const INSERTS: &[Call] = &[
    ("insert_signing_key", |tx| {
        let row = signing_key(tx.tenant(), 2);
        show(tx.insert_signing_key(&row))
    }),
    ("insert_application", |tx| {
        let row = application(tx.tenant(), 2);
        show(tx.insert_application(&row))
    }),
    ("insert_secret", |tx| {
        let row = secret(tx.tenant(), 2);
        show(tx.insert_secret(&row))
    }),
    ("insert_user", |tx| {
        let row = user(tx.tenant(), 2);
        show(tx.insert_user(&row))
    }),
    ("insert_session", |tx| {
        let row = session(tx.tenant(), 2);
        show(tx.insert_session(&row))
    }),
    ("insert_grant", |tx| {
        let row = grant(tx.tenant(), 2);
        show(tx.insert_grant(&row))
    }),
    ("insert_link", |tx| {
        let row = link(tx.tenant(), 2);
        show(tx.insert_link(&row))
    }),
    ("insert_role", |tx| {
        let row = role(tx.tenant(), 2);
        show(tx.insert_role(&row))
    }),
    ("insert_audit", |tx| {
        let row = entry(tx.tenant(), 2);
        show(tx.insert_audit(&row))
    }),
    ("insert_trace", |tx| {
        let row = trace(tx.tenant(), 2);
        show(tx.insert_trace(&row))
    }),
    ("add_daily", |tx| show(tx.add_daily(20_001, "signed_in", 2))),
    ("insert_outbox", |tx| {
        let row = message(tx.tenant(), 2);
        show(tx.insert_outbox(&row))
    }),
    ("insert_mail", |tx| {
        let row = mail(tx.tenant(), 2);
        show(tx.insert_mail(&row))
    }),
    ("insert_domain", |tx| {
        let row = domain(tx.tenant(), 2);
        show(tx.insert_domain(&row))
    }),
    ("insert_inbox", |tx| show(tx.insert_inbox(&eml(2), b"x", at(0)))),
    ("put_mail_template", |tx| show(tx.put_mail_template("test", "de", "x", 0, at(0)))),
    ("insert_flow", |tx| show(tx.insert_flow("flow-2", b"x", at(3600)))),
    ("spend", |tx| show(tx.spend(SpentKind::Code, "code-2", "made", at(300)))),
    ("put_consent", |tx| show(tx.put_consent(&usr(1), &app(1), "wider", at(5)))),
    ("raise_guesses", |tx| show(tx.raise_guesses("guessed", at(5)))),
    ("insert_connection", |tx| {
        let row = connection(tx.tenant(), 2);
        show(tx.insert_connection(&row))
    }),
    ("put_asset", |tx| {
        let row = asset(tx.tenant(), 2);
        show(tx.put_asset(&row))
    }),
    ("insert_mapping_version", |tx| {
        let row = mapping_version(tx.tenant(), 2);
        show(tx.insert_mapping_version(&row))
    }),
];

/// Writes that change or remove what is there; on an empty tenant they do nothing.
const CHANGES: &[Call] = &[
    ("update_tenant", |tx| {
        let mut to = crate::kit::tenant_row(1);
        to.host = None;
        show(tx.update_tenant(&to, 1))
    }),
    ("lock_tenant", |tx| show(tx.lock_tenant())),
    ("keep_asset", |tx| show(tx.keep_asset(&img(1), at(1)))),
    ("release_asset", |tx| show(tx.release_asset(&img(1), at(1)))),
    ("put_setting", |tx| show(tx.put_setting(&MailSender::default(), 1, at(1)))),
    ("delete_tenant", |tx| show(tx.delete_tenant())),
    ("retire_signing_keys", |tx| show(tx.retire_signing_keys("ES256", &key(9), at(-9)))),
    ("reseal_signing_key", |tx| show(tx.reseal_signing_key(&key(1), b"anew"))),
    ("delete_retired_keys", |tx| {
        let retired = tx.retire_signing_keys("ES256", &key(9), at(-9)).unwrap();
        assert_eq!(tx.delete_retired_keys(at(0)).unwrap(), retired);
        show(Ok(retired))
    }),
    ("update_application", |tx| {
        let mut to = application(tx.tenant(), 1);
        to.disabled = true;
        show(tx.update_application(&to, 1))
    }),
    ("delete_application", |tx| show(tx.delete_application(&app(1)))),
    ("delete_secret", |tx| show(tx.delete_secret(&app(1), &sec(1)))),
    ("set_user_blocked", |tx| show(tx.set_user_blocked(&usr(1), true, at(5)))),
    ("set_user_password", |tx| show(tx.set_user_password(&usr(1), "new", at(5)))),
    ("upgrade_user_password", |tx| show(tx.upgrade_user_password(&usr(1), "phc", "phc2"))),
    ("verify_user_email", |tx| show(tx.verify_user_email(&usr(1), "u1@example.org", at(5)))),
    ("lock_user", |tx| show(tx.lock_user(&usr(1)))),
    ("carry_sessions", |tx| show(tx.carry_sessions(&usr(1), None, 0, 2))),
    ("carry_sessions", |tx| show(tx.carry_sessions(&usr(1), Some(&ses(1)), 0, 2))),
    ("touch_user", |tx| show(tx.touch_user(&usr(1), at(5)))),
    ("raise_user_epoch", |tx| show(tx.raise_user_epoch(&usr(1), at(5)))),
    ("delete_user", |tx| show(tx.delete_user(&usr(1)))),
    ("end_session", |tx| show(tx.end_session(&ses(1), at(5)))),
    ("end_sessions_of", |tx| show(tx.end_sessions_of(&usr(1), None, at(5)))),
    ("touch_session", |tx| show(tx.touch_session(&ses(1), at(5)))),
    ("renew_session", |tx| {
        let mut row = session(tx.tenant(), 1);
        row.token_hash = hash(7).to_vec();
        show(tx.renew_session(&row, &hash(1)))
    }),
    ("rotate_grant", |tx| show(tx.rotate_grant(&gra(1), 0, at(5)))),
    ("revoke_grant", |tx| show(tx.revoke_grant(&gra(1), "client", at(5)))),
    ("revoke_session_grants", |tx| show(tx.revoke_session_grants(&ses(1), "admin", at(5)))),
    ("delete_consent", |tx| show(tx.delete_consent(&usr(1), &app(1)))),
    ("refuse_guesses", |tx| show(tx.refuse_guesses("guessed", at(500)))),
    ("reset_guesses", |tx| show(tx.reset_guesses("guessed"))),
    ("spend_link", |tx| show(tx.spend_link(&lnk(1), at(5)))),
    ("void_links", |tx| show(tx.void_links("set_password", usr(1).as_str(), at(5)))),
    ("delete_role", |tx| show(tx.delete_role(&usr(1), "admin"))),
    ("update_connection", |tx| {
        let mut to = connection(tx.tenant(), 1);
        to.enabled = false;
        show(tx.update_connection(&to, 1))
    }),
    ("place_connection", |tx| show(tx.place_connection(&con(1), 7))),
    ("note_connection_test", |tx| show(tx.note_connection_test(&con(1), 1, "ok", at(5)))),
    ("note_connection_check", |tx| show(tx.note_connection_check(&con(1), 1, "ok", at(5)))),
    ("delete_connection", |tx| show(tx.delete_connection(&con(1)))),
    ("update_mail", |tx| {
        let mut row = mail(tx.tenant(), 1);
        row.state = "sent".into();
        show(tx.update_mail(&row))
    }),
    ("put_mail_template", |tx| show(tx.put_mail_template("test", "en", "anew", 1, at(5)))),
    ("delete_mail_template", |tx| show(tx.delete_mail_template("test", "en"))),
    ("update_domain", |tx| {
        let mut row = domain(tx.tenant(), 1);
        row.proven_at = None;
        show(tx.update_domain(&row))
    }),
    ("delete_domain", |tx| show(tx.delete_domain("d1.example"))),
    ("hold_outbox", |tx| {
        let row = message(tx.tenant(), 1);
        show(tx.hold_outbox(&row, Timestamp(-1), at(9)))
    }),
    ("return_outbox", |tx| {
        let row = message(tx.tenant(), 1);
        show(tx.return_outbox(&row, at(9), 0))
    }),
    ("hasten_outbox", |tx| show(tx.hasten_outbox("message-0001", at(5)))),
    ("delete_outbox", |tx| {
        let row = message(tx.tenant(), 1);
        show(tx.delete_outbox(&row))
    }),
];

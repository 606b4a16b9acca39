//! One call of every query that reads what was written down about a tenant: the audit trail, the
//! traces of flows and the log of sign-ins, by each of their filters. As `calls`, which has the rest.

use super::{Call, show};
use crate::kit::{at, aud, con, usr};
use store::audit::AuditFilter;
use store::traces::LogFilter;

/// Queries of audit, traces and log.
pub const READS: &[Call] = &[
    ("list_audit", |tx| show(tx.list_audit(Some(&aud(9)), &AuditFilter::default(), 9))),
    ("list_audit", |tx| {
        let object = Some(usr(1).as_str().to_owned());
        show(tx.list_audit(None, &AuditFilter { object, ..AuditFilter::default() }, 9))
    }),
    ("list_audit", |tx| {
        let actor = Some("cli".to_owned());
        show(tx.list_audit(None, &AuditFilter { actor, ..AuditFilter::default() }, 9))
    }),
    ("list_audit", |tx| {
        let action = Some("user.create".to_owned());
        show(tx.list_audit(None, &AuditFilter { action, ..AuditFilter::default() }, 9))
    }),
    ("list_trace", |tx| show(tx.list_trace("flow"))),
    ("list_traces", |tx| show(tx.list_traces(9))),
    ("list_trace_of", |tx| show(tx.list_trace_of("flow"))),
    ("list_log", |tx| show(tx.list_log(&LogFilter::default(), None, 9))),
    ("list_log", |tx| show(tx.list_log(&LogFilter::default(), Some((at(9), "z")), 9))),
    ("list_log", |tx| {
        let outcome = Some("failed".to_owned());
        show(tx.list_log(&LogFilter { outcome, ..LogFilter::default() }, None, 9))
    }),
    ("list_log", |tx| {
        let code = Some("ok".to_owned());
        show(tx.list_log(&LogFilter { code, ..LogFilter::default() }, None, 9))
    }),
    ("list_log", |tx| {
        let application = Some(String::new());
        show(tx.list_log(&LogFilter { application, ..LogFilter::default() }, None, 9))
    }),
    ("list_log", |tx| {
        let user = Some(usr(1).as_str().to_owned());
        show(tx.list_log(&LogFilter { user, ..LogFilter::default() }, None, 9))
    }),
    ("list_log", |tx| {
        let connection = Some(con(1).as_str().to_owned());
        show(tx.list_log(&LogFilter { connection, ..LogFilter::default() }, None, 9))
    }),
];

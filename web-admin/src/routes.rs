//! The addresses of the console. What a row needs is stated here and checked by the command behind
//! it; a page of a form asks for the same right as the form.

mod connections;
mod looks;
mod people;

use actix_web::web as actix;
use directory::Action;
use web::{Face, Permission, Route, RouteKind, RouteScope};

use crate::{
    admins, applications, audit, domains, home, installation, logs, mail_server, mails, sign_in,
    tenants, theme,
};

const fn row(method: &'static str, path: &'static str, handler: fn() -> actix_web::Route) -> Route {
    Route::new(method, path, Face::Console, RouteKind::Page, handler).at(RouteScope::System)
}

const fn public(
    method: &'static str,
    path: &'static str,
    handler: fn() -> actix_web::Route,
) -> Route {
    row(method, path, handler).needs(Permission::Public)
}

const fn signed_in(
    method: &'static str,
    path: &'static str,
    handler: fn() -> actix_web::Route,
) -> Route {
    row(method, path, handler).needs(Permission::Browser)
}

const fn operator(
    method: &'static str,
    path: &'static str,
    handler: fn() -> actix_web::Route,
) -> Route {
    row(method, path, handler).needs(Permission::Operator)
}

const fn may(
    method: &'static str,
    path: &'static str,
    action: Action,
    handler: fn() -> actix_web::Route,
) -> Route {
    row(method, path, handler).needs(Permission::Role(action))
}

/// The rows of this face.
pub fn routes() -> Vec<Route> {
    [
        of_admins(),
        entrance(),
        of_mail_server(),
        of_tenants(),
        of_applications(),
        looks::routes(),
        of_application_actions(),
        people::all(),
        of_mails(),
        of_mail_texts(),
        of_domains(),
        connections::routes(),
    ]
    .concat()
}

fn entrance() -> Vec<Route> {
    vec![
        signed_in("GET", "/console", || actix::to(home::start)),
        public("GET", "/console/login", || actix::to(sign_in::login)),
        public("GET", "/console/callback", || actix::to(sign_in::callback)),
        public("GET", "/console/signed-out", || actix::to(sign_in::signed_out)),
        signed_in("POST", "/console/sign-out", || actix::to(sign_in::sign_out)),
        signed_in("POST", "/console/appearance", || actix::to(theme::choose)),
        operator("GET", "/console/system", || actix::to(installation::show)),
        signed_in("GET", "/console/tenants", || actix::to(tenants::list)),
        operator("GET", "/console/tenants/new", || actix::to(tenants::ask)),
        operator("POST", "/console/tenants/new", || actix::to(tenants::create)),
    ]
}

fn of_tenants() -> Vec<Route> {
    use Action::{AuditRead, LogRead, TenantRead, TenantUpdate};
    use tenants::{danger, settings};
    vec![
        may("GET", "/console/t/{tenant}", TenantRead, || actix::to(home::tenant)),
        may("GET", "/console/t/{tenant}/audit", AuditRead, || actix::to(audit::list)),
        may("GET", "/console/t/{tenant}/audit/export", AuditRead, || actix::to(audit::export)),
        may("GET", "/console/t/{tenant}/logs", LogRead, || actix::to(logs::list)),
        may("GET", "/console/t/{tenant}/logs/{flow}", LogRead, || actix::to(logs::show)),
        may("GET", "/console/t/{tenant}/settings", TenantRead, || actix::to(settings::show)),
        may("POST", "/console/t/{tenant}/settings", TenantUpdate, || actix::to(settings::submit)),
        operator("GET", "/console/t/{tenant}/suspend", || actix::to(danger::ask_suspend)),
        operator("POST", "/console/t/{tenant}/suspend", || actix::to(danger::suspend)),
        operator("POST", "/console/t/{tenant}/resume", || actix::to(danger::resume)),
        operator("GET", "/console/t/{tenant}/delete", || actix::to(danger::ask_delete)),
        operator("POST", "/console/t/{tenant}/delete", || actix::to(danger::delete)),
    ]
}

fn of_admins() -> Vec<Route> {
    use Action::{RoleAssign, RoleRead};
    const LIST: &str = "/console/t/{tenant}/admins";
    const ONE: &str = "/console/t/{tenant}/admins/{user}";
    const REMOVE: &str = "/console/t/{tenant}/admins/{user}/remove";
    const WITHDRAW: &str = "/console/t/{tenant}/admins/invitations/{invitation}/withdraw";
    const ACCEPT: &str = "/console/invitations/{place}/{token}";
    vec![
        may("GET", LIST, RoleRead, || actix::to(admins::list)),
        may("POST", LIST, RoleAssign, || actix::to(admins::invite)),
        may("POST", ONE, RoleAssign, || actix::to(admins::change)),
        may("GET", REMOVE, RoleAssign, || actix::to(admins::ask_remove)),
        may("POST", REMOVE, RoleAssign, || actix::to(admins::remove)),
        may("POST", WITHDRAW, RoleAssign, || actix::to(admins::withdraw)),
        public("GET", "/console/invitation/{place}/{token}", || actix::to(admins::arrive)),
        signed_in("GET", ACCEPT, || actix::to(admins::ask_accept)),
        signed_in("POST", ACCEPT, || actix::to(admins::accept)),
    ]
}

fn of_applications() -> Vec<Route> {
    use Action::{ApplicationCreate, ApplicationRead, ApplicationUpdate, AuditRead};
    use applications::{credentials, danger, quickstart, register, settings};
    const LIST: &str = "/console/t/{tenant}/applications";
    const NEW: &str = "/console/t/{tenant}/applications/new";
    const ONE: &str = "/console/t/{tenant}/applications/{id}";
    const SETTINGS: &str = "/console/t/{tenant}/applications/{id}/settings";
    const CREDENTIALS: &str = "/console/t/{tenant}/applications/{id}/credentials";
    vec![
        may("GET", LIST, ApplicationRead, || actix::to(applications::list)),
        may("GET", NEW, ApplicationCreate, || actix::to(register::ask)),
        may("POST", NEW, ApplicationCreate, || actix::to(register::submit)),
        may("GET", ONE, ApplicationRead, || actix::to(quickstart::show)),
        may("GET", "/console/t/{tenant}/applications/{id}/env", ApplicationRead, || {
            actix::to(quickstart::env)
        }),
        may("GET", SETTINGS, ApplicationRead, || actix::to(settings::show)),
        may("POST", SETTINGS, ApplicationUpdate, || actix::to(settings::submit)),
        may("GET", CREDENTIALS, ApplicationRead, || actix::to(credentials::show)),
        may("POST", CREDENTIALS, Action::SecretRotate, || actix::to(credentials::rotate)),
        may("GET", "/console/t/{tenant}/applications/{id}/danger", ApplicationRead, || {
            actix::to(danger::show)
        }),
        may("GET", "/console/t/{tenant}/applications/{id}/audit", AuditRead, || {
            actix::to(applications::changes)
        }),
    ]
}

fn of_application_actions() -> Vec<Route> {
    use Action::{ApplicationDelete, ApplicationUpdate, SecretRotate};
    use applications::{credentials, danger};
    const REVOKE: &str = "/console/t/{tenant}/applications/{id}/credentials/{secret}/revoke";
    const DISABLE: &str = "/console/t/{tenant}/applications/{id}/disable";
    const ENABLE: &str = "/console/t/{tenant}/applications/{id}/enable";
    const DELETE: &str = "/console/t/{tenant}/applications/{id}/delete";
    vec![
        may("GET", REVOKE, SecretRotate, || actix::to(credentials::ask_revoke)),
        may("POST", REVOKE, SecretRotate, || actix::to(credentials::revoke)),
        may("GET", DISABLE, ApplicationUpdate, || actix::to(danger::ask_disable)),
        may("POST", DISABLE, ApplicationUpdate, || actix::to(danger::disable)),
        may("POST", ENABLE, ApplicationUpdate, || actix::to(danger::enable)),
        may("GET", DELETE, ApplicationDelete, || actix::to(danger::ask_delete)),
        may("POST", DELETE, ApplicationDelete, || actix::to(danger::delete)),
    ]
}

fn of_mail_server() -> Vec<Route> {
    vec![
        operator("GET", "/console/system/mail", || actix::to(mail_server::show)),
        operator("POST", "/console/system/mail", || actix::to(mail_server::submit)),
        operator("POST", "/console/system/mail/test", || actix::to(mail_server::test)),
    ]
}

fn of_mails() -> Vec<Route> {
    use Action::{MailRead, MailUpdate};
    use mails::{log, sender};
    const SENDER: &str = "/console/t/{tenant}/mails/sender";
    vec![
        may("GET", "/console/t/{tenant}/mails", MailRead, || actix::to(mails::list)),
        may("GET", SENDER, MailRead, || actix::to(sender::show)),
        may("POST", SENDER, MailUpdate, || actix::to(sender::submit)),
        may("GET", "/console/t/{tenant}/mails/log", MailRead, || actix::to(log::list)),
        may("POST", "/console/t/{tenant}/mails/log/{mail}/retry", MailUpdate, || {
            actix::to(log::retry)
        }),
    ]
}

fn of_mail_texts() -> Vec<Route> {
    use Action::{MailRead, MailUpdate};
    use mails::edit;
    const TEXT: &str = "/console/t/{tenant}/mails/texts/{template}/{language}";
    const PREVIEW: &str = "/console/t/{tenant}/mails/texts/{template}/{language}/preview";
    const RESET: &str = "/console/t/{tenant}/mails/texts/{template}/{language}/reset";
    const SEND: &str = "/console/t/{tenant}/mails/texts/{template}/{language}/send";
    vec![
        may("GET", TEXT, MailRead, || actix::to(edit::show)),
        may("POST", TEXT, MailUpdate, || actix::to(edit::submit)),
        may("GET", PREVIEW, MailRead, || actix::to(edit::preview)),
        may("POST", PREVIEW, MailRead, || actix::to(edit::try_out)),
        may("GET", RESET, MailUpdate, || actix::to(edit::ask_reset)),
        may("POST", RESET, MailUpdate, || actix::to(edit::reset)),
        may("POST", SEND, MailUpdate, || actix::to(edit::send)),
    ]
}

fn of_domains() -> Vec<Route> {
    use Action::{DomainUpdate, TenantRead};
    use domains::address;
    const LIST: &str = "/console/t/{tenant}/domains";
    const USUAL: &str = "/console/t/{tenant}/domains/usual";
    const ONE: &str = "/console/t/{tenant}/domains/{host}";
    const USE: &str = "/console/t/{tenant}/domains/{host}/use";
    const REMOVE: &str = "/console/t/{tenant}/domains/{host}/remove";
    vec![
        may("GET", LIST, TenantRead, || actix::to(domains::list)),
        may("POST", LIST, DomainUpdate, || actix::to(domains::add)),
        may("GET", USUAL, DomainUpdate, || actix::to(address::ask_usual)),
        may("POST", USUAL, DomainUpdate, || actix::to(address::make_usual)),
        may("GET", ONE, TenantRead, || actix::to(domains::show)),
        may("POST", "/console/t/{tenant}/domains/{host}/check", DomainUpdate, || {
            actix::to(domains::check)
        }),
        may("GET", USE, DomainUpdate, || actix::to(address::ask_use)),
        may("POST", USE, DomainUpdate, || actix::to(address::make_address)),
        may("GET", REMOVE, DomainUpdate, || actix::to(domains::ask_remove)),
        may("POST", REMOVE, DomainUpdate, || actix::to(domains::remove)),
    ]
}

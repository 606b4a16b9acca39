//! The addresses of connections, their mappings and the fields that mappings write.

use actix_web::web as actix;
use directory::Action;
use web::Route;

use super::may;
use crate::connections::{
    self, check, create, credentials, danger, guide, mapping, settings, testing, versions,
};
use crate::user_fields;

const LIST: &str = "/console/t/{tenant}/connections";
const NEW: &str = "/console/t/{tenant}/connections/new";
const ORDER: &str = "/console/t/{tenant}/connections/order";
const ONE: &str = "/console/t/{tenant}/connections/{connection}";
const SETTINGS: &str = "/console/t/{tenant}/connections/{connection}/settings";
const CREDENTIALS: &str = "/console/t/{tenant}/connections/{connection}/credentials";
const CHECK: &str = "/console/t/{tenant}/connections/{connection}/check";
const MAPPING: &str = "/console/t/{tenant}/connections/{connection}/mapping";
const VERSIONS: &str = "/console/t/{tenant}/connections/{connection}/mapping/versions";
const VERSION: &str = "/console/t/{tenant}/connections/{connection}/mapping/versions/{version}";
const TEST: &str = "/console/t/{tenant}/connections/{connection}/test";
const REPORT: &str = "/console/t/{tenant}/connections/{connection}/test/{test}";
const AUDIT: &str = "/console/t/{tenant}/connections/{connection}/audit";
const DANGER: &str = "/console/t/{tenant}/connections/{connection}/danger";
const ENABLE: &str = "/console/t/{tenant}/connections/{connection}/enable";
const DISABLE: &str = "/console/t/{tenant}/connections/{connection}/disable";
const DELETE: &str = "/console/t/{tenant}/connections/{connection}/delete";
const FIELDS: &str = "/console/t/{tenant}/user-fields";
const NEW_FIELD: &str = "/console/t/{tenant}/user-fields/new";
const FIELD: &str = "/console/t/{tenant}/user-fields/{field}";
const DELETE_FIELD: &str = "/console/t/{tenant}/user-fields/{field}/delete";

/// The rows.
pub(super) fn routes() -> Vec<Route> {
    [of_connections(), of_actions(), of_mappings(), of_fields()].concat()
}

fn of_connections() -> Vec<Route> {
    use Action::{AuditRead, ConnectionCreate, ConnectionRead, ConnectionUpdate};
    vec![
        may("GET", LIST, ConnectionRead, || actix::to(connections::list)),
        may("GET", NEW, ConnectionCreate, || actix::to(create::ask)),
        may("POST", NEW, ConnectionCreate, || actix::to(create::submit)),
        may("POST", ORDER, ConnectionUpdate, || actix::to(connections::order)),
        may("GET", ONE, ConnectionRead, || actix::to(guide::show)),
        may("GET", SETTINGS, ConnectionRead, || actix::to(settings::show)),
        may("POST", SETTINGS, ConnectionUpdate, || actix::to(settings::submit)),
        may("GET", CREDENTIALS, ConnectionRead, || actix::to(credentials::show)),
        may("POST", CREDENTIALS, ConnectionUpdate, || actix::to(credentials::submit)),
        may("POST", CHECK, ConnectionUpdate, || actix::to(check::submit)),
        may("GET", AUDIT, AuditRead, || actix::to(connections::changes)),
        may("GET", DANGER, ConnectionRead, || actix::to(danger::show)),
    ]
}

fn of_actions() -> Vec<Route> {
    use Action::{ConnectionDelete, ConnectionUpdate};
    vec![
        may("GET", ENABLE, ConnectionUpdate, || actix::to(danger::ask_enable)),
        may("POST", ENABLE, ConnectionUpdate, || actix::to(danger::enable)),
        may("GET", DISABLE, ConnectionUpdate, || actix::to(danger::ask_disable)),
        may("POST", DISABLE, ConnectionUpdate, || actix::to(danger::disable)),
        may("GET", DELETE, ConnectionDelete, || actix::to(danger::ask_delete)),
        may("POST", DELETE, ConnectionDelete, || actix::to(danger::delete)),
    ]
}

fn of_mappings() -> Vec<Route> {
    use Action::{ConnectionRead, ConnectionUpdate};
    vec![
        may("GET", MAPPING, ConnectionRead, || actix::to(mapping::show)),
        // Trying rules out changes nothing; saving is checked by its command.
        may("POST", MAPPING, ConnectionRead, || actix::to(mapping::submit)),
        may("GET", VERSIONS, ConnectionRead, || actix::to(versions::list)),
        may("GET", VERSION, ConnectionRead, || actix::to(versions::show)),
        may("GET", TEST, ConnectionRead, || actix::to(testing::list)),
        may("POST", TEST, ConnectionUpdate, || actix::to(testing::start)),
        may("GET", REPORT, ConnectionUpdate, || actix::to(testing::show)),
        may("POST", VERSION, ConnectionUpdate, || actix::to(versions::roll_back)),
    ]
}

fn of_fields() -> Vec<Route> {
    use Action::{ConnectionRead, SignInUpdate};
    vec![
        may("GET", FIELDS, ConnectionRead, || actix::to(user_fields::list)),
        may("GET", NEW_FIELD, SignInUpdate, || actix::to(user_fields::ask)),
        may("POST", NEW_FIELD, SignInUpdate, || actix::to(user_fields::create)),
        may("GET", FIELD, ConnectionRead, || actix::to(user_fields::show)),
        may("POST", FIELD, SignInUpdate, || actix::to(user_fields::update)),
        may("GET", DELETE_FIELD, SignInUpdate, || actix::to(user_fields::ask_delete)),
        may("POST", DELETE_FIELD, SignInUpdate, || actix::to(user_fields::delete)),
    ]
}

//! The addresses of people: users, what hangs on them, jobs over many of them, organizations.

use actix_web::web as actix;
use directory::Action;
use web::Route;

use super::may;
use crate::{jobs, organizations, users};

/// The rows of people.
pub(super) fn all() -> Vec<Route> {
    [of_users(), of_user_access(), of_jobs(), of_organizations(), of_members()].concat()
}

/// Largest form with a file of users, in bytes: the file and what is around it.
const UPLOAD: usize = 21 * 1024 * 1024;

fn of_users() -> Vec<Route> {
    use Action::{
        SessionRevoke, UserCreate, UserDelete, UserHelp, UserImport, UserRead, UserUpdate,
    };
    use users::{bulk, create, danger, edit, import, list, sessions};
    const NEW: &str = "/console/t/{tenant}/users/new";
    const IMPORT: &str = "/console/t/{tenant}/users/import";
    const EDIT: &str = "/console/t/{tenant}/users/{user}/edit";
    const BLOCK: &str = "/console/t/{tenant}/users/{user}/block";
    const UNBLOCK: &str = "/console/t/{tenant}/users/{user}/unblock";
    const LINK: &str = "/console/t/{tenant}/users/{user}/link";
    const DELETE: &str = "/console/t/{tenant}/users/{user}/delete";
    const END_ALL: &str = "/console/t/{tenant}/users/{user}/sessions/end";
    const END: &str = "/console/t/{tenant}/users/{user}/sessions/{session}/end";
    vec![
        may("GET", "/console/t/{tenant}/users", UserRead, || actix::to(list::show)),
        may("GET", NEW, UserCreate, || actix::to(create::ask)),
        may("POST", NEW, UserCreate, || actix::to(create::submit)),
        may("GET", IMPORT, UserImport, || actix::to(import::ask)),
        may("POST", IMPORT, UserImport, || actix::to(import::submit)).limit(UPLOAD),
        may("POST", "/console/t/{tenant}/users/bulk", UserImport, || actix::to(bulk::submit)),
        may("GET", "/console/t/{tenant}/users/{user}", UserRead, || actix::to(users::show)),
        may("GET", EDIT, UserUpdate, || actix::to(edit::show)),
        may("POST", EDIT, UserUpdate, || actix::to(edit::submit)),
        may("POST", LINK, UserHelp, || actix::to(users::link)),
        may("GET", BLOCK, UserHelp, || actix::to(danger::ask_block)),
        may("POST", BLOCK, UserHelp, || actix::to(danger::block)),
        may("POST", UNBLOCK, UserHelp, || actix::to(danger::unblock)),
        may("GET", DELETE, UserDelete, || actix::to(danger::ask_delete)),
        may("POST", DELETE, UserDelete, || actix::to(danger::delete)),
        may("GET", END_ALL, SessionRevoke, || actix::to(sessions::ask_end_all)),
        may("POST", END_ALL, SessionRevoke, || actix::to(sessions::end_all)),
        may("POST", END, SessionRevoke, || actix::to(sessions::end)),
    ]
}

fn of_user_access() -> Vec<Route> {
    use Action::{LogRead, OrganizationRead, SessionRead, UserRead, UserUpdate};
    use users::{access, sessions};
    const UNLINK: &str = "/console/t/{tenant}/users/{user}/identities/{identity}/unlink";
    const REVOKE: &str = "/console/t/{tenant}/users/{user}/consents/{application}/revoke";
    const REVOKE_ALL: &str = "/console/t/{tenant}/users/{user}/consents/revoke";
    const IDENTITIES: &str = "/console/t/{tenant}/users/{user}/identities";
    const CONSENTS: &str = "/console/t/{tenant}/users/{user}/consents";
    const MEMBER_OF: &str = "/console/t/{tenant}/users/{user}/organizations";
    const ACTIVITY: &str = "/console/t/{tenant}/users/{user}/activity";
    const SESSIONS: &str = "/console/t/{tenant}/users/{user}/sessions";
    vec![
        may("GET", IDENTITIES, UserRead, || actix::to(access::identities)),
        may("GET", UNLINK, UserUpdate, || actix::to(access::ask_unlink)),
        may("POST", UNLINK, UserUpdate, || actix::to(access::unlink)),
        may("GET", SESSIONS, SessionRead, || actix::to(sessions::show)),
        may("GET", CONSENTS, UserRead, || actix::to(access::consents)),
        may("POST", REVOKE_ALL, UserUpdate, || actix::to(access::revoke_all)),
        may("POST", REVOKE, UserUpdate, || actix::to(access::revoke)),
        may("GET", MEMBER_OF, OrganizationRead, || actix::to(access::organizations)),
        may("GET", ACTIVITY, LogRead, || actix::to(access::activity)),
    ]
}

fn of_jobs() -> Vec<Route> {
    use Action::{UserExport, UserImport};
    const ONE: &str = "/console/t/{tenant}/jobs/{batch}";
    const START: &str = "/console/t/{tenant}/jobs/{batch}/start";
    const CANCEL: &str = "/console/t/{tenant}/jobs/{batch}/cancel";
    const PROBLEMS: &str = "/console/t/{tenant}/jobs/{batch}/problems.csv";
    const FILE: &str = "/console/t/{tenant}/jobs/{batch}/files/{number}";
    vec![
        may("GET", "/console/t/{tenant}/jobs", UserImport, || actix::to(jobs::list)),
        may("GET", ONE, UserImport, || actix::to(jobs::show)),
        may("POST", START, UserImport, || actix::to(jobs::start)),
        may("POST", CANCEL, UserImport, || actix::to(jobs::cancel)),
        may("GET", PROBLEMS, UserImport, || actix::to(jobs::problems)),
        may("GET", FILE, UserExport, || actix::to(jobs::download)),
    ]
}

fn of_organizations() -> Vec<Route> {
    use Action::{OrganizationRead, OrganizationUpdate};
    use organizations::{members, roles, settings};
    const LIST: &str = "/console/t/{tenant}/organizations";
    const NEW: &str = "/console/t/{tenant}/organizations/new";
    const ROLES: &str = "/console/t/{tenant}/organizations/roles";
    const REMOVE_ROLE: &str = "/console/t/{tenant}/organizations/roles/remove";
    const ONE: &str = "/console/t/{tenant}/organizations/{organization}";
    const SETTINGS: &str = "/console/t/{tenant}/organizations/{organization}/settings";
    const DELETE: &str = "/console/t/{tenant}/organizations/{organization}/delete";
    vec![
        may("GET", LIST, OrganizationRead, || actix::to(organizations::list)),
        may("GET", NEW, OrganizationUpdate, || actix::to(settings::ask)),
        may("POST", NEW, OrganizationUpdate, || actix::to(settings::create)),
        may("GET", ROLES, OrganizationRead, || actix::to(roles::list)),
        may("POST", ROLES, OrganizationUpdate, || actix::to(roles::add)),
        may("POST", REMOVE_ROLE, OrganizationUpdate, || actix::to(roles::remove)),
        may("GET", ONE, OrganizationRead, || actix::to(members::list)),
        may("GET", SETTINGS, OrganizationRead, || actix::to(settings::show)),
        may("POST", SETTINGS, OrganizationUpdate, || actix::to(settings::submit)),
        may("GET", DELETE, OrganizationUpdate, || actix::to(settings::ask_delete)),
        may("POST", DELETE, OrganizationUpdate, || actix::to(settings::delete)),
    ]
}

fn of_members() -> Vec<Route> {
    use Action::{MemberUpdate, OrganizationRead};
    use organizations::{invitations, members};
    const MEMBERS: &str = "/console/t/{tenant}/organizations/{organization}/members";
    const MEMBER: &str = "/console/t/{tenant}/organizations/{organization}/members/{user}";
    const REMOVE: &str = "/console/t/{tenant}/organizations/{organization}/members/{user}/remove";
    const INVITATIONS: &str = "/console/t/{tenant}/organizations/{organization}/invitations";
    const REVOKE: &str =
        "/console/t/{tenant}/organizations/{organization}/invitations/{invitation}/revoke";
    vec![
        may("POST", MEMBERS, MemberUpdate, || actix::to(members::add)),
        may("GET", MEMBER, MemberUpdate, || actix::to(members::show)),
        may("POST", MEMBER, MemberUpdate, || actix::to(members::save)),
        may("POST", REMOVE, MemberUpdate, || actix::to(members::remove)),
        may("GET", INVITATIONS, OrganizationRead, || actix::to(invitations::list)),
        may("POST", INVITATIONS, MemberUpdate, || actix::to(invitations::create)),
        may("POST", REVOKE, MemberUpdate, || actix::to(invitations::revoke)),
    ]
}

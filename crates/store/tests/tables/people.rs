//! One call of every query about the people of a tenant: lists and searches of users, identities,
//! organizations, members, invitations and batches. As `calls`, which has the rest.

use crate::calls::{Call, show};
use crate::kit::{
    app, at, batch, con, connection_test, hash, identity, idn, inv, invitation, job, member, org,
    organization, organization_role, tst, user, usr,
};
use store::identities::IdentityKey;
use store::users::{UserPlace, UserScan, UserSearch};
use store::{Error, Tx};

/// The pages of a list in both directions, from an edge and from a row.
fn pages(tx: &mut Tx, scan: &UserScan) -> Result<String, Error> {
    let low = UserPlace { key: "a".into(), id: "usr_".into() };
    let high = UserPlace { key: "z".into(), id: "usr_z".into() };
    let found = [
        tx.list_users(scan, None, true, 9)?,
        tx.list_users(scan, None, false, 9)?,
        tx.list_users(scan, Some(&low), true, 9)?,
        tx.list_users(scan, Some(&high), false, 9)?,
    ];
    assert!(found.iter().all(|page| page.len() == found[0].len()), "{scan:?}: {found:?}");
    Ok(format!("{:?}", found[0]))
}

fn list(tx: &mut Tx, scan: &UserScan) -> String {
    pages(tx, scan).unwrap()
}

fn search(tx: &mut Tx, by: UserSearch, prefix: &str) -> String {
    let place = UserPlace { key: prefix.into(), id: "-".into() };
    let first = tx.search_users(by, prefix, None, 9).unwrap();
    let on = tx.search_users(by, prefix, Some(&place), 9).unwrap();
    assert_eq!(first.len(), on.len());
    format!("{first:?}")
}

pub const READS: &[Call] = &[
    ("find_identity", |tx| {
        let row = identity(tx.tenant(), 1);
        show(tx.find_identity(IdentityKey {
            connection: &row.connection,
            issuer: &row.issuer,
            subject: &row.subject,
        }))
    }),
    ("find_identity_by_id", |tx| show(tx.find_identity_by_id(&idn(1)))),
    ("find_latest_identity", |tx| show(tx.find_latest_identity(&con(1)))),
    ("find_connection_test", |tx| show(tx.find_connection_test(&tst(1), at(1)))),
    ("list_connection_tests", |tx| show(tx.list_connection_tests(&con(1), at(1), 9))),
    ("find_user_by_external_id", |tx| show(tx.find_user_by_external_id("ext-1"))),
    ("list_users", |tx| list(tx, &UserScan::Email)),
    ("list_users", |tx| list(tx, &UserScan::Name)),
    ("list_users", |tx| list(tx, &UserScan::Created)),
    ("list_users", |tx| list(tx, &UserScan::NeverSignedIn)),
    ("list_users", |tx| list(tx, &UserScan::Connection(con(1)))),
    ("count_users", |tx| show(tx.count_users(&UserScan::Email, 9))),
    ("count_users", |tx| show(tx.count_users(&UserScan::Connection(con(1)), 9))),
    ("search_users", |tx| search(tx, UserSearch::Email, "u")),
    ("search_users", |tx| search(tx, UserSearch::Name, "user")),
    ("search_users", |tx| search(tx, UserSearch::ExternalId, "ext")),
    ("list_consents", |tx| show(tx.list_consents(&usr(1), None, 9))),
    ("list_identities_of", |tx| show(tx.list_identities_of(&usr(1)))),
    ("find_organization", |tx| show(tx.find_organization(&org(1)))),
    ("find_organization_by_slug", |tx| show(tx.find_organization_by_slug("org-1"))),
    ("list_organizations", |tx| show(tx.list_organizations(Some("a"), "org", 9))),
    ("list_organization_roles", |tx| show(tx.list_organization_roles())),
    ("find_member", |tx| show(tx.find_member(&org(1), &usr(1)))),
    ("list_members", |tx| show(tx.list_members(&org(1), None, 9))),
    ("count_members", |tx| show(tx.count_members(&org(1), 9))),
    ("list_memberships", |tx| show(tx.list_memberships(&usr(1), 9))),
    ("find_invitation", |tx| show(tx.find_invitation(&inv(1)))),
    ("find_invitation_by_token", |tx| show(tx.find_invitation_by_token(&hash(1)))),
    ("list_invitations", |tx| {
        show(tx.list_invitations("organization", org(1).as_str(), Some(&inv(9)), 9))
    }),
    ("find_batch", |tx| show(tx.find_batch(&job(1)))),
    ("list_batches", |tx| show(tx.list_batches(Some(&job(9)), 9))),
    ("list_batch_parts", |tx| show(tx.list_batch_parts(&job(1), "in", 0, 9))),
];

pub const INSERTS: &[Call] = &[
    ("insert_connection_test", |tx| {
        let row = connection_test(tx.tenant(), 2);
        show(tx.insert_connection_test(&row))
    }),
    ("insert_identity", |tx| {
        let row = identity(tx.tenant(), 2);
        show(tx.insert_identity(&row))
    }),
    ("insert_organization", |tx| {
        let row = organization(tx.tenant(), 2);
        show(tx.insert_organization(&row))
    }),
    ("insert_organization_role", |tx| {
        let row = organization_role(tx.tenant(), 2);
        show(tx.insert_organization_role(&row))
    }),
    ("put_member", |tx| {
        let mut row = member(tx.tenant(), 1);
        row.roles = "another".into();
        show(tx.put_member(&row))
    }),
    ("insert_invitation", |tx| {
        let row = invitation(tx.tenant(), 2);
        show(tx.insert_invitation(&row))
    }),
    ("insert_batch", |tx| {
        let row = batch(tx.tenant(), 2);
        show(tx.insert_batch(&row))
    }),
    ("put_batch_part", |tx| show(tx.put_batch_part(&job(1), "out", 1, b"x"))),
];

pub const CHANGES: &[Call] = &[
    ("renew_identity", |tx| {
        let mut row = identity(tx.tenant(), 1);
        row.label = "renewed".into();
        show(tx.renew_identity(&row))
    }),
    ("end_connection_test", |tx| show(tx.end_connection_test(&tst(1), "ok", b"y"))),
    ("claim_user", |tx| show(tx.claim_user(&usr(1), at(5)))),
    ("update_user", |tx| {
        let mut to = user(tx.tenant(), 1);
        to.name = "Another".into();
        show(tx.update_user(&to, 1))
    }),
    ("list_users", |tx| {
        tx.set_user_blocked(&usr(1), true, at(5)).unwrap();
        show(Ok(tx.list_users(&UserScan::Blocked, None, true, 9).unwrap().len()))
    }),
    ("list_users", |tx| {
        let mut to = user(tx.tenant(), 1);
        to.email_verified = false;
        tx.update_user(&to, 1).unwrap();
        let found = tx.list_users(&UserScan::Unverified, None, false, 9).unwrap().len();
        assert_eq!(tx.count_users(&UserScan::Unverified, 9).unwrap(), found as i64);
        show(Ok(found))
    }),
    ("revoke_user_grants", |tx| show(tx.revoke_user_grants(&usr(1), &app(1), at(5), 9))),
    ("delete_identity", |tx| show(tx.delete_identity(&usr(1), &idn(1)))),
    ("update_organization", |tx| {
        let mut to = organization(tx.tenant(), 1);
        to.name = "Another".into();
        show(tx.update_organization(&to, 1))
    }),
    ("delete_organization", |tx| show(tx.delete_organization(&org(1)))),
    ("delete_organization_role", |tx| show(tx.delete_organization_role("role-1"))),
    ("delete_member", |tx| show(tx.delete_member(&org(1), &usr(1)))),
    ("end_invitation", |tx| show(tx.end_invitation(&inv(1), "accepted", at(5)))),
    ("move_batch", |tx| {
        let from = batch(tx.tenant(), 1);
        let mut to = from.clone();
        to.place = "on".into();
        show(tx.move_batch(&from, &to))
    }),
    ("expire_batch", |tx| {
        let from = batch(tx.tenant(), 1);
        let mut to = from.clone();
        to.state = "done".into();
        let _ = tx.move_batch(&from, &to).unwrap();
        show(tx.expire_batch(&job(1), at(5)))
    }),
];

//! Words for what the audit records: how a sentence about an action begins. Which actions there
//! are is said by `store::audit::ACTIONS`; one without words fails a test.

/// Actions and their words, by what they are about.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("admin.accept", "Accepted an invitation to administer"),
    ("admin.grant", "Gave a role"),
    ("admin.invite", "Invited an admin"),
    ("admin.revoke", "Took a role away"),
    ("admin.withdraw", "Withdrew an invitation to administer"),
    ("application.create", "Registered the application"),
    ("application.delete", "Deleted the application"),
    ("application.disable", "Disabled the application"),
    ("application.enable", "Enabled the application"),
    ("application.secret.create", "Made a secret"),
    ("application.secret.revoke", "Revoked a secret"),
    ("application.update", "Changed the application"),
    ("branding.update", "Changed the branding"),
    ("connection.check", "Checked the credentials of a connection"),
    ("connection.create", "Added the connection"),
    ("connection.delete", "Deleted the connection"),
    ("connection.disable", "Disabled the connection"),
    ("connection.enable", "Enabled the connection"),
    ("connection.reorder", "Changed the order of connections"),
    ("connection.secret", "Changed the secret of a connection"),
    ("connection.secret_expiry", "Dated the secret of a connection"),
    ("connection.test", "Tested a connection"),
    ("connection.update", "Changed the connection"),
    ("consent.remove", "Took an application’s access back"),
    ("consent.revoke", "Revoked what a user allowed"),
    ("console.sign_in", "Signed in to the console"),
    ("domain.add", "Added a domain"),
    ("domain.choose", "Changed the address of the tenant"),
    ("domain.lapsed", "A domain’s proof lapsed"),
    ("domain.proven", "Proved a domain"),
    ("domain.released", "Lost a domain to another tenant"),
    ("domain.remove", "Removed a domain"),
    ("field.create", "Defined a user field"),
    ("field.delete", "Removed a user field"),
    ("field.update", "Changed a user field"),
    ("identity.link", "Linked an identity"),
    ("identity.unlink", "Unlinked an identity"),
    ("job.cancel", "Stopped a job"),
    ("job.create", "Began a job"),
    ("job.start", "Let a job go on"),
    ("key.rotate", "Rotated a signing key"),
    ("mail.retry", "Tried a mail again"),
    ("mail.send_example", "Sent an example of a mail"),
    ("mail_sender.update", "Changed the sender of mails"),
    ("mail_server.update", "Changed the mail server"),
    ("mail_template.reset", "Took the standard text of a mail again"),
    ("mail_template.update", "Changed the text of a mail"),
    ("mapping.profile", "Looked at a profile to try a mapping"),
    ("mapping.rollback", "Went back to an earlier mapping"),
    ("mapping.update", "Changed a mapping"),
    ("member.add", "Added a member"),
    ("member.invite", "Invited a member"),
    ("member.join", "Joined an organization"),
    ("member.remove", "Removed a member"),
    ("member.uninvite", "Took an invitation back"),
    ("member.update", "Changed a member’s roles"),
    ("operator.create", "Became an operator"),
    ("organization.create", "Created the organization"),
    ("organization.delete", "Deleted the organization"),
    ("organization.update", "Changed the organization"),
    ("organization_role.create", "Added a role to the catalogue"),
    ("organization_role.delete", "Removed a role from the catalogue"),
    ("session.end", "Signed out elsewhere"),
    ("session.end_all", "Signed out everywhere"),
    ("session.revoke", "Ended a session"),
    ("session.revoke_all", "Ended all sessions"),
    ("sign_in.update", "Changed sign-in & sign-up"),
    ("tenant.create", "Created the tenant"),
    ("tenant.delete", "Deleted the tenant"),
    ("tenant.resume", "Resumed the tenant"),
    ("tenant.suspend", "Suspended the tenant"),
    ("tenant.update", "Changed the tenant"),
    ("user.ask_email", "Asked for another address"),
    ("user.block", "Blocked the user"),
    ("user.change_email", "Changed the address"),
    ("user.create", "Created the user"),
    ("user.delete", "Deleted the user"),
    ("user.recovery", "Asked to reset the password"),
    ("user.set_password", "Set a password"),
    ("user.set_password_link", "Made a link to set a password"),
    ("user.sign_in", "Signed in"),
    ("user.sign_up", "Signed up"),
    ("user.unblock", "Unblocked the user"),
    ("user.undo_email", "Took a change of address back"),
    ("user.update", "Changed the user"),
];

/// An action as a sentence's beginning. One that an older version wrote is told by its own name.
pub(crate) fn words(action: &str) -> String {
    let known = WORDS.iter().find(|(name, _)| *name == action);
    known.map_or_else(|| action.replace(['.', '_'], " "), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_that_is_written_has_words() {
        let named: Vec<&str> = WORDS.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, store::audit::ACTIONS);
        let mut told: Vec<&str> = WORDS.iter().map(|(_, words)| *words).collect();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), WORDS.len(), "two actions are told by the same words");
        assert!(told.iter().all(|words| words.starts_with(char::is_uppercase)));
        assert_eq!(words("thing.of_old"), "thing of old");
    }
}

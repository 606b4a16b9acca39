//! Texts of mails that a tenant wrote itself, by template and language, each with its optimistic
//! lock. The texts that come with the server are `directory`'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Tx;
use crate::error::Error;
use crate::ids::TenantId;
use crate::schema::mail_templates;
use crate::time::Timestamp;

/// A text as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = mail_templates)]
pub struct MailTemplateRow {
    /// The tenant that wrote it.
    pub tenant: TenantId,
    /// Which mail.
    pub template: String,
    /// Its language, such as `en`.
    pub language: String,
    /// Subject and text, as JSON.
    pub body: String,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Tx<'_> {
    /// The tenant's own text.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn find_mail_template(
        &mut self,
        template: &str,
        language: &str,
    ) -> Result<Option<MailTemplateRow>, Error> {
        let key = (&self.tenant, template, language);
        Ok(mail_templates::table.find(key).first(self.conn).optional()?)
    }

    /// Every text the tenant wrote itself; they are few.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_mail_templates(&mut self) -> Result<Vec<MailTemplateRow>, Error> {
        Ok(mail_templates::table
            .filter(mail_templates::tenant.eq(&self.tenant))
            .order((mail_templates::template, mail_templates::language))
            .limit(500)
            .load(self.conn)?)
    }

    /// Replaces a text if it still stands at `version` (0: never written); `false` when it does not.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_mail_template(
        &mut self,
        template: &str,
        language: &str,
        body: &str,
        version: i64,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let changed = if version == 0 {
            diesel::sql_query(
                "INSERT INTO mail_templates (tenant, template, language, body, version, updated_at) \
                 VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (tenant, template, language) DO NOTHING",
            )
            .bind::<Text, _>(self.tenant.as_str().to_owned())
            .bind::<Text, _>(template.to_owned())
            .bind::<Text, _>(language.to_owned())
            .bind::<Text, _>(body.to_owned())
            .bind::<BigInt, _>(now.0)
            .execute(self.conn)?
        } else {
            let standing = mail_templates::table.find((&self.tenant, template, language));
            diesel::update(standing.filter(mail_templates::version.eq(version)))
                .set((
                    mail_templates::body.eq(body),
                    mail_templates::version.eq(version + 1),
                    mail_templates::updated_at.eq(now),
                ))
                .execute(self.conn)?
        };
        Ok(changed == 1)
    }

    /// Forgets the tenant's own text; `false` when there was none.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn delete_mail_template(&mut self, template: &str, language: &str) -> Result<bool, Error> {
        let gone = diesel::delete(mail_templates::table.find((&self.tenant, template, language)))
            .execute(self.conn)?;
        Ok(gone == 1)
    }
}

//! The pages of mail: texts, sender, log, server.

use askama::Template;

use super::{Pager, Problems, Shell, State, Twin, When};

/// What a page says when mail does not work, or goes somewhere else.
#[derive(Debug, Clone)]
pub(crate) struct Banner {
    /// Class of the notice: nothing, `warn` or `bad`.
    pub(crate) class: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
    /// Where an operator goes: words and address.
    pub(crate) link: Option<(&'static str, &'static str)>,
}

/// Head and tabs of a tenant's pages on mail.
#[derive(Debug, Clone)]
pub(crate) struct MailHead {
    pub(crate) url: String,
    pub(crate) tab: &'static str,
    pub(crate) banner: Option<Banner>,
    /// Whether the actor may change something.
    pub(crate) may: bool,
}

impl MailHead {
    pub(crate) fn tabs(&self) -> [(&'static str, &'static str, &'static str); 3] {
        [("texts", "Texts", ""), ("sender", "Sender", "/sender"), ("log", "Delivery log", "/log")]
    }

    pub(crate) fn is_tab(&self, name: &str) -> bool {
        self.tab == name
    }
}

/// A text in one language.
#[derive(Debug, Clone)]
pub(crate) struct TextCell {
    pub(crate) language: &'static str,
    pub(crate) url: String,
    /// Whether the tenant wrote it.
    pub(crate) own: bool,
    pub(crate) changed: Option<When>,
}

/// A mail with its texts.
#[derive(Debug, Clone)]
pub(crate) struct TextLine {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) cells: Vec<TextCell>,
}

/// The list of texts.
#[derive(Template)]
#[template(path = "mails/texts.html")]
pub(crate) struct TextList {
    pub(crate) shell: Shell,
    pub(crate) head: MailHead,
    pub(crate) languages: Vec<&'static str>,
    pub(crate) rows: Vec<TextLine>,
    pub(crate) twin: Option<Twin>,
    pub(crate) path: String,
}

/// A placeholder beside the form.
#[derive(Debug, Clone)]
pub(crate) struct PlaceholderLine {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    /// Whether the mail is nothing without it.
    pub(crate) needed: bool,
}

/// One text.
#[derive(Template)]
#[template(path = "mails/text.html")]
pub(crate) struct TextPage {
    pub(crate) shell: Shell,
    pub(crate) head: MailHead,
    pub(crate) path: String,
    pub(crate) label: &'static str,
    pub(crate) language: &'static str,
    /// Its BCP 47 tag.
    pub(crate) tag: String,
    pub(crate) own: bool,
    pub(crate) changed: Option<When>,
    pub(crate) version: i64,
    pub(crate) placeholders: Vec<PlaceholderLine>,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// What stands in the preview's frame when there is nothing to preview.
#[derive(Template)]
#[template(path = "mails/preview.html")]
pub(crate) struct Preview {
    pub(crate) problems: Problems,
}

/// The sender.
#[derive(Template)]
#[template(path = "mails/sender.html")]
pub(crate) struct SenderPage {
    pub(crate) shell: Shell,
    pub(crate) head: MailHead,
    pub(crate) path: String,
    /// What stands for the name and the address when there is none.
    pub(crate) name_hint: String,
    pub(crate) hint: String,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) reply_to: String,
    pub(crate) language: String,
    pub(crate) languages: Vec<(&'static str, &'static str)>,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// A mail of the log.
#[derive(Debug, Clone)]
pub(crate) struct MailLine {
    pub(crate) id: String,
    pub(crate) label: &'static str,
    pub(crate) language: String,
    pub(crate) recipient: String,
    pub(crate) state: State,
    /// Whether it waits for its next attempt.
    pub(crate) waits: bool,
    pub(crate) attempts: i64,
    pub(crate) answer: String,
    pub(crate) support: String,
    pub(crate) created: When,
}

/// The log.
#[derive(Template)]
#[template(path = "mails/log.html")]
pub(crate) struct LogPage {
    pub(crate) shell: Shell,
    pub(crate) head: MailHead,
    /// Whether no mail was ever sent.
    pub(crate) none: bool,
    pub(crate) rows: Vec<MailLine>,
    pub(crate) pager: Pager,
    pub(crate) states: Vec<(&'static str, &'static str)>,
    pub(crate) state: String,
    pub(crate) to: String,
    pub(crate) twin: Option<Twin>,
    pub(crate) path: String,
}

/// What became of a test mail.
#[derive(Debug, Clone)]
pub(crate) struct TestResult {
    pub(crate) state: State,
    pub(crate) text: &'static str,
    pub(crate) to: String,
    pub(crate) answer: String,
    pub(crate) when: When,
}

/// The mail server.
#[derive(Template)]
#[template(path = "mails/server.html")]
pub(crate) struct ServerPage {
    pub(crate) shell: Shell,
    pub(crate) banner: Option<Banner>,
    pub(crate) path: &'static str,
    /// Whether the configuration names it.
    pub(crate) fixed: bool,
    pub(crate) has_password: bool,
    pub(crate) version: i64,
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) tls: String,
    pub(crate) ways: Vec<(&'static str, &'static str)>,
    pub(crate) user: String,
    pub(crate) from: String,
    /// Where the test mail goes.
    pub(crate) me: String,
    pub(crate) test: Option<TestResult>,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

//! What a mail to a person about their own account says: who they are, when and from where it was
//! asked, and the link to press. Which mail it is, and whether it is sent, is the command's.

use std::collections::BTreeMap;

use context::Ctx;
use store::users::UserRow;

use crate::actor::Actor;
use crate::mail::{Message, Template};
use crate::recovery::Back;
use crate::users;

/// The values of one mail in the making.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    values: BTreeMap<String, String>,
    flow: String,
}

impl Notice {
    /// When and from where it is asked.
    pub fn new(ctx: &Ctx, visitor: &Actor) -> Notice {
        let when = chrono::DateTime::from_timestamp_micros(ctx.now().0)
            .map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string())
            .unwrap_or_default();
        let notice = Notice { values: BTreeMap::new(), flow: String::new() };
        notice.with("when", &when).with("ip", &visitor.ip)
    }

    /// A value of a placeholder.
    pub fn with(mut self, name: &str, value: &str) -> Notice {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The link to press.
    pub fn link(self, url: &str) -> Notice {
        self.with("link", url)
    }

    /// The sign-in it belongs to.
    pub fn about(mut self, back: Option<&Back>) -> Notice {
        if let Some(back) = back {
            self.flow.clone_from(&back.flow);
            return self.with("application", &back.application);
        }
        self
    }

    /// The message to `to`, in the language of the user where they are known.
    pub fn message(self, template: Template, to: &str, user: Option<&UserRow>) -> Message {
        let language = user.and_then(users::language);
        let mut notice = self.with("email", to);
        if let Some(user) = user {
            notice = notice.with("name", &user.name);
        }
        notice.values.entry("name".to_owned()).or_default();
        Message { template, to: to.to_owned(), language, values: notice.values, flow: notice.flow }
    }
}

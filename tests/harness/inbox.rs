//! The inbox of a development server, as automation reads it.

use crate::http::Request;
use crate::server::Server;
use crate::wait::until;
use std::time::Duration;
use url::Url;

impl Server {
    /// The mails of dev mode, newest first, as `inbox_url` tells programs.
    ///
    /// # Panics
    /// When the inbox does not answer with a list.
    pub fn inbox(&self) -> Vec<serde_json::Value> {
        let url = self.ready().inbox_url.as_deref().expect("a development server has an inbox");
        let path = Url::parse(url).expect("inbox_url is an address").path().to_owned();
        let answer = self.send(&Request::get(&path).header("Accept", "application/json"));
        let list = answer.expect(200).json();
        list.as_array().expect("a list").clone()
    }

    /// Waits for a mail to this address.
    ///
    /// # Panics
    /// When none arrives.
    pub fn mail_to(&self, address: &str) -> serde_json::Value {
        let to = |mail: &serde_json::Value| mail["to"] == address;
        until("a mail", Duration::from_secs(10), || self.inbox().into_iter().find(to))
    }

    /// The links to this address that contain `part`, the newest first, once there are so many.
    ///
    /// # Panics
    /// When fewer arrive.
    pub fn links_to(&self, address: &str, part: &str, count: usize) -> Vec<String> {
        until("the mails", Duration::from_secs(20), || {
            let mut mails = self.inbox();
            mails.retain(|mail| mail["to"].as_str().is_some_and(|to| to.contains(address)));
            mails.sort_by_key(|mail| std::cmp::Reverse(mail["id"].as_str().map(str::to_owned)));
            let links =
                mails.iter().flat_map(|mail| mail["links"].as_array().into_iter().flatten());
            let links = links.filter_map(|link| link.as_str()).filter(|link| link.contains(part));
            let links: Vec<String> = links.map(str::to_owned).collect();
            (links.len() >= count).then_some(links)
        })
    }

    /// Waits for the log's step of a flow with this code of the catalogue; `flow` is the support
    /// code that the person read.
    ///
    /// # Panics
    /// When there is none.
    pub fn logged(&self, flow: &str, code: &str) -> serde_json::Value {
        let tenant = &self.ready().tenant.slug;
        let named = |step: &serde_json::Value| step["code"] == code;
        until("a step in the log", Duration::from_secs(10), || {
            let outcome = self.cli().try_run(&["log", "show", "--tenant", tenant, flow, "--json"]);
            let shown: serde_json::Value = serde_json::from_str(&outcome.stdout).ok()?;
            shown["steps"].as_array()?.iter().find(|step| named(step)).cloned()
        })
    }
}

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
}

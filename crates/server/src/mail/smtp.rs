//! One connection to the mail server (RFC 5321): opened, secured and signed in, then used for mail
//! after mail. Every step has its limit in time. What the server said is kept word for word, made
//! into one line and freed of the password should it stand there.

use std::time::Duration;

use directory::mail::server::{Effective, Tls};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

use super::make::Outgoing;

/// Opening, securing, signing in: all of it together.
const OPEN: Duration = Duration::from_secs(20);
/// Sending one mail.
const SEND: Duration = Duration::from_secs(45);
/// Saying good-bye.
const QUIT: Duration = Duration::from_secs(2);
/// Longest answer that is kept, in characters.
const ANSWER_MAX: usize = 400;

/// What became of a mail.
pub enum Outcome {
    /// The server took it.
    Sent(String),
    /// The server will never take it.
    Refused(String),
    /// It may be taken later.
    Later(String),
}

/// An open connection.
pub struct Line {
    connection: AsyncSmtpConnection,
    password: String,
    broken: bool,
}

impl Line {
    /// Opens a connection.
    ///
    /// # Errors
    /// What went wrong, as a sentence for an operator.
    pub async fn open(server: &Effective) -> Result<Line, String> {
        let secret = server.password.expose();
        match tokio::time::timeout(OPEN, open(server)).await {
            Ok(Ok(connection)) => {
                Ok(Line { connection, password: secret.to_owned(), broken: false })
            }
            Ok(Err((step, error))) => Err(redact(&format!("{step}: {}", told(&error)), secret)),
            Err(_) => Err(format!(
                "{}:{} did not answer within {} seconds",
                server.host,
                server.port,
                OPEN.as_secs()
            )),
        }
    }

    /// Sends one mail.
    pub async fn send(&mut self, mail: &Outgoing) -> Outcome {
        let sending = self.connection.send(&mail.envelope, &mail.bytes);
        let outcome = match tokio::time::timeout(SEND, sending).await {
            Ok(Ok(response)) => return Outcome::Sent(redact(&said(&response), &self.password)),
            Ok(Err(error)) => {
                let answer = redact(&told(&error), &self.password);
                // RFC 5321 §4.2.1: 5yz will not change by asking again.
                if error.is_permanent() || error.is_client() {
                    Outcome::Refused(answer)
                } else {
                    Outcome::Later(answer)
                }
            }
            Err(_) => Outcome::Later(format!("no answer within {} seconds", SEND.as_secs())),
        };
        self.broken = true;
        outcome
    }

    /// Whether another mail needs another connection.
    pub fn is_broken(&self) -> bool {
        self.broken || self.connection.has_broken()
    }

    /// Ends the connection as one should.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(QUIT, self.connection.quit()).await;
    }
}

/// The step that failed, and how.
type Failed = (&'static str, Error);

async fn open(server: &Effective) -> Result<AsyncSmtpConnection, Failed> {
    let host = server.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let hello = ClientId::default();
    let tls = || TlsParameters::new(host.clone()).map_err(|e| ("TLS", e));
    let implicit = if server.tls == Tls::Tls { Some(tls()?) } else { None };
    let at = (host.clone(), server.port);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(at, Some(OPEN), &hello, implicit, None)
            .await
            .map_err(|e| ("connecting", e))?;
    if server.tls == Tls::Starttls {
        // RFC 3207 §6: whoever can take STARTTLS out of the answer must gain nothing by it.
        connection.starttls(tls()?, &hello).await.map_err(|e| ("STARTTLS", e))?;
    }
    if !server.user.is_empty() {
        let credentials =
            Credentials::new(server.user.clone(), server.password.expose().to_owned());
        let ways = [Mechanism::Plain, Mechanism::Login];
        connection.auth(&ways, &credentials).await.map_err(|e| ("signing in", e))?;
    }
    Ok(connection)
}

fn said(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    format!("{} {}", response.code(), lines.join(" "))
}

/// An error with its causes, outermost first.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error).and_then(std::error::Error::source);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

fn redact(answer: &str, password: &str) -> String {
    let plain: String = answer.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let hidden = if password.is_empty() { plain } else { plain.replace(password, "[secret]") };
    hidden.chars().take(ANSWER_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_one_short_line_without_the_password() {
        assert_eq!(redact("535 no\r\nhunter2 is wrong", "hunter2"), "535 no  [secret] is wrong");
        assert_eq!(redact(&"x".repeat(9_000), "").len(), ANSWER_MAX);
    }
}

//! HTTP/1.1 over a plain socket, one connection per request unless asked otherwise, with full
//! control over what is sent: duplicate headers, odd targets, bodies that are not UTF-8.
//! Follows no redirect and keeps no cookie: that is `browser`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest answer that is read, in bytes.
const MAX_BODY: usize = 8 << 20;

/// A request to be sent; builder style.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    timeout: Duration,
}

impl Request {
    /// `target` goes onto the request line as it is.
    pub fn new(method: &str, target: &str) -> Request {
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(20),
        }
    }

    /// GET.
    pub fn get(target: &str) -> Request {
        Request::new("GET", target)
    }

    /// POST.
    pub fn post(target: &str) -> Request {
        Request::new("POST", target)
    }

    /// Adds a header; the same name may be added again.
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds `Authorization: Basic`, both halves form-encoded as RFC 6749 §2.3.1 wants.
    pub fn basic(self, id: &str, secret: &str) -> Request {
        let pair = format!("{}:{}", encode(id), encode(secret));
        self.header("Authorization", &format!("Basic {}", STANDARD.encode(pair)))
    }

    /// Adds `Authorization: Bearer`.
    pub fn bearer(self, token: &str) -> Request {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// A form body.
    pub fn form(self, fields: &[(&str, &str)]) -> Request {
        self.raw_form(form_encode(fields).as_bytes())
    }

    /// A form body given as bytes.
    pub fn raw_form(mut self, body: &[u8]) -> Request {
        self.body = body.to_vec();
        self.header("Content-Type", "application/x-www-form-urlencoded")
    }

    /// Any body; the caller names its type.
    pub fn body(mut self, body: &[u8]) -> Request {
        self.body = body.to_vec();
        self
    }

    /// How long connecting, each write and each read may take.
    pub fn timeout(mut self, timeout: Duration) -> Request {
        self.timeout = timeout;
        self
    }

    /// Sends it to `address`, with `host` as Host header unless one was added.
    ///
    /// # Errors
    /// Whatever the socket says, also an answer that is not HTTP.
    pub fn send(&self, address: SocketAddr, host: &str) -> io::Result<Response> {
        let mut stream = TcpStream::connect_timeout(&address, self.timeout)?;
        stream.set_read_timeout(Some(self.timeout))?;
        stream.set_write_timeout(Some(self.timeout))?;
        stream.set_nodelay(true)?;
        stream.write_all(&self.head(host))?;
        // A server may answer and close before it has read a body that it refuses.
        if let Err(error) = stream.write_all(&self.body)
            && !matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
        {
            return Err(error);
        }
        Response::read(&mut BufReader::new(stream), self.method == "HEAD")
    }

    fn head(&self, host: &str) -> Vec<u8> {
        let named = |wanted: &str| self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(wanted));
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !named("Host") {
            head.push_str(&format!("Host: {host}\r\n"));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let reading = self.method == "GET" || self.method == "HEAD";
        let bodyless = reading && self.body.is_empty();
        if !(bodyless || named("Content-Length") || named("Transfer-Encoding")) {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        if !named("Connection") {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers in the order received.
    pub headers: Vec<(String, String)>,
    /// Body, unchunked.
    pub body: Vec<u8>,
}

impl Response {
    fn read(reader: &mut impl BufRead, head_only: bool) -> io::Result<Response> {
        let status_line = read_line(reader)?;
        let status = status_line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| invalid(&format!("no status line: {status_line:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = read_line(reader)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| invalid(&line))?;
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut response = Response { status, headers, body: Vec::new() };
        if !(head_only || status == 204 || status == 304) {
            response.body = response.read_body(reader)?;
        }
        Ok(response)
    }

    fn read_body(&self, reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
        let chunked = self.header("transfer-encoding").is_some_and(|v| v.contains("chunked"));
        if chunked {
            return read_chunks(reader);
        }
        let length = self.header("content-length").and_then(|v| v.parse::<usize>().ok());
        let mut body = Vec::new();
        match length {
            Some(length) if length > MAX_BODY => return Err(invalid("body too long")),
            Some(length) => {
                body.resize(length, 0);
                reader.read_exact(&mut body)?;
            }
            None => {
                reader.take(MAX_BODY as u64).read_to_end(&mut body)?;
            }
        }
        Ok(body)
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// All headers of that name.
    pub fn header_all(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        same.map(|(_, v)| v.as_str()).collect()
    }

    /// Where a redirect points to.
    ///
    /// # Panics
    /// When there is no Location header.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("no redirect: {}", self.summary()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.summary()))
    }

    /// The `error` member of an OAuth error, or an empty text.
    pub fn error(&self) -> String {
        let json: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        json["error"].as_str().unwrap_or_default().to_owned()
    }

    /// Status, headers and the beginning of the body, for a failing assertion.
    pub fn summary(&self) -> String {
        let text: String = self.text().chars().take(1500).collect();
        format!("{} {:?}\n{text}", self.status, self.headers)
    }

    /// Asserts the status, showing the answer when it differs.
    ///
    /// # Panics
    /// When the status differs.
    #[track_caller]
    pub fn expect(self, status: u16) -> Response {
        assert_eq!(self.status, status, "unexpected answer: {}", self.summary());
        self
    }
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.take(64 << 10).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "closed without an answer"));
    }
    while matches!(line.last(), Some(b'\r' | b'\n')) {
        line.pop();
    }
    String::from_utf8(line).map_err(|_| invalid("a header is not UTF-8"))
}

fn read_chunks(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(reader)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| invalid("chunk size"))?;
        if body.len() + size > MAX_BODY {
            return Err(invalid("body too long"));
        }
        let start = body.len();
        body.resize(start + size, 0);
        reader.read_exact(&mut body[start..])?;
        read_line(reader)?;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text.to_owned())
}

/// Percent-encodes everything but RFC 3986 unreserved characters.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// `name=value&…`, encoded.
pub fn form_encode(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    pairs.join("&")
}

//! A browser without a screen: cookies, redirects inside the installation, forms, and the
//! request headers by which a server tells its own pages from strangers.
//! A redirect that leaves the installation is not followed: it is the answer.

use crate::html::{self, Form};
use crate::http::{Request, Response, form_encode};
use crate::server::Server;
use std::net::SocketAddr;
use url::Url;

/// Redirects followed before a loop is assumed.
const MAX_REDIRECTS: usize = 12;

/// One stored cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// Path it is sent to.
    pub path: String,
    /// Host that set it.
    pub host: String,
    /// The whole Set-Cookie line, for assertions on attributes.
    pub line: String,
}

/// A browser profile. Clone it to have a second window with the same cookies.
#[derive(Clone, Debug)]
pub struct Browser {
    address: SocketAddr,
    base: Url,
    cookies: Vec<Cookie>,
    stops: Vec<Url>,
    /// `User-Agent` that is sent.
    pub user_agent: String,
}

/// What a window shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address in the address bar; outside the installation when a redirect left it.
    pub url: Url,
    /// The last answer received.
    pub response: Response,
    /// Whether the last redirect left the installation (`url` was not requested then).
    pub left: bool,
}

impl Browser {
    /// A fresh profile that talks to this node.
    pub fn new(server: &Server) -> Browser {
        Browser {
            address: server.address(),
            base: server.base(),
            cookies: Vec::new(),
            stops: Vec::new(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) Tests".to_owned(),
        }
    }

    /// Talks to another node of the same installation from now on; cookies stay.
    pub fn at(&mut self, server: &Server) -> &mut Browser {
        self.address = server.address();
        self
    }

    /// Ends at this address instead of requesting it, even inside the installation: it belongs to
    /// the relying party that the test plays.
    pub fn stop_at(&mut self, address: &str) {
        self.stops.extend(Url::parse(address).ok());
    }

    /// Cookies held.
    pub fn cookies(&self) -> &[Cookie] {
        &self.cookies
    }

    /// Changes cookies at will.
    pub fn cookies_mut(&mut self) -> &mut Vec<Cookie> {
        &mut self.cookies
    }

    /// Types an address and follows redirects.
    pub fn open(&mut self, url: &str) -> Page {
        let url = self.base.join(url).expect("an address that can be opened");
        let page = self.exchange(url, "none", None);
        self.follow(page)
    }

    /// Types an address; does not follow redirects.
    pub fn get(&mut self, url: &str) -> Page {
        let url = self.base.join(url).expect("an address that can be opened");
        self.exchange(url, "none", None)
    }

    /// Submits a form of a page and follows redirects.
    pub fn submit(&mut self, page: &Page, form: &Form) -> Page {
        let answer = self.submit_once(page, form);
        self.follow(answer)
    }

    /// Submits a form of a page; does not follow redirects.
    pub fn submit_once(&mut self, page: &Page, form: &Form) -> Page {
        let fields: Vec<_> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let mut url = page.url.join(&form.action).expect("the action of a form is an address");
        if form.method == "post" {
            return self.exchange(url, "same-origin", Some(&form_encode(&fields)));
        }
        url.set_query(Some(&form_encode(&fields)));
        self.exchange(url, "same-origin", None)
    }

    /// Clicks a link of a page and follows redirects.
    pub fn click(&mut self, page: &Page, href: &str) -> Page {
        let url = page.url.join(href).expect("a link is an address");
        let answer = self.exchange(url, "same-origin", None);
        self.follow(answer)
    }

    /// Sends a prepared request with this browser's cookies and stores what comes back.
    pub fn send(&mut self, url: &Url, request: Request) -> Response {
        let cookies = self.cookie_header(url);
        let request = if cookies.is_empty() { request } else { request.header("Cookie", &cookies) };
        let response = request
            .send(self.address, &authority(url))
            .unwrap_or_else(|error| panic!("no answer from {url}: {error}"));
        self.store(url, &response);
        response
    }

    fn exchange(&mut self, url: Url, site: &str, body: Option<&str>) -> Page {
        let target = target_of(&url);
        let mut request = match body {
            Some(body) => Request::post(&target)
                .raw_form(body.as_bytes())
                .header("Origin", &url.origin().ascii_serialization()),
            None => Request::get(&target),
        };
        request = request
            .header("User-Agent", &self.user_agent)
            .header("Accept", "text/html,application/xhtml+xml")
            .header("Sec-Fetch-Site", site)
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Dest", "document");
        let response = self.send(&url, request);
        Page { url, response, left: false }
    }

    /// Goes where redirects point, as long as that is inside the installation.
    pub fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..MAX_REDIRECTS {
            if !(300..400).contains(&page.response.status)
                || page.response.header("location").is_none()
            {
                return page;
            }
            let next = page.url.join(page.response.location()).expect("Location is an address");
            if !self.owns(&next) {
                return Page { url: next, left: true, ..page };
            }
            page = self.exchange(next, "same-origin", None);
        }
        panic!("redirects without end at {}", page.url);
    }

    /// Whether an address belongs to the installation: its host or a sub-domain, same port.
    fn owns(&self, url: &Url) -> bool {
        let same = |stop: &Url| stop.origin() == url.origin() && stop.path() == url.path();
        if self.stops.iter().any(same) {
            return false;
        }
        let (Some(ours), Some(theirs)) = (self.base.host_str(), url.host_str()) else {
            return false;
        };
        let same_port = self.base.port_or_known_default() == url.port_or_known_default();
        let same_host = theirs == ours || theirs.ends_with(&format!(".{ours}"));
        same_port && same_host
    }

    fn cookie_header(&self, url: &Url) -> String {
        let host = url.host_str().unwrap_or_default();
        let sent = self.cookies.iter().filter(|c| c.host == host && path_matches(&c.path, url));
        let pairs: Vec<_> = sent.map(|c| format!("{}={}", c.name, c.value)).collect();
        pairs.join("; ")
    }

    fn store(&mut self, url: &Url, response: &Response) {
        for line in response.header_all("set-cookie") {
            let mut parts = line.split(';').map(str::trim);
            let (name, value) = parts.next().and_then(|p| p.split_once('=')).unwrap_or(("", ""));
            let attributes: Vec<_> = parts.map(|p| p.split_once('=').unwrap_or((p, ""))).collect();
            let attribute = |wanted: &str| {
                attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(wanted)).map(|(_, v)| *v)
            };
            let path = attribute("path").filter(|p| p.starts_with('/')).unwrap_or("/");
            let cookie = Cookie {
                name: name.to_owned(),
                value: value.to_owned(),
                path: path.to_owned(),
                host: url.host_str().unwrap_or_default().to_owned(),
                line: line.to_owned(),
            };
            let same = |c: &Cookie| {
                c.name == cookie.name && c.path == cookie.path && c.host == cookie.host
            };
            self.cookies.retain(|c| !same(c));
            let gone = attribute("max-age").is_some_and(|age| age.starts_with(['0', '-']))
                || attribute("expires").is_some_and(|at| at.contains("1970"));
            if !gone {
                self.cookies.push(cookie);
            }
        }
    }
}

impl Page {
    /// Status of the last answer.
    pub fn status(&self) -> u16 {
        self.response.status
    }

    /// The text a person reads.
    pub fn text(&self) -> String {
        html::text_of(&self.response.text())
    }

    /// The support code in its foot; empty on a page of no flow.
    pub fn support_code(&self) -> String {
        let html = self.response.text();
        let after = html.split_once("Support code <code>").map_or("", |(_, after)| after);
        after.split('<').next().unwrap_or_default().to_owned()
    }

    /// What a person reads, without the code that differs from flow to flow.
    pub fn text_of_any_flow(&self) -> String {
        match self.support_code().as_str() {
            "" => self.text(),
            code => self.text().replace(code, "CODE"),
        }
    }

    /// All forms.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.response.text())
    }

    /// The form that holds this button.
    ///
    /// # Panics
    /// When no form has it.
    #[track_caller]
    pub fn form_with_button(&self, id: &str) -> Form {
        let form = self.forms().into_iter().find(|form| form.has_button(id));
        form.unwrap_or_else(|| {
            panic!("no button {id} at {}: {}", self.url, self.response.summary())
        })
    }

    /// Whether a form has this button.
    pub fn has_button(&self, id: &str) -> bool {
        self.forms().iter().any(|form| form.has_button(id))
    }

    /// Asserts the status.
    ///
    /// # Panics
    /// When it differs.
    #[track_caller]
    pub fn expect(self, status: u16) -> Page {
        assert_eq!(self.status(), status, "at {}: {}", self.url, self.response.summary());
        self
    }
}

/// Path and query as they go onto the request line.
pub fn target_of(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// Host and port as they go into the Host header.
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn path_matches(cookie: &str, url: &Url) -> bool {
    let path = url.path();
    path == cookie
        || path
            .strip_prefix(cookie)
            .is_some_and(|rest| cookie.ends_with('/') || rest.starts_with('/'))
}

//! Names, attributes and the strict reading of cookies.

use super::*;
use actix_web::http::header::HeaderValue;

fn jar(secure: bool, suffix: Option<&str>) -> CookieJar {
    CookieJar { secure, suffix: suffix.map(str::to_owned) }
}

fn sent(line: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_str(line).unwrap());
    headers
}

fn token(letter: char) -> String {
    letter.to_string().repeat(SESSION_LEN)
}

#[test]
fn names_say_where_the_cookie_belongs() {
    assert_eq!(jar(true, None).name(Sort::Sessions), "__Host-ses");
    assert_eq!(jar(true, Some("1a2b3c4d")).name(Sort::Browser), "__Host-bid-1a2b3c4d");
    assert_eq!(jar(false, Some("1a2b3c4d")).name(Sort::Known), "kb-1a2b3c4d");
}

#[test]
fn r99_every_cookie_is_host_only_secure_and_lax() {
    let cookie = jar(true, None).add_session(&[], &token('a'), Some(60)).to_string();
    for part in
        ["__Host-ses=", "; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/", "Max-Age=60"]
    {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    assert!(!jar(false, None).browser("AAAAAAAAAAAAAAAAAAAAAA").to_string().contains("Secure"));
}

#[test]
fn the_newest_session_comes_first_and_the_sixth_falls_out() {
    let had: Vec<String> = ['a', 'b', 'c', 'd', 'e'].map(token).to_vec();
    let cookie = jar(true, None).add_session(&had, &token('f'), None);
    let headers = sent(&format!("{}={}", cookie.name(), cookie.value()));
    let read = jar(true, None).sessions(&headers);
    assert_eq!(read, ['f', 'a', 'b', 'c', 'd'].map(token).to_vec());
    let again = jar(true, None).add_session(&read, &token('a'), None);
    assert!(again.value().starts_with(&token('a')));
    assert_eq!(again.value().matches(&token('a')).count(), 1);
}

#[test]
fn a_changed_cut_empty_or_doubled_cookie_is_no_cookie() {
    let jar = jar(true, None);
    let good = token('a');
    assert_eq!(jar.sessions(&sent(&format!("x=1; __Host-ses={good}"))).len(), 1);
    for line in [
        "__Host-ses=".to_owned(),
        format!("__Host-ses={}", &good[1..]),
        format!("__Host-ses={}!", &good[1..]),
        format!("__Host-ses={good}."),
        format!("__Host-ses=\"{good}\""),
        format!("__Host-ses={good}; __Host-ses={good}"),
        format!("__host-ses={good}"),
        format!("ses={good}"),
    ] {
        assert!(jar.sessions(&sent(&line)).is_empty(), "{line}");
    }
    assert!(jar.browser_id(&sent("__Host-bid=AAAAAAAAAAAAAAAAAAAAAA")).is_some());
    assert_eq!(jar.browser_id(&sent("__Host-bid=AAAAAAAAAAAAAAAAAAAA.A")), None);
    assert_eq!(jar.browser_id(&sent("__Host-bid=AAAA")), None);
}

#[test]
fn removing_the_last_session_expires_the_cookie() {
    let cookie = jar(true, Some("1a2b3c4d")).keep_sessions(&[], None).to_string();
    assert!(cookie.starts_with("__Host-ses-1a2b3c4d=;"), "{cookie}");
    assert!(cookie.contains("Max-Age=0"));
}

#[test]
fn path_tenants_keep_eight_browser_ids() {
    let jar = jar(true, Some("99999999"));
    let line: Vec<String> = (0..9).map(|n| format!("__Host-bid-0000000{n}=x")).collect();
    let gone = jar.surplus(&sent(&line.join("; ")), Sort::Browser);
    let names: Vec<&str> = gone.iter().map(Cookie::name).collect();
    assert_eq!(names, ["__Host-bid-00000000", "__Host-bid-00000001"]);
    assert!(jar.surplus(&sent("__Host-bid-x=1; other=2"), Sort::Browser).is_empty());
}

#[test]
fn proofs_of_earlier_sign_ins_are_kept_newest_first() {
    let jar = jar(true, None);
    let cookie = jar.add_known(&["a.1".to_owned(), "b.2".to_owned()], "b.2");
    assert_eq!(cookie.value(), "b.2~a.1");
    assert!(cookie.max_age().is_some());
    let read = jar.known(&sent("__Host-kb=b.2~a!~c~d~e~f"));
    assert_eq!(read, ["b.2", "c", "d", "e"]);
}

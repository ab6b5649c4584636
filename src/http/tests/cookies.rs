//! Tests of sign-in with a cookie: who may have it, what it looks like, and when it goes.

use super::*;

const LOGIN: &str = "POST /auth/login";
const REFRESH: &str = "POST /auth/refresh";
const HOST: &str = "host: crm.example.com";
const OWN: &str = "origin: https://crm.example.com";
const STAYING: &str =
    "tw_refresh=s.r; HttpOnly; SameSite=Strict; Path=/auth; Secure; Max-Age=2592000";
const PASSING: &str = "tw_refresh=r; HttpOnly; SameSite=Strict; Path=/auth; Secure";
const GONE: &str = "tw_refresh=; HttpOnly; SameSite=Strict; Path=/auth; Secure; Max-Age=0";

/// `{account, password}` that fit, and more keys.
fn zhang(more: &str) -> String {
    format!(r#"{{"account":"zhang","password":"right",{more}}}"#)
}

/// The cookies that a response sets.
fn set(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_get_the_refresh_token_in_a_cookie_alone() {
    let world = plain();
    for (path, body, cookie) in [
        (LOGIN, zhang(r#""cookie":true,"stay":true"#), STAYING),
        (LOGIN, zhang(r#""cookie":true,"stay":false"#), PASSING),
        (LOGIN, zhang(r#""cookie":true"#), PASSING),
        ("POST /auth/password", r#"{"token":"l","password":"x","cookie":true}"#.into(), PASSING),
        (
            "POST /auth/password",
            r#"{"token":"l","password":"x","cookie":true,"stay":true}"#.into(),
            STAYING,
        ),
    ] {
        let (status, headers, answer) = world.send(&[path, HOST, OWN], body.clone()).await;
        assert_eq!((status, set(&headers)), (200, vec![cookie]), "{path} {body}");
        let expected = json!({"accessToken": "a", "expiresIn": 900});
        assert_eq!(serde_json::from_str::<Value>(&answer).unwrap(), expected, "{path} {body}");
        assert_eq!(text(&headers, "cache-control"), "no-store");
    }
    // A proxy tells the host that the page has.
    let proxied = [LOGIN, "host: 10.0.0.7:8080", "x-forwarded-host: CRM.example.com", OWN];
    let (_, headers, _) = world.send(&proxied, zhang(r#""cookie":true"#)).await;
    assert_eq!(set(&headers), [PASSING]);
    // It stays as long as the server would take it.
    let cookie_lifetime = Duration::from_hours(1);
    let settings = HttpSettings { cookie_lifetime, ..HttpSettings::default() };
    let brief = self::world(settings, true);
    let (_, headers, _) =
        brief.send(&[LOGIN, HOST, OWN], zhang(r#""cookie":true,"stay":true"#)).await;
    assert_eq!(set(&headers), [STAYING.replace("2592000", "3600")]);
}

#[tokio::test]
async fn only_loopback_does_without_tls() {
    for (host, secure) in [
        ("crm.example.com", true),
        ("localhost.example.com:8080", true),
        ("192.168.0.1:8080", true),
        ("localhost:8080", false),
        ("crm.localhost", false),
        ("127.0.0.1:8080", false),
        ("127.8.9.1", false),
        ("[::1]:8080", false),
    ] {
        let (sent, origin) = (format!("host: {host}"), format!("origin: http://{host}"));
        let head = [LOGIN, &sent, &origin];
        let (status, headers, _) = plain().send(&head, zhang(r#""cookie":true"#)).await;
        let cookie = if secure { PASSING } else { PASSING.trim_end_matches("; Secure") };
        assert_eq!((status, set(&headers)), (200, vec![cookie]), "{host}");
    }
}

#[tokio::test]
async fn a_refresh_renews_the_cookie_as_it_was() {
    for (sent, cookie) in [
        ("cookie: tw_refresh=r", PASSING),
        ("cookie: tw_refresh=s.r", STAYING),
        ("cookie: a=1; tw_refresh=s.r; xtw_refresh=y; b", STAYING),
        ("cookie: tw_refreshed=x;tw_refresh=r;tw_refresh.x=z", PASSING),
    ] {
        let head = [REFRESH, HOST, OWN, sent];
        let (status, headers, body) = plain().send(&head, r#"{"cookie":true}"#).await;
        assert_eq!((status, set(&headers)), (200, vec![cookie]), "{sent}");
        let expected = json!({"accessToken": "a", "expiresIn": 900});
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected, "{sent}");
    }
    // In two lines, as HTTP/2 proxies may pass them on.
    let head = [REFRESH, HOST, OWN, "cookie: a=1", "cookie: tw_refresh=s.r"];
    let (_, headers, _) = plain().send(&head, r#"{"cookie":true}"#).await;
    assert_eq!(set(&headers), [STAYING]);
}

#[tokio::test]
async fn a_refused_refresh_leaves_the_cookie() {
    // Another window may have signed in since, and the browser may have a good one by now.
    for (sent, status, expected) in [
        ("cookie: tw_refresh=s.x", 401, "AUTH_TOKEN_INVALID"),
        ("cookie: tw_refresh=", 401, "AUTH_TOKEN_INVALID"),
        ("cookie: a=1", 401, "AUTH_TOKEN_INVALID"),
        // One of them may be another host's: without our own that one would be taken alone.
        ("cookie: tw_refresh=r; tw_refresh=r", 401, "AUTH_TOKEN_INVALID"),
        ("cookie: tw_refresh=s.down", 503, "STORAGE_UNAVAILABLE"),
        ("cookie: tw_refresh=broken", 500, "INTERNAL"),
    ] {
        let head = [REFRESH, HOST, OWN, sent];
        let (got, headers, body) = plain().send(&head, r#"{"cookie":true}"#).await;
        assert_eq!((got, code(&body).as_str()), (status, expected), "{sent}");
        assert_eq!(set(&headers), [""; 0], "{sent}");
        assert_eq!(headers.contains_key("www-authenticate"), status == 401, "{sent}");
    }
    // Without a cookie it is the refusal of an unusable token.
    let none = plain().send(&[REFRESH, HOST, OWN], r#"{"cookie":true}"#).await;
    let unusable = plain().send(&[REFRESH], r#"{"refreshToken":"x"}"#).await;
    assert_eq!((none.0, none.2), (unusable.0, unusable.2));
    // A wrong password says nothing of the sign-in that is there.
    let wrong = r#"{"account":"zhang","password":"wrong","cookie":true}"#;
    let (status, headers, _) =
        plain().send(&[LOGIN, HOST, OWN, "cookie: tw_refresh=r"], wrong).await;
    assert_eq!((status, set(&headers)), (401, vec![]));
}

#[tokio::test]
async fn cookies_are_for_our_own_pages() {
    let origins = vec!["https://app.example.com".to_owned()];
    let shared = world(HttpSettings { allowed_origins: origins, ..HttpSettings::default() }, true);
    for origin in [
        None,
        Some("origin: null"),
        Some("origin: https://evil.example.com"),
        Some("origin: https://crm.example.com.evil.org"),
        Some("origin: https://crm.example.com:8443"),
        // That it may ask does not make it a page of this server.
        Some("origin: https://app.example.com"),
    ] {
        for (path, body) in [
            (LOGIN, zhang(r#""cookie":true,"stay":true"#)),
            ("POST /auth/password", r#"{"token":"l","password":"x","cookie":true}"#.into()),
            (REFRESH, r#"{"cookie":true}"#.into()),
        ] {
            let mut head = vec![path, HOST, "cookie: tw_refresh=r"];
            head.extend(origin);
            let (status, headers, answer) = shared.send(&head, body).await;
            assert_eq!((status, code(&answer).as_str()), (403, "ACCESS_DENIED"), "{head:?}");
            assert_eq!(set(&headers), [""; 0], "{head:?}");
        }
        let mut head =
            vec!["POST /auth/logout", HOST, "cookie: tw_refresh=r", "authorization: Bearer good"];
        head.extend(origin);
        let (status, headers, _) = shared.send(&head, "").await;
        assert_eq!((status, set(&headers)), (200, vec![]), "{head:?}");
    }
    // Nobody was signed in for it.
    assert!(shared.auth.origins.lock().unwrap().is_empty());
    // What a form can send is refused even from our own page.
    for form in [
        "content-type: application/x-www-form-urlencoded",
        "content-type: text/plain",
        "content-type: multipart/form-data; boundary=x",
    ] {
        let head = [REFRESH, HOST, OWN, "cookie: tw_refresh=r", form];
        let (status, headers, body) = plain().send(&head, r#"{"cookie":true}"#).await;
        assert_eq!((status, code(&body).as_str()), (415, "INPUT_CONTENT_TYPE"), "{form}");
        assert_eq!(set(&headers), [""; 0], "{form}");
    }
}

#[tokio::test]
async fn without_the_word_all_is_as_for_programs() {
    let world = plain();
    for more in [r#""cookie":false"#, r#""cookie":false,"stay":true"#, r#""stay":"x""#] {
        for head in [&[LOGIN][..], &[LOGIN, HOST, OWN, "cookie: tw_refresh=s.r"]] {
            let (status, headers, body) = world.send(head, zhang(more)).await;
            let expected = json!({"accessToken": "a", "refreshToken": "r", "expiresIn": 900});
            assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected, "{more}");
            assert_eq!((status, set(&headers)), (200, vec![]), "{more}");
        }
    }
    // The cookie alone refreshes nothing, and a refused token from a body leaves it.
    for (body, status) in [("{}", 400), (r#"{"refreshToken":"x","cookie":false}"#, 401)] {
        let head = [REFRESH, HOST, OWN, "cookie: tw_refresh=r"];
        let (got, headers, _) = world.send(&head, body).await;
        assert_eq!((got, set(&headers)), (status, vec![]), "{body}");
    }
    for (more, key) in [
        (r#""cookie":"true""#, "cookie"),
        (r#""cookie":1"#, "cookie"),
        (r#""cookie":null"#, "cookie"),
        (r#""cookie":true,"stay":"yes""#, "stay"),
    ] {
        let (status, headers, body) = world.send(&[LOGIN, HOST, OWN], zhang(more)).await;
        let error = &serde_json::from_str::<Value>(&body).unwrap()["errors"][0];
        assert_eq!((status, code(&body).as_str()), (400, "INPUT_VALUE"), "{more}");
        assert_eq!(error["extensions"]["path"], json!([key]));
        assert_eq!(set(&headers), [""; 0], "{more}");
    }
}

#[tokio::test]
async fn who_signs_out_leaves_no_cookie() {
    let out = "POST /auth/logout";
    let (good, old) = ("authorization: Bearer good", "authorization: Bearer old");
    for (head, status, cookies) in [
        (&[out, HOST, OWN, good, "cookie: tw_refresh=s.r"][..], 200, vec![GONE]),
        (&[out, HOST, OWN, good, "cookie: tw_refresh=r; tw_refresh=x"], 200, vec![GONE]),
        (&[out, HOST, OWN, good, "cookie: a=1"], 200, vec![]),
        (&[out, HOST, OWN, good], 200, vec![]),
        // Its access token may have expired while it looked on.
        (&[out, HOST, OWN, old, "cookie: tw_refresh=r"], 401, vec![GONE]),
        (&["GET /auth/logout", HOST, OWN, good, "cookie: tw_refresh=r"], 405, vec![]),
    ] {
        let (got, headers, _) = plain().send(head, "").await;
        assert_eq!((got, set(&headers)), (status, cookies), "{head:?}");
    }
}

//! Tests of GET requests, cross-origin requests and compressed responses.

use super::*;

#[tokio::test]
async fn a_get_only_reads() {
    let world = plain();
    let ask =
        ["GET /graphql?query={two}&variables={%22a%22:1}", "authorization: Bearer good", BOTH];
    let (status, headers, body) = world.send(&ask, "").await;
    assert_eq!((status, body.as_str()), (200, r#"{"data":{"two":2}}"#));
    assert_eq!(text(&headers, "cache-control"), "no-store");
    let seen = world.records.seen.lock().unwrap();
    let (request, _) = seen.last().unwrap();
    assert!(request.read_only);
    assert_eq!(request.variables["a"], 1);
}

#[tokio::test]
async fn pages_of_origins_on_the_list_may_ask() {
    let origins = vec!["https://app.example.com".to_owned(), "http://localhost:5173".to_owned()];
    let shared = world(HttpSettings { allowed_origins: origins, ..HttpSettings::default() }, true);
    let preflight = |origin: &'static str| {
        [
            "OPTIONS /graphql",
            origin,
            "access-control-request-method: POST",
            "access-control-request-headers: authorization,content-type",
        ]
    };
    for (path, origin) in [
        ("OPTIONS /graphql", "origin: https://app.example.com"),
        ("OPTIONS /metadata", "origin: http://localhost:5173"),
        ("OPTIONS /auth/login", "origin: http://localhost:5173"),
    ] {
        let mut head = preflight(origin);
        head[0] = path;
        let (status, headers, body) = shared.send(&head, "").await;
        assert_eq!((status, body.as_str()), (204, ""), "{path}");
        assert_eq!(format!("origin: {}", text(&headers, "access-control-allow-origin")), origin);
        let sent = text(&headers, "access-control-allow-headers");
        for name in ["authorization", "content-type", "accept-language", "x-tradewind-view-as"] {
            assert!(sent.contains(name), "{sent}");
        }
        assert!(text(&headers, "access-control-allow-methods").contains("POST"));
        assert!(!headers.contains_key("access-control-allow-credentials"));
        assert!(headers.get_all("vary").iter().any(|value| value == "Origin"));
    }
    // A page may also read the response itself, and refusals.
    let mine = "origin: https://app.example.com";
    for head in
        [&["POST /graphql", mine][..], &["POST /graphql", mine, "authorization: Bearer bad"]]
    {
        let (_, headers, _) = shared.send(head, TWO).await;
        assert_eq!(text(&headers, "access-control-allow-origin"), "https://app.example.com");
        let exposed = text(&headers, "access-control-expose-headers");
        assert!(exposed.contains("x-request-id") && exposed.contains("x-tradewind-fingerprint"));
    }
    for origin in [
        "origin: https://app.example.com.evil.org",
        "origin: http://app.example.com",
        "origin: https://app.example.com:8443",
        "origin: null",
    ] {
        let (status, headers, _) = shared.send(&preflight(origin), "").await;
        assert_eq!(status, 405, "{origin}");
        assert!(!headers.contains_key("access-control-allow-origin"), "{origin}");
        let (status, headers, _) = shared.send(&["POST /graphql", origin], TWO).await;
        assert_eq!(status, 200);
        assert!(!headers.contains_key("access-control-allow-origin"), "{origin}");
        let upgrade = ["GET /graphql", origin, "upgrade: websocket", "host: crm.example.com"];
        let (status, _, body) = shared.send(&upgrade, "").await;
        assert_eq!((status, code(&body).as_str()), (403, "ACCESS_DENIED"), "{origin}");
    }
    // Without a list of origins there are no CORS headers.
    let (status, headers, _) = plain().send(&preflight(mine), "").await;
    assert_eq!(status, 405);
    assert!(!headers.contains_key("access-control-allow-origin") && !headers.contains_key("vary"));
}

#[tokio::test]
async fn what_is_large_is_squeezed_for_those_who_take_it() {
    let world = plain();
    let large = r#"{"query":"large"}"#;
    let (_, headers, whole) = world.send(&["POST /graphql"], large).await;
    assert!(!headers.contains_key("content-encoding"));
    for coding in ["gzip", "br"] {
        let accept = format!("accept-encoding: {coding}");
        let (status, headers, body) = world.send(&["POST /graphql", &accept], large).await;
        assert_eq!((status, text(&headers, "content-encoding")), (200, coding));
        assert!(body.len() * 4 < whole.len(), "{coding} {}", body.len());
        assert!(text(&headers, "vary").contains("accept-encoding"));
        let (_, headers, page) = world.send(&["GET /", &accept], "").await;
        assert!(page.len() < 1_400 || text(&headers, "content-encoding") == coding);
        for (head, body) in [
            (["POST /graphql", accept.as_str(), "accept: */*"], TWO),
            (["POST /graphql", accept.as_str(), EVENTS], r#"{"query":"series"}"#),
            (
                ["POST /auth/login", accept.as_str(), "accept: */*"],
                r#"{"account":"zhang","password":"right"}"#,
            ),
        ] {
            let (status, headers, _) = world.send(&head, body).await;
            assert_eq!(status, 200);
            assert!(!headers.contains_key("content-encoding"), "{head:?}");
        }
    }
}

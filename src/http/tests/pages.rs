//! Tests of the web page: which addresses have it, and for whom.

use super::*;

const BROWSER: &str = "accept: text/html,application/xhtml+xml,*/*;q=0.8";
const VIEWS: [&str; 12] = [
    "/signin",
    "/home",
    "/me",
    "/approvals",
    "/search",
    "/d/019f",
    "/d",
    "/o/Customer",
    "/o/Customer/019f/edit",
    "/admin",
    "/admin/objects",
    "/admin/objects/Customer",
];

/// A file of the page. None if it is not in the build.
async fn file(world: &World, name: &str) -> Option<String> {
    let (status, _, body) = world.send(&[&format!("GET /playground/{name}")], "").await;
    (status == 200).then_some(body)
}

#[tokio::test]
async fn browsers_get_the_page() {
    let world = plain();
    let console = file(&world, "index.html").await.unwrap();
    let graphiql = file(&world, "graphiql.html").await.unwrap_or_else(|| console.clone());
    let mut heads = vec![("GET /".to_owned(), &console)];
    heads.extend(VIEWS.map(|view| (format!("GET {view}"), &console)));
    heads.push(("GET /home?from=mail".to_owned(), &console));
    heads.push(("GET /graphql".to_owned(), &graphiql));
    heads.push(("GET /metadata".to_owned(), &graphiql));
    for (head, page) in heads {
        let (status, headers, body) = world.send(&[&head, BROWSER], "").await;
        assert_eq!((status, text(&headers, "content-type")), (200, "text/html; charset=utf-8"));
        assert!(body == *page && body.contains("Tradewind"), "{head}");
        let policy = text(&headers, "content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert_eq!(text(&headers, "cache-control"), "no-cache");
        let tag = format!("if-none-match: {}", text(&headers, "etag"));
        let (status, _, body) = world.send(&[&head, BROWSER, &tag], "").await;
        assert_eq!((status, body.as_str()), (304, ""), "{head}");
        let (status, headers, _) = world.send(&[&head.replace("GET", "HEAD"), BROWSER], "").await;
        assert_eq!((status, text(&headers, "content-type")), (200, "text/html; charset=utf-8"));
    }
    // `/` has it for everybody.
    assert_eq!(world.send(&["GET /"], "").await.2, console);
}

#[tokio::test]
async fn views_are_for_browsers_and_elsewhere_is_nothing() {
    let world = plain();
    let closed = HttpSettings { playground: false, ..HttpSettings::default() };
    let closed = self::world(closed, true);
    for view in VIEWS {
        let (get, post) = (format!("GET {view}"), format!("POST {view}"));
        for accept in ["accept: */*", "accept: application/json", "accept: text/html;q=0"] {
            let (status, _, body) = world.send(&[&get, accept], "").await;
            assert_eq!((status, code(&body).as_str()), (404, "INPUT_PATH"), "{get} {accept}");
        }
        assert_eq!(world.send(&[&get], "").await.0, 404, "{get}");
        let (status, headers, body) = world.send(&[&post, BROWSER], "{}").await;
        assert_eq!((status, code(&body).as_str()), (405, "INPUT_METHOD"), "{post}");
        assert_eq!(text(&headers, "allow"), "GET, HEAD", "{post}");
        assert_eq!(world.send(&[&post], "{}").await.0, 405, "{post}");
        for head in [&get, &post] {
            let (status, _, body) = closed.send(&[head, BROWSER], "").await;
            assert_eq!((status, code(&body).as_str()), (404, "INPUT_PATH"), "{head}");
        }
    }
    for path in ["/nothing", "/o", "/signin/x", "/me/x", "/search/x", "/homes", "/index.html"] {
        let (status, _, body) = world.send(&[&format!("GET {path}"), BROWSER], "").await;
        assert_eq!((status, code(&body).as_str()), (404, "INPUT_PATH"), "{path}");
    }
    assert_eq!(closed.send(&["GET /"], "").await.0, 404);
    assert_eq!(closed.send(&["GET /graphql", BROWSER], "").await.0, 405);
}

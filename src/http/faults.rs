//! The faults of requests before a document is read, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    // Addresses and methods.
    no_address() = InputPath, "there is nothing at this address", "此地址没有内容",
        hint "records are at /graphql, administration at /metadata, sign-in at /auth/login", "业务数据在 /graphql，管理在 /metadata，登录在 /auth/login";
    wrong_method(method, allowed) = InputMethod, "this address does not take {method}", "此地址不接受 {method} 方法",
        hint "use {allowed}", "请使用 {allowed}";
    operation_by_other_method(method) = InputMethod, "operations are not taken by {method}", "不接受以 {method} 方法发送的操作",
        hint "POST a JSON body such as {{\"query\": \"{{ __typename }}\"}}; queries also by GET, with a token", "请用 POST 发送 JSON 请求体，例如 {{\"query\": \"{{ __typename }}\"}}；查询也可携带令牌以 GET 发送";
    text_by_get() = InputMethod, "a document's text is taken by GET with a token only", "以 GET 发送查询文本时必须携带令牌",
        hint "send `Authorization: Bearer <accessToken>`, or the text by POST", "请携带 `Authorization: Bearer <accessToken>`，或用 POST 发送文本";
    not_acceptable() = InputAccept, "none of the accepted response types can be served", "无法提供所接受的任何响应类型",
        hint "accept application/graphql-response+json or application/json", "请接受 application/graphql-response+json 或 application/json";

    // Who asks.
    not_signed_in() = AuthRequired, "not signed in", "未登录",
        hint "send `Authorization: Bearer <accessToken>`", "请发送 `Authorization: Bearer <accessToken>`";
    not_one_token() = AuthTokenInvalid, "the Authorization header is not one bearer token", "Authorization 请求头不是单个 Bearer 令牌",
        hint "send `Authorization: Bearer <accessToken>`", "请发送 `Authorization: Bearer <accessToken>`";
    foreign_origin() = AccessDenied, "pages of this origin may not connect", "不允许来自此来源的页面建立连接",
        hint "put the origin on the list `http.allowed_origins`", "请将该来源加入 `http.allowed_origins`";
    cookie_of_other_page() = AccessDenied, "only pages of this server sign in with a cookie", "只有本服务器的页面可以使用 Cookie 登录",
        hint "programs and pages of other origins leave out `cookie`; a proxy passes on `Host`, or tells it in `X-Forwarded-Host`", "程序和其他来源的页面请去掉 `cookie`；代理须转发 `Host`，或通过 `X-Forwarded-Host` 告知";

    // Bodies.
    no_json_body() = InputContentType, "the body must be uncompressed JSON in UTF-8", "请求体必须是未压缩的 UTF-8 JSON",
        hint "send `Content-Type: application/json`", "请发送 `Content-Type: application/json`";
    batch() = InputValue, "the body must be one JSON object; batches are not taken", "请求体必须是单个 JSON 对象，不接受批量请求",
        hint "send one request for each operation", "请为每个操作单独发送请求";
    no_object_body() = InputValue, "the body must be a JSON object", "请求体必须是 JSON 对象";
    large_body() = LimitBody, "the body is larger than allowed", "请求体超过允许的大小";
    broken_body() = InputSyntax, "the body broke off", "请求体不完整";
    empty_body() = InputSyntax, "the body is empty", "请求体为空";
    deep_body(line, column) = InputSyntax, "the body's JSON is nested too deep at line {line}, column {column}", "请求体的 JSON 在第 {line} 行第 {column} 列嵌套过深";
    invalid_body(line, column) = InputSyntax, "the body's JSON is not valid at line {line}, column {column}", "请求体的 JSON 在第 {line} 行第 {column} 列无效";
    invalid_parameter(key) = InputSyntax, "the JSON of `{key}` is not valid", "`{key}` 的 JSON 无效";
    no_string(key) = InputValue, "`{key}` must be a string", "`{key}` 必须是字符串";
    no_string_or_null(key) = InputValue, "`{key}` must be a string or null", "`{key}` 必须是字符串或 null";
    no_boolean(key) = InputValue, "`{key}` must be true or false", "`{key}` 必须是 true 或 false";
    no_object_or_null(key) = InputValue, "`{key}` must be an object or null", "`{key}` 必须是对象或 null";

    // Documents by hash and by name.
    query_missing() = InputValue, "`query` is missing", "缺少 `query`",
        hint "put the document's text there", "请在其中填写 GraphQL 文档";
    // Clients check for exactly this text and then send the document.
    document_unknown() = PersistedQueryNotFound, "PersistedQueryNotFound", "PersistedQueryNotFound";
    document_not_listed() = PersistedQueryOnly, "this server takes only the documents of its list", "此服务器只接受列表中的查询",
        hint "name one by `documentId`, or have yours put on the list", "请用 `documentId` 指定，或将查询加入列表";
    other_hash(key) = InputValue, "`{key}` must be the SHA-256 of `query`", "`{key}` 必须是 `query` 的 SHA-256";
    bad_hash(key) = InputValue, "`{key}` must be `{{\"version\": 1, \"sha256Hash\": \"…\"}}` with 64 hexadecimal digits", "`{key}` 必须是 `{{\"version\": 1, \"sha256Hash\": \"…\"}}`，其中哈希为 64 位十六进制数";

    // Time and connections.
    stopped() = LimitTime, "the request took too long and was stopped", "请求耗时过长，已中止",
        hint "ask for less at once, or try again later", "请减少一次查询的内容，或稍后重试";
    stopped_while_storing() = LimitTime, "the request took too long and was stopped: what it changes may be stored, or only the first of it", "请求耗时过长，已中止：其修改可能已全部或部分保存",
        hint "read what is there before you send it again; with an `idempotencyKey` a change is carried out once, with `@atomic` all of them or none", "请先查询当前数据再决定是否重发；带有 `idempotencyKey` 的修改只会执行一次，`@atomic` 使各项修改同时成功或同时撤销";
    many_connections() = LimitSubscriptions, "there are too many connections already", "连接数量已达上限",
        hint "try again later", "请稍后重试";
    no_handshake() = InputValue, "this is not a WebSocket handshake", "这不是有效的 WebSocket 握手请求",
        hint "send the headers of a WebSocket upgrade, version 13, over HTTP/1.1", "请通过 HTTP/1.1 发送版本 13 的 WebSocket 升级请求头";
    many_operations(most) = LimitSubscriptions, "a connection carries at most {most} operations at once", "一个连接最多同时执行 {most} 个操作",
        hint "complete one first", "请先结束其他操作";
}

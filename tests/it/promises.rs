//! The API is a promise: every name of it, listed in `promises.txt`, is there as promised, or absent and admitted in
//! README. One that appears or goes without the list being changed fails.

use std::{collections::BTreeMap, fs, path::Path};

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use tradewind::base::Code;

use crate::{
    program::run,
    support::{Client, PASSWORD},
};

const LIST: &str = include_str!("promises.txt");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// One line of the list.
#[derive(Clone, Copy)]
struct Promise {
    /// The words of README that admit its absence; none where it is there.
    admitted: Option<&'static str>,
    place: &'static str,
    text: &'static str,
}

fn promises() -> Vec<Promise> {
    let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &'static str| {
        let mut parts = line.splitn(3, " | ");
        let (Some(state), Some(place), Some(text)) = (parts.next(), parts.next(), parts.next())
        else {
            panic!("{line}");
        };
        let admitted = state.strip_prefix("absent ").map(|phrase| phrase.trim_matches('"'));
        assert!(admitted.is_some() || state == "there", "{line}");
        Promise { admitted, place, text }
    };
    lines.map(read).collect()
}

/// A schema by introspection: `Type`, `Type.field` and `@directive on PLACE`, each with what it takes and gives.
struct Schema {
    /// Results by field, input field or value; empty for types and values.
    parts: BTreeMap<String, String>,
    /// `name: Type = default` by field.
    arguments: BTreeMap<String, Vec<String>>,
}

const SCHEMA: &str = "{ __schema {
    types { kind name
        fields(includeDeprecated: true) { name type { ...T } args { name defaultValue type { ...T } } }
        inputFields { name type { ...T } } enumValues { name } }
    directives { name locations args { name } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// `[Customer!]!`.
fn written(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&ty["ofType"])),
        Some("LIST") => format!("[{}]", written(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap_or_default().to_owned(),
    }
}

fn each<'v>(of: &'v Value, what: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    of[what].as_array().into_iter().flatten().map(|part| (part["name"].as_str().unwrap(), part))
}

impl Schema {
    fn read(told: &Value) -> Self {
        let (mut parts, mut arguments) = (BTreeMap::new(), BTreeMap::new());
        for (ty, known) in each(&told["__schema"], "types") {
            parts.insert(
                format!("{} {ty}", known["kind"].as_str().unwrap().to_lowercase()),
                String::new(),
            );
            for what in ["fields", "inputFields", "enumValues"] {
                for (name, part) in each(known, what) {
                    let place = format!("{ty}.{name}");
                    let args = each(part, "args").map(|(name, arg)| {
                        let default = arg["defaultValue"].as_str();
                        let default = default.map(|default| format!(" = {default}"));
                        format!("{name}: {}{}", written(&arg["type"]), default.unwrap_or_default())
                    });
                    arguments.insert(place.clone(), args.collect());
                    parts.insert(place, written(&part["type"]));
                }
            }
        }
        for (name, known) in each(&told["__schema"], "directives") {
            for place in known["locations"].as_array().unwrap() {
                parts.insert(format!("@{name} on {}", place.as_str().unwrap()), String::new());
            }
        }
        Self { parts, arguments }
    }

    /// What differs from a promise; nothing where it is kept.
    fn differs(&self, promise: &str) -> Option<String> {
        let (place, gives) = match promise.rsplit_once("): ") {
            Some((place, gives)) => (place, gives),
            None => promise.split_once(": ").unwrap_or((promise, "")),
        };
        let (place, takes) = place.split_once('(').unwrap_or((place, ""));
        let Some(is) = self.parts.get(place) else { return Some("is not there".to_owned()) };
        if is != gives {
            return Some(format!("gives {is}"));
        }
        let known = self.arguments.get(place).map(Vec::as_slice).unwrap_or_default();
        let takes: Vec<_> = takes.split(", ").filter(|arg| !arg.is_empty()).collect();
        let missing = takes.iter().find(|arg| !known.iter().any(|known| known == *arg));
        let needed =
            known.iter().find(|known| known.ends_with('!') && !takes.contains(&known.as_str()));
        missing
            .map(|arg| format!("does not take {arg} but {known:?}"))
            .or_else(|| needed.map(|known| format!("needs {known}")))
    }
}

/// The declaration of a directive in a text: `@object(kind, label) on OBJECT`.
fn declared(text: &str, promise: &str) -> Option<String> {
    let (directive, on) = promise.split_once(" on ")?;
    let (name, takes) = directive.split_once('(').unwrap_or((directive, ""));
    let start = text.find(&format!("directive {name}"))?;
    let rest = text.get(start..)?;
    let end = rest.get(1..)?.find("\ndirective ").map_or(rest.len(), |end| end + 1);
    let rest = rest.get(..end)?;
    let capital = |text: &&str| text.starts_with(|first: char| first.is_ascii_uppercase());
    let places = rest.split(" on ").skip(1).find(capital)?.lines().next()?;
    let known = |arg: &str| rest.contains(&format!("{arg}: "));
    let all = takes.trim_end_matches(')').split(", ").filter(|arg| !arg.is_empty()).all(known);
    (all && places.split(['|', ' ', '\n']).any(|place| place == on)).then(|| name.to_owned())
}

/// A request as the list writes it: `POST /path {json} Header: value -> 200 word word`.
async fn asked(client: &Client, promise: &str, tokens: &mut (String, String)) -> Option<String> {
    let (request, expected) = promise.split_once(" -> ").unwrap();
    let (method, rest) = request.split_once(' ').unwrap();
    let (path, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let (body, headers) = match rest.rfind('}') {
        Some(end) => rest.split_at(end + 1),
        None => ("", rest),
    };
    let body = body.replace("$password", PASSWORD).replace("$refresh", &tokens.1);
    let mut sent =
        Request::builder().method(method).uri(path.replace('{', "%7B").replace('}', "%7D"));
    if !body.is_empty() {
        sent = sent.header(header::CONTENT_TYPE, "application/json");
    }
    let mut authorization = Some(format!("Bearer {}", tokens.0));
    let mut accept = Some("application/graphql-response+json".to_owned());
    if let Some((name, value)) = headers.trim().split_once(": ") {
        match name {
            "Authorization" => authorization = None,
            "Accept" => accept = Some(value.to_owned()),
            _ => sent = sent.header(name, value),
        }
    }
    if let Some(accept) = accept.take() {
        sent = sent.header(header::ACCEPT, accept);
    }
    if let Some(authorization) = authorization {
        sent = sent.header(header::AUTHORIZATION, authorization);
    }
    let response =
        client.router.clone().oneshot(sent.body(Body::from(body)).unwrap()).await.unwrap();
    let status = response.status().as_u16().to_string();
    let head: String = response
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap_or("")))
        .collect();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    if let Ok(told) = serde_json::from_str::<Value>(&body)
        && let (Some(access), Some(refresh)) =
            (told["accessToken"].as_str(), told["refreshToken"].as_str())
    {
        *tokens = (access.to_owned(), refresh.to_owned());
    }
    let text = format!("{head}{body}");
    let mut words = expected.split(' ');
    if words.next() != Some(&status) {
        return Some(format!("has the status {status}: {text}"));
    }
    words.find(|word| !text.contains(word)).map(|word| format!("lacks {word}: {text}"))
}

fn command(folder: &Path, promise: &str) -> Option<String> {
    let (words, flag) = match promise.split_once(" --") {
        Some((words, flag)) => (words, format!("--{flag}")),
        None => (promise, String::new()),
    };
    let words: Vec<_> = words.split(' ').chain(["--help"]).collect();
    let (done, text) = run(folder, &words);
    let own = text.contains(&format!("Usage: tradewind {promise}")) || !flag.is_empty();
    (!done || !own || !text.contains(&flag)).then_some(text)
}

fn story(promise: &str) -> Option<String> {
    let (_, test) = promise.rsplit_once(" | ").unwrap();
    let (file, name) = test.split_once(' ').unwrap();
    let there = read(&format!("tests/it/{file}")).contains(&format!("fn {name}("));
    (!there).then(|| format!("{file} has no test {name}"))
}

#[tokio::test]
async fn every_promise_is_kept_or_admitted() {
    let client = Client::sqlite().await;
    let records = Schema::read(&client.data(SCHEMA).await);
    let metadata = Schema::read(&client.metadata(SCHEMA, json!({})).await);
    let readme = read("README.md");
    let (_, missing) = readme.split_once("## What is not there yet").unwrap();
    let missing = missing.split("\n## ").next().unwrap();
    let (directives, settings) = (read("schema/directives.graphql"), read("config.default.toml"));
    let folder = crate::program::folder(&client.database).join("promises");
    let mut tokens = (client.token("admin").await, String::new());
    let mut broken = Vec::new();
    let all = promises();
    assert!(all.len() > 200, "{}", all.len());
    for Promise { admitted, place, text } in all {
        let differs = match place {
            "records" => records.differs(text),
            "metadata" => metadata.differs(text),
            "http" => asked(&client, text, &mut tokens).await,
            "definition" => {
                declared(&directives, text).is_none().then(|| "is not declared so".to_owned())
            }
            "command" => command(&folder, text),
            "setting" => {
                let there = settings.lines().any(|line| line == text);
                (!there).then(|| "is no default".to_owned())
            }
            "code" => {
                let there = Code::ALL.iter().any(|code| code.name() == text);
                (!there).then(|| "is no code".to_owned())
            }
            "story" => story(text),
            other => panic!("{other}"),
        };
        match (admitted, differs) {
            (None, Some(differs)) => broken.push(format!("{place} {text}: {differs}")),
            (Some(_), None) => broken.push(format!("{place} {text} is there; say so in the list")),
            (Some(phrase), Some(_)) if !missing.contains(phrase) => {
                broken.push(format!("README does not admit that {text} is missing: {phrase}"));
            }
            _ => {}
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The test itself notices what is promised otherwise than it is.
#[tokio::test]
async fn a_promise_that_is_not_kept_is_noticed() {
    let client = Client::sqlite().await;
    let records = Schema::read(&client.data(SCHEMA).await);
    for (wrong, why) in [
        ("Query.customer(id: ID, code: Int): Customer", "does not take code: Int"),
        ("Query.customers: CustomerConnection!", "gives CustomerConnection"),
        ("Mutation.deleteCustomer: DeletePayload", "needs id: ID!"),
        ("Customer.nothing: Int", "is not there"),
        ("CustomerLevel.Z", "is not there"),
        ("@optional on OBJECT", "is not there"),
        ("scalar Customer", "is not there"),
    ] {
        let told = records.differs(wrong).unwrap_or_else(|| panic!("{wrong}"));
        assert!(told.starts_with(why), "{wrong}: {told}");
    }
    let text = read("schema/directives.graphql");
    assert!(declared(&text, "@lines on OBJECT").is_none());
    assert!(declared(&text, "@label(zh, fr) on ENUM").is_none());
    let mut tokens = (client.token("admin").await, String::new());
    assert!(asked(&client, "GET /healthz -> 404", &mut tokens).await.is_some());
    assert!(asked(&client, "GET /healthz -> 200 nonsense", &mut tokens).await.is_some());
}

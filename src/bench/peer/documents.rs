//! The documents of a peer: a folder with a file for each workload, and the variables of a request.
//!
//! `W1.graphql` has the operation, `W1.json` its variables: there `"$id"` stands for the `id` that the workload
//! draws. Knows files and JSON. Must not know sockets, nor what the documents mean.

use std::{io::ErrorKind, path::Path};

use anyhow::{Context, Result, bail};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{Workload, World};
use crate::{app::said, base::Message, demo::random::Random, message};

/// The operation of a workload, as the peer needs it.
#[derive(Debug)]
pub(super) struct PeerDocument {
    text: String,
    /// Variables with placeholders. Without them the variables are the drawn values under their own names.
    variables: Option<Json>,
}

/// Reads the documents of a folder for some workloads. Those without a file are left out.
pub(super) fn read(folder: &Path, workloads: &[Workload]) -> Result<Vec<(Workload, PeerDocument)>> {
    let shown = folder.display().to_string();
    if !folder.is_dir() {
        bail!(said(message!(
            "there is no folder `{shown}` with the documents of the peer",
            "没有存放对比服务器查询的文件夹 `{shown}`"
        )));
    }
    let mut found = Vec::new();
    for workload in workloads {
        let name = workload.name();
        let text = text_of(&folder.join(format!("{name}.graphql")))?;
        let variables = text_of(&folder.join(format!("{name}.json")))?;
        match text {
            Some(text) => {
                let document = PeerDocument::new(*workload, text, variables.as_deref())?;
                found.push((*workload, document));
            }
            None if variables.is_some() => bail!(said(message!(
                "`{shown}` has variables in `{name}.json`, but no operation in `{name}.graphql`",
                "`{shown}` 中有变量文件 `{name}.json`，却没有查询文件 `{name}.graphql`"
            ))),
            None => {}
        }
    }
    if found.is_empty() {
        bail!(said(message!(
            "`{shown}` has no document for any of the workloads; that of W1 is called `W1.graphql`",
            "`{shown}` 中没有任何所选负载的查询；W1 的查询文件名为 `W1.graphql`"
        )));
    }
    Ok(found)
}

/// The text of a file. None if there is no such file.
fn text_of(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let path = path.display().to_string();
            Err(error).context(said(message!("cannot read `{path}`", "无法读取 `{path}`")))
        }
    }
}

impl PeerDocument {
    fn new(workload: Workload, text: String, variables: Option<&str>) -> Result<Self> {
        let name = workload.name();
        if text.trim().is_empty() {
            bail!(said(message!(
                "`{name}.graphql` is empty; write the operation for {name} into it, or remove it",
                "`{name}.graphql` 是空文件；请写入 {name} 的查询，或删除该文件"
            )));
        }
        let variables = variables.map(|variables| template(workload, variables)).transpose()?;
        Ok(Self { text, variables })
    }

    /// The body of a request with drawn values.
    pub(super) fn body(&self, drawn: &Json) -> String {
        let variables = match &self.variables {
            Some(template) => filled(template, drawn),
            None => drawn.clone(),
        };
        json!({ "query": self.text, "variables": variables }).to_string()
    }
}

/// Reads variables whose placeholders all stand for values that the workload draws.
fn template(workload: Workload, text: &str) -> Result<Json> {
    let name = workload.name();
    let template: Json = serde_json::from_str(text).with_context(|| {
        said(message!("`{name}.json` is not valid JSON", "`{name}.json` 不是有效的 JSON"))
    })?;
    if !template.is_object() {
        bail!(said(message!(
            "`{name}.json` has to be an object with the variables of the operation, such as `{{\"id\": \"$id\"}}`",
            "`{name}.json` 须为含有各变量的 JSON 对象，例如 `{{\"id\": \"$id\"}}`"
        )));
    }
    // The names are the same in every data set and request.
    let asked = workload.draw(World::scaled(Decimal::ONE), &mut Random::new(1), "P");
    let mut wanted = Vec::new();
    placeholders(&template, &mut wanted);
    if let Some(unknown) = wanted.into_iter().find(|name| asked.drawn().get(*name).is_none()) {
        let drawn = asked.drawn().as_object().into_iter().flatten();
        let drawn: Vec<_> = drawn.map(|(name, _)| format!("`${name}`")).collect();
        let offer = if drawn.is_empty() {
            Message::new("it draws nothing", "该负载没有任何值")
        } else {
            let drawn = drawn.join(", ");
            message!("it draws {drawn}", "可用的有 {drawn}")
        };
        bail!(said(message!(
            "`{name}.json` asks for `${unknown}`, which {name} does not draw: {offer}; a text that begins with `$` is written with `$$`",
            "`{name}.json` 中的 `${unknown}` 不是 {name} 的值：{offer}；以 `$` 开头的文本须写作 `$$`",
            offer
        )));
    }
    Ok(template)
}

/// The name that a text is a placeholder for. A text that begins with `$$` is none: it is meant as it stands, with
/// one `$` less.
fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix('$').filter(|name| !name.starts_with('$'))
}

/// Collects the names of all placeholders.
fn placeholders<'t>(template: &'t Json, found: &mut Vec<&'t str>) {
    match template {
        Json::String(text) => found.extend(placeholder(text)),
        Json::Array(all) => {
            for below in all {
                placeholders(below, found);
            }
        }
        Json::Object(all) => {
            for below in all.values() {
                placeholders(below, found);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// A template with drawn values in place of its placeholders.
fn filled(template: &Json, drawn: &Json) -> Json {
    match template {
        Json::String(text) => match (placeholder(text), text.strip_prefix('$')) {
            (Some(name), _) => drawn.get(name).cloned().unwrap_or_default(),
            (None, Some(meant)) => json!(meant),
            (None, None) => json!(text),
        },
        Json::Array(all) => all.iter().map(|below| filled(below, drawn)).collect(),
        Json::Object(all) => {
            all.iter().map(|(name, below)| (name.as_str(), filled(below, drawn))).collect()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => template.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// An empty folder for one test.
    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("tradewind-peer-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn refusal(folder: &Path, workloads: &[Workload]) -> String {
        format!("{:#}", read(folder, workloads).unwrap_err())
    }

    #[test]
    fn workloads_without_a_file_are_left_out() {
        let folder = folder("read");
        std::fs::write(folder.join("W1.graphql"), "query W1($id: ID!) { a(id: $id) }").unwrap();
        std::fs::write(folder.join("W7U.graphql"), "mutation { b }").unwrap();
        std::fs::write(folder.join("W7U.json"), r#"{ "id": "$id", "to": { "phone": "$phone" } }"#)
            .unwrap();
        std::fs::write(folder.join("README.md"), "for people").unwrap();
        let found = read(&folder, &Workload::ALL).unwrap();
        let names: Vec<_> = found.iter().map(|(workload, _)| workload.name()).collect();
        assert_eq!(names, ["W1", "W7U"]);
        // What is not to be measured is not read.
        assert_eq!(read(&folder, &[Workload::W1, Workload::W2]).unwrap().len(), 1);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn wrong_folders_and_files_are_refused() {
        let folder = folder("wrong");
        assert!(refusal(&folder.join("none"), &Workload::ALL).contains("there is no folder"));
        assert!(refusal(&folder, &Workload::ALL).contains("has no document for any"));
        std::fs::write(folder.join("W2.json"), "{}").unwrap();
        let told = refusal(&folder, &Workload::ALL);
        assert!(told.contains("no operation in `W2.graphql`"), "{told}");
        assert!(refusal(&folder, &[Workload::W1]).contains("has no document for any"));
        std::fs::write(folder.join("W2.graphql"), " \n").unwrap();
        assert!(refusal(&folder, &Workload::ALL).contains("`W2.graphql` is empty"));
        std::fs::write(folder.join("W2.graphql"), b"\xff").unwrap();
        let told = refusal(&folder, &Workload::ALL);
        assert!(told.contains("cannot read") && told.contains("W2.graphql`: "), "{told}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn wrong_variables_are_refused() {
        for (workload, variables, expected) in [
            (Workload::W1, "{ id: 1 }", "`W1.json` is not valid JSON: "),
            (Workload::W1, "[\"$id\"]", "`W1.json` has to be an object"),
            (Workload::W1, r#"{"a": [{"b": "$customer"}]}"#, "`$customer`, which W1 does not draw"),
            (Workload::W7u, r#"{"a": "$name"}"#, "it draws `$id`, `$phone`"),
            (Workload::W5, r#"{"a": "$"}"#, "it draws nothing"),
        ] {
            let document = PeerDocument::new(workload, "{ a }".to_owned(), Some(variables));
            let told = format!("{:#}", document.unwrap_err());
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn placeholders_become_what_was_drawn() {
        let drawn = json!({ "id": "7", "phone": "022" });
        let body = |variables: Option<&str>| {
            let text = "mutation { a }".to_owned();
            let document = PeerDocument::new(Workload::W7u, text, variables).unwrap();
            serde_json::from_str::<Json>(&document.body(&drawn)).unwrap()
        };
        let variables = r#"{
            "where": { "id": { "_eq": "$id" } }, "all": [1, null, "$phone", "id"],
            "price": "$$5", "text": "at $id", "id": true
        }"#;
        let expected = json!({
            "where": { "id": { "_eq": "7" } }, "all": [1, null, "022", "id"],
            "price": "$5", "text": "at $id", "id": true
        });
        assert_eq!(
            body(Some(variables)),
            json!({ "query": "mutation { a }", "variables": expected })
        );
        assert_eq!(body(None), json!({ "query": "mutation { a }", "variables": drawn }));
        assert_eq!(body(Some("{}")), json!({ "query": "mutation { a }", "variables": {} }));
    }

    #[test]
    fn every_drawn_value_has_a_placeholder() {
        let world = World::scaled(Decimal::ONE);
        for workload in Workload::ALL {
            let asked = workload.draw(world, &mut Random::new(2), "B");
            let names = asked.drawn().as_object().unwrap().keys();
            let all: Json = names.map(|name| (name.clone(), json!(format!("${name}")))).collect();
            let document =
                PeerDocument::new(workload, "{ a }".to_owned(), Some(&all.to_string())).unwrap();
            let body: Json = serde_json::from_str(&document.body(asked.drawn())).unwrap();
            assert_eq!(&body["variables"], asked.drawn(), "{}", workload.name());
        }
    }
}

//! The text of a shared view, as a bundle of definitions has it: a row without its id, its owner and its times, so that two
//! companies with the same views write the same bytes.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    faults,
    sharing::ROLES,
    view_changes::{NAME, QUESTION},
    views::{StoredView, ViewFace, ViewShare},
};
use crate::{
    access::ADMINISTRATOR,
    base::{Code, Error, Message, text},
    catalog::{Catalog, Diagnostic, ObjectKind, TomlFault, from_toml},
};

/// The parts of what a view asks for.
pub const QUESTION_PARTS: [&str; 5] = ["filter", "search", "orderBy", "groupBy", "columns"];

/// A shared view as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewText {
    /// The API name of the object.
    pub object: String,
    /// What it is called.
    pub name: String,
    /// How it is shown.
    pub face: ViewFace,
    /// Codes of the roles that see it; everyone does without any.
    pub roles: Vec<String>,
    /// Codes of the roles for which lists of the object open with it.
    pub defaults: Vec<String>,
    /// What it asks for.
    pub question: Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenView {
    object: String,
    name: String,
    face: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    defaults: Vec<String>,
    question: String,
}

impl ViewText {
    /// Reads a text. `path` names it in the diagnostic.
    pub fn parse(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let fault = |place: Option<(usize, usize)>, message: Message| {
            let ((line, column), path) = (place.unwrap_or((1, 1)), path.to_owned());
            Diagnostic { code: Code::CatalogSyntax, path, line, column, message, hint: None }
        };
        let read: Result<WrittenView, TomlFault> = from_toml(text);
        let read = read.map_err(|found| fault(found.place, found.message))?;
        let of = |error: Error| fault(None, error.message);
        let face = read.face.as_deref().unwrap_or(ViewFace::List.as_ref()).parse();
        let question = serde_json::from_str(&read.question);
        Ok(Self {
            object: read.object,
            name: text::tidy(&read.name),
            face: face.map_err(|_unknown| of(faults::no_view_face()))?,
            roles: once(read.roles),
            defaults: once(read.defaults),
            question: question.map_err(|_unread| of(faults::no_question_text()))?,
        })
    }

    /// The view that is stored, with the roles for which it is the default.
    pub(super) fn of(view: &StoredView, defaults: Vec<String>) -> Self {
        Self {
            object: view.row.object.clone(),
            name: view.row.name.clone(),
            face: view.face,
            roles: once(view.sharing.roles.clone()),
            defaults: once(defaults),
            question: view.question.clone(),
        }
    }

    /// The text.
    pub fn write(&self) -> String {
        let mut written = vec![
            format!("object = {}", quoted(&self.object)),
            format!("name = {}", quoted(&self.name)),
            format!("face = {}", quoted(self.face.as_ref())),
        ];
        for (key, codes) in [("roles", &self.roles), ("defaults", &self.defaults)] {
            if !codes.is_empty() {
                let codes: Vec<_> = codes.iter().map(|code| quoted(code)).collect();
                written.push(format!("{key} = [{}]", codes.join(", ")));
            }
        }
        // Lines for people, where TOML takes them as they are.
        let lines = format!("{:#}", self.question);
        let plain = |c: char| c == '\n' || !c.is_control();
        let question = match lines.contains("'''") || !lines.chars().all(plain) {
            true => quoted(&self.question.to_string()),
            false => format!("'''\n{lines}\n'''"),
        };
        written.push(format!("question = {question}\n"));
        written.join("\n")
    }

    /// Who sees it.
    pub fn share(&self) -> ViewShare {
        if self.roles.is_empty() { ViewShare::All } else { ViewShare::Roles }
    }

    /// What is wrong with it, where a catalog has these objects and a company these roles.
    pub fn faults(&self, catalog: &Catalog, roles: &[String]) -> Vec<Error> {
        let mut found = Vec::new();
        let object = catalog.named(&self.object).filter(|object| object.kind != ObjectKind::Line);
        if object.is_none() {
            found.push(faults::no_object(self.object.as_str()));
        }
        if self.name.is_empty() {
            found.push(faults::view_without_name());
        } else if self.name.chars().count() > NAME {
            found.push(faults::long_view_name(NAME));
        }
        if self.question.to_string().len() > QUESTION {
            found.push(faults::large_question(QUESTION));
        }
        let known = |part: &String| QUESTION_PARTS.contains(&part.as_str());
        match &self.question {
            Json::Object(parts) if parts.keys().all(known) => {}
            _ => found.push(faults::no_question_text()),
        }
        if self.roles.len() > ROLES {
            found.push(faults::too_many_roles(ROLES));
        }
        let is_role = |code: &&String| *code == ADMINISTRATOR || roles.contains(code);
        let named = self.roles.iter().chain(&self.defaults);
        found.extend(named.filter(|code| !is_role(code)).map(faults::no_role));
        if !self.roles.is_empty() && !self.defaults.iter().all(|code| self.roles.contains(code)) {
            found.push(faults::default_not_shared());
        }
        found
    }

    /// What it is called among the views of a company, as `Customer.重点`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.object, self.name)
    }

    /// Whether a part's name is that of the view: its key, with a number behind where several have it.
    pub fn is_called(&self, part: &str) -> bool {
        let number = |rest: &str| {
            rest.strip_prefix('#').is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
        };
        part.strip_prefix(&self.key()).is_some_and(|rest| rest.is_empty() || number(rest))
    }
}

fn once(mut codes: Vec<String>) -> Vec<String> {
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A text as TOML and JSON write it alike.
fn quoted(text: &str) -> String {
    Json::from(text).to_string().replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_read_as_they_are_written() {
        for question in [
            json!({}),
            json!({ "filter": { "name": { "eq": null } }, "columns": ["code", "name"] }),
            json!({ "search": "it's '''three''' \u{7f} \n 天津" }),
        ] {
            let view = ViewText {
                object: "Customer".to_owned(),
                name: "A \"quoted\" \\ 重点\u{7f}".to_owned(),
                face: ViewFace::Board,
                roles: vec!["a".to_owned(), "b".to_owned()],
                defaults: vec!["b".to_owned()],
                question,
            };
            let text = view.write();
            let read =
                ViewText::parse("x", &text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
            assert_eq!(read.write(), text);
            assert_eq!((read.question, read.roles), (view.question, view.roles));
        }
        for wrong in ["", "object = \"A\"\nname = \"x\"\nquestion = \"{\"", "object = 1"] {
            assert!(ViewText::parse("x", wrong).is_err());
        }
    }
}

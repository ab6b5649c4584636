//! Root fields of mutations: one [`Change`] each, and the payload that tells what came of it.

use async_graphql::parser::types::Field as Asked;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{args::id, records::Run, select::unknown};
use crate::{
    base::{Code, Error, Lang, Result},
    catalog::{FieldIx, Object},
    query::{Find, Item, Selection, What, render::quoted},
    records::{Change, Op, Saved, save_and_see},
    rights::Rights,
};

impl<'r> Run<'r> {
    pub(super) async fn mutate(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<String> {
        let name = field.name.node.as_str();
        let catalog = &self.session.catalog;
        let target = |verb: &str| name.strip_prefix(verb).and_then(|rest| catalog.named(rest));
        if name.starts_with("reassign") {
            return self.reassign(field, fields).await;
        }
        let given = self.reader.arguments(field);
        let null = async_graphql::Value::Null;
        let argument = |name: &str| given.get(name).unwrap_or(&null);
        let expected = match argument("expectedVersion") {
            async_graphql::Value::Number(number) => number.as_i64(),
            _ => None,
        };
        let args = &self.reader.args;
        let (object, op) = if let Some(object) = target("create") {
            let input = args.input(object, argument("input"));
            (object, input.map(Op::Create))
        } else if let Some(object) = target("update") {
            let op = id(argument("id")).map_err(|error| error.within("id")).and_then(|id| {
                Ok(Op::Update { id, patch: args.input(object, argument("patch"))?, expected })
            });
            (object, op)
        } else if let Some(object) = target("delete") {
            (
                object,
                id(argument("id"))
                    .map_err(|error| error.within("id"))
                    .map(|id| Op::Delete { id, expected }),
            )
        } else {
            return Err(unknown("Mutation", name));
        };
        let (saved, seen) = match op {
            Ok(op) => {
                let change = Change { object: object.ix, op };
                let saved = save_and_see(self.session, &change).await?;
                if Rights::depend_on(catalog, object) {
                    self.records.rights.forget();
                }
                saved
            }
            // A value that does not parse is the user's to correct, like one that does not fit.
            Err(error) => (Saved::Refused(vec![Error { code: Code::RecordValue, ..error }]), false),
        };
        self.payload(object, &saved, seen, fields, name.starts_with("delete")).await
    }

    async fn payload(
        &self,
        object: &Object,
        saved: &Saved,
        seen: bool,
        fields: &[&'r Asked],
        deleted: bool,
    ) -> Result<String> {
        let ty =
            if deleted { "DeletePayload".to_owned() } else { format!("{}Payload", object.name) };
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut out = String::from("{");
        for (key, fields) in self.reader.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            if out.len() > 1 {
                out.push(',');
            }
            quoted(&key, &mut out);
            out.push(':');
            match (first.name.node.as_str(), saved) {
                ("__typename", _) => quoted(&ty, &mut out),
                ("id", Saved::Done(id)) => quoted(&id.to_string(), &mut out),
                ("record", Saved::Done(id)) => {
                    let selection = self.reader.record(object, &fields)?;
                    match self.known(*id, &selection).filter(|_| seen) {
                        Some(record) => out.push_str(&record),
                        None => {
                            let key = vec![(FieldIx(0), crate::base::Value::Id(*id))];
                            let what = What::One { key, selection };
                            out.push_str(&self.found(Find { object: object.ix, what }).await?);
                        }
                    }
                }
                ("id" | "record", Saved::Refused(_)) => out.push_str("null"),
                (_, Saved::Done(_)) => out.push_str("[]"),
                (_, Saved::Refused(faults)) => {
                    let listed = faults.iter().map(|fault| self.user_error(fault, &fields));
                    out.push_str(&Json::Array(listed.collect()).to_string());
                }
            }
        }
        out.push('}');
        Ok(out)
    }

    /// A saved record of which no more than the id is asked: it need not be read again for a caller who
    /// sees it.
    fn known(&self, id: Uuid, selection: &Selection) -> Option<String> {
        let mut out = String::from("{");
        for part in &selection.0 {
            if out.len() > 1 {
                out.push(',');
            }
            quoted(&part.key, &mut out);
            out.push(':');
            match &part.what {
                Item::Field(FieldIx(0)) => quoted(&id.to_string(), &mut out),
                Item::Typename(name) => quoted(name, &mut out),
                _ => return None,
            }
        }
        out.push('}');
        Some(out)
    }

    pub(super) fn user_error(&self, error: &Error, fields: &[&'r Asked]) -> Json {
        let lang: Lang = self.caller.lang;
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut shown = serde_json::Map::new();
        for (key, fields) in self.reader.collect(&sets, "UserError") {
            let Some(first) = fields.first() else { continue };
            let value = match first.name.node.as_str() {
                "code" => json!(error.code.name()),
                "path" => json!(error.path),
                "message" => json!(error.message.text(lang)),
                "hint" => json!(error.hint.as_ref().map(|hint| hint.text(lang))),
                _ => json!("UserError"),
            };
            shown.insert(key, value);
        }
        Json::Object(shown)
    }
}

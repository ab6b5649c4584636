//! The changes of lines within a history entry. Does not check references: it passes ids in fields of lines
//! to the caller.

use serde_json::{Map, Value as Json, json};

use super::{history::plain, session::Session};
use crate::{
    base::Lang,
    catalog::{FieldIx, Object, ObjectIx, Picklist, RECORDED},
};

/// What a save did to a line, as history stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineAction {
    Created,
    Updated,
    Deleted,
}

impl LineAction {
    /// The stored text.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Deleted => "DELETED",
        }
    }

    /// Whether it happened to a line of a history entry: `{"id": …, "change": "UPDATED", …}`.
    pub(super) fn is_of(self, line: &Json) -> bool {
        line["change"] == self.as_str()
    }
}

/// Returns an entry's visible changes of lines: `{"created": 0, "updated": 1, "deleted": 0, "lines": [{"id",
/// "lineNo", "change", "fields": {"quantity": {"old", "new"}}}]}`.
///
/// If the record was deleted with its lines, the entry contains their whole values.
pub(super) fn line_changes(session: &Session, line: &Object, change: &Json) -> Json {
    let removed = change.get(0).and_then(Json::as_array);
    let rows = removed.or_else(|| change.get("lines")?.as_array());
    let told = rows.map(|rows| {
        let row = |row: &Json| match removed {
            Some(_) => {
                let fields = row.as_object().into_iter().flatten();
                let fields = fields.map(|(name, old)| (name.clone(), json!([old, null])));
                let fields = Json::Object(fields.collect());
                let deleted = json!(LineAction::Deleted.as_str());
                line_change(session, line, &row["id"], &row["lineNo"], &deleted, &fields)
            }
            None => {
                let [id, no, change, fields] =
                    ["id", "lineNo", "change", "fields"].map(|of| &row[of]);
                line_change(session, line, id, no, change, fields)
            }
        };
        rows.iter().map(row).collect::<Vec<_>>()
    });
    let mut shown = match removed {
        Some(rows) => json!({ "created": 0, "updated": 0, "deleted": rows.len() }),
        None => change.clone(),
    };
    if let (Some(told), Some(shown)) = (told, shown.as_object_mut()) {
        shown.insert("lines".to_owned(), told.into());
    }
    shown
}

fn line_change(
    session: &Session,
    line: &Object,
    id: &Json,
    no: &Json,
    change: &Json,
    fields: &Json,
) -> Json {
    let mut shown = Map::new();
    for (name, change) in fields.as_object().into_iter().flatten() {
        let Some((ix, field)) = line.stored(name) else { continue };
        let placed = [Some(FieldIx::ID), line.parent, line.system.line_no].contains(&Some(ix));
        if !placed && name != RECORDED && plain(session, line, ix) {
            shown.insert(field.name.clone(), json!({ "old": change[0], "new": change[1] }));
        }
    }
    json!({ "id": id, "lineNo": no, "change": change, "fields": shown })
}

/// Calls `each` for every changed field of lines that refers to records, with the target object and the
/// values.
pub(super) fn named_by_lines(
    session: &Session,
    line: ObjectIx,
    change: &mut Json,
    mut each: impl FnMut(ObjectIx, &mut Map<String, Json>),
) {
    let line = session.catalog.object(line);
    let rows = change.get_mut("lines").and_then(Json::as_array_mut).into_iter().flatten();
    for row in rows {
        let fields = row.get_mut("fields").and_then(Json::as_object_mut).into_iter().flatten();
        for (name, change) in fields {
            let target = line.named(name).and_then(|(_, field)| field.target());
            if let (Some(target), Some(change)) = (target, change.as_object_mut()) {
                each(target, change);
            }
        }
    }
}

/// Removes lines from a change that the caller does not notice, after invisible references became null.
/// Returns whether anything remains.
pub(super) fn noticed(change: &mut Json) -> bool {
    let mut unseen = 0;
    if let Some(rows) = change.get_mut("lines").and_then(Json::as_array_mut) {
        let told = rows.len();
        rows.retain_mut(|row| {
            let mut fields = row.get_mut("fields").and_then(Json::as_object_mut);
            if let Some(fields) = &mut fields {
                fields.retain(|_, change| change["old"] != change["new"]);
            }
            let any = fields.is_some_and(|fields| !fields.is_empty());
            any || !LineAction::Updated.is_of(row)
        });
        unseen = told - rows.len();
    }
    let updated = change["updated"].as_u64().unwrap_or_default();
    let seen = updated.saturating_sub(u64::try_from(unseen).unwrap_or(updated));
    change["updated"] = seen.into();
    seen > 0 || ["created", "deleted"].iter().any(|of| change[*of].as_u64() > Some(0))
}

/// Adds the labels of picklist values to the changed fields of lines.
pub(super) fn line_values(session: &Session, line: ObjectIx, lang: Lang, change: &mut Json) {
    let line = session.catalog.object(line);
    let rows = change.get_mut("lines").and_then(Json::as_array_mut).into_iter().flatten();
    for row in rows {
        let fields = row.get_mut("fields").and_then(Json::as_object_mut).into_iter().flatten();
        for (name, change) in fields {
            let list = line.named(name).and_then(|(_, field)| field.ty.picklist());
            let (Some(list), Some(change)) = (list, change.as_object_mut()) else { continue };
            let list = session.catalog.picklist(list);
            for (value, text) in [("old", "oldText"), ("new", "newText")] {
                let called = valued(list, lang, &change[value]);
                change.insert(text.to_owned(), called.into());
            }
        }
    }
}

/// Returns the label of a picklist value, or of several.
pub(super) fn valued(list: &Picklist, lang: Lang, value: &Json) -> Option<String> {
    let comma = match lang {
        Lang::En => ", ",
        Lang::Zh => "、",
    };
    match value {
        Json::String(name) => Some(list.called(name, lang).to_owned()),
        Json::Array(names) => {
            let names = names.iter().filter_map(Json::as_str);
            let called: Vec<_> = names.map(|name| list.called(name, lang)).collect();
            Some(called.join(comma))
        }
        _ => None,
    }
}

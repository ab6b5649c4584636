//! What an entry of history tells of the lines of a record. Knows not which records there are for the caller:
//! the ids that fields of lines name are handed out, to be looked at.

use serde_json::{Map, Value as Json, json};

use super::{history::plain, session::Session};
use crate::{
    base::Lang,
    catalog::{FieldIx, Object, ObjectIx, Picklist, RECORDED},
};

/// What an entry tells of lines, as far as the caller sees it:
/// `{"created": 0, "updated": 1, "deleted": 0, "lines": [{"id", "lineNo", "change", "fields": {"quantity": {"old", "new"}}}]}`.
///
/// Of a record that was removed with its lines the entry has these whole.
pub(super) fn line_changes(session: &Session, line: &Object, change: &Json) -> Json {
    let removed = change.get(0).and_then(Json::as_array);
    let rows = removed.or_else(|| change.get("lines")?.as_array());
    let told = rows.map(|rows| {
        let row = |row: &Json| match removed {
            Some(_) => {
                let fields = row.as_object().into_iter().flatten();
                let fields = fields.map(|(name, old)| (name.clone(), json!([old, null])));
                let fields = Json::Object(fields.collect());
                line_change(session, line, &row["id"], &row["lineNo"], &json!("DELETED"), &fields)
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
        let Some((ix, _)) = line.named(name) else { continue };
        let placed = ix == FieldIx(0) || Some(ix) == line.parent;
        if !placed && name != "lineNo" && name != RECORDED && plain(session, line, ix) {
            shown.insert(name.clone(), json!({ "old": change[0], "new": change[1] }));
        }
    }
    json!({ "id": id, "lineNo": no, "change": change, "fields": shown })
}

/// Each field of the lines of a change that names a record: the object of that, and its old and new value.
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

/// Leaves of a change of lines what the caller notices, where the records that lines name and they may not see are
/// no values by now; whether anything is left.
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
            any || row["change"] != "UPDATED"
        });
        unseen = told - rows.len();
    }
    let updated = change["updated"].as_u64().unwrap_or_default();
    let seen = updated.saturating_sub(u64::try_from(unseen).unwrap_or(updated));
    change["updated"] = seen.into();
    seen > 0 || ["created", "deleted"].iter().any(|of| change[*of].as_u64() > Some(0))
}

/// Puts what people call the values of picklists beside them, in the fields of the lines of a change.
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

/// What people call a value of a picklist, or several.
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

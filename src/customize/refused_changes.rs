//! Diagnostics of changes that are not carried out: of rights by a designer, such as lose data, and such as records do not
//! fit.

use crate::{
    base::{Code, Error, Message},
    catalog::{CatalogChange, ChangeKind, Diagnostic, messages},
};

/// The diagnostic for a change of rights by a designer. Dimensions, parents, systems, business lines and
/// responsible employees decide which records are open, also to the designer.
pub(super) fn not_ones_own(path: &str, change: &CatalogChange) -> Diagnostic {
    let message = match (change.kind, &change.field) {
        (
            ChangeKind::AddField | ChangeKind::RestoreField | ChangeKind::UpdateField,
            Some(field),
        ) => {
            let name = format!("{}.{field}", change.object);
            match &change.reason {
                Some(reason) if *reason == messages::hides_or_shows() => {
                    messages::administrators_hide(name)
                }
                _ => messages::administrators_define(messages::rollup_of_all(name)),
            }
        }
        (ChangeKind::AddObject | ChangeKind::RestoreObject, _) => {
            messages::administrators_define(messages::rollups_of_all(&change.object))
        }
        (ChangeKind::RetypeField, Some(field)) => {
            messages::administrators_retype(field, &change.object)
        }
        (_, Some(dimension)) => {
            messages::administrators_change(messages::dimension_of(dimension, &change.object))
        }
        (_, None) => messages::administrators_change(messages::what_rights_go_by(&change.object)),
    };
    Diagnostic {
        code: Code::AccessDenied,
        path: path.to_owned(),
        line: 1,
        column: 1,
        message,
        hint: change.reason.clone(),
    }
}

pub(super) fn destructive(path: &str, change: &CatalogChange) -> Diagnostic {
    let field = change.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
    Diagnostic {
        code: Code::CatalogChange,
        path: path.to_owned(),
        line: 1,
        column: 1,
        message: messages::destructive(format!("{}{field}", change.object), reason(change)),
        hint: None,
    }
}

/// The reason why a change is not safe.
pub(super) fn reason(change: &CatalogChange) -> Message {
    change.reason.clone().unwrap_or_else(|| Message::same(""))
}

/// Turns a refusal by the database into a diagnostic of the text.
pub(super) fn unfitting(path: &str, error: &Error) -> Diagnostic {
    Diagnostic {
        code: error.code,
        path: path.to_owned(),
        line: 1,
        column: 1,
        message: error.message.clone(),
        hint: error.hint.clone(),
    }
}

//! Makes faults of records readable for their caller: removes names that do not exist for the caller.
//!
//! Lower modules report faults completely, with names of the definition. All of them pass through here before
//! they are returned.

use crate::{
    access::{Action, Visible},
    base::{Code, Error},
    catalog::{FieldIx, Object},
};

/// Returns the readable faults of a write to an object, without duplicates.
pub(super) fn readable<'f>(
    visible: Visible<'_>,
    object: &Object,
    faults: impl Iterator<Item = &'f Error>,
) -> Vec<Error> {
    let mut told: Vec<Error> = Vec::new();
    for fault in faults {
        let fault = one(visible, object, fault);
        if !told.contains(&fault) {
            told.push(fault);
        }
    }
    told
}

fn one(visible: Visible<'_>, object: &Object, fault: &Error) -> Error {
    let exists = |object: &Object, ix: FieldIx| {
        visible.fields(visible.catalog.object(object.ix)).any(|(of, _)| of == ix)
    };
    // The object that the path has reached, and the object of its last field.
    let (mut at, mut owner) = (object, object);
    for (place, part) in fault.path.iter().enumerate() {
        let Some((ix, field)) = at.named(part) else { continue };
        if !exists(at, ix) {
            return unnamed(fault, fault.path.iter().take(place));
        }
        owner = at;
        if let Some(target) = field.target() {
            at = visible.catalog.object(target);
        }
    }
    let hint = fault.hint.iter();
    let texts = std::iter::once(&fault.message).chain(hint).flat_map(|text| [&text.en, &text.zh]);
    let hidden = |name: &str| {
        let field = owner.named(name).is_some_and(|(ix, _)| !exists(owner, ix));
        let object = visible.catalog.named(name);
        field
            || object.is_some_and(|object| {
                !visible.access.may(object, Action::Read) && !made(visible, object)
            })
    };
    let named = fault.about.iter().map(String::as_str);
    if texts.flat_map(|text| names(text)).chain(named).any(hidden) {
        let last = fault.path.iter().rposition(|part| owner.named(part).is_some());
        return unnamed(fault, fault.path.iter().take(last.unwrap_or(0)));
    }
    fault.clone()
}

/// Whether the caller knows an unreadable object's name because they may create or edit its records.
fn made(visible: Visible<'_>, object: &Object) -> bool {
    [Action::Create, Action::Edit].into_iter().any(|action| visible.may(object, action))
}

/// Returns the words in backticks.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
}

/// Replaces a fault's texts by ones without names.
fn unnamed<'p>(fault: &Error, path: impl Iterator<Item = &'p String>) -> Error {
    let (en, zh) = match fault.code {
        Code::RecordRequired => {
            ("a field that you may not see needs a value", "某个您无权查看的字段必须有值")
        }
        Code::RecordTaken => ("another record already has these values", "已有其他记录使用这些值"),
        Code::RecordReference => {
            ("a record that this one refers to is not there", "此记录引用的某条记录不存在")
        }
        Code::RecordInUse => ("other records still refer to this one", "仍有其他记录引用此记录"),
        Code::RecordReadOnly => {
            ("what the system keeps cannot be written", "系统维护的内容不能填写")
        }
        Code::RecordVersion => ("the record was changed meanwhile", "记录已被修改"),
        Code::RecordNotFound => ("there is no such record", "该记录不存在"),
        _ => (
            "a rule over what you may not see does not hold",
            "不满足某项规则，该规则涉及您无权查看的内容",
        ),
    };
    let error = Error::new(fault.code, en, zh).at(path.cloned());
    match fault.code {
        Code::RecordVersion | Code::RecordNotFound => error,
        _ => error.hint("ask an administrator", "请联系管理员"),
    }
}

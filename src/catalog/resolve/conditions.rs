//! Conditions on fields, a part of stage 7: `requiredWhen`, `visibleWhen`, `readOnlyWhen`, and `choose` of relations.
//!
//! `choose` is also asked of the database, to list candidates. So what it reads of the record to choose stands on
//! one side of a comparison, or alone.

use super::{
    super::{
        directive::Directives,
        field::Field,
        field_conditions::{FieldCondition, FieldConditions},
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        messages,
        source::SourcePlace,
    },
    Stages,
    expressions::parse,
};
use crate::{
    base::{Code, Message},
    expr::{Expr, Node, Type},
};

/// The conditions that the directives of a field give.
pub(super) fn resolve(
    object: ObjectIx,
    ix: FieldIx,
    place: SourcePlace<'_>,
    directives: &Directives,
    work: &mut Stages<'_>,
) -> FieldConditions {
    let mut condition = |directive: &str, argument: &str| {
        let said = directives.get(directive)?;
        let text = said.text(argument)?;
        let place = SourcePlace { pos: said.at(argument), ..place };
        let field = work.catalog.object(object).field(ix);
        if let Some((message, hint)) = unfit(field, argument) {
            let fault = place.fault(Code::CatalogDirective, message);
            match hint {
                Some(hint) => work.hinted(fault, hint),
                None => work.fault(fault),
            }
            return None;
        }
        let expr = parse(object, text, &Type::Bool, place, work)?;
        if argument == "choose" {
            chooses(&work.catalog.object(object).field(ix).name.clone(), &expr, text, place, work);
        }
        Some(FieldCondition { expr, text: text.to_owned() })
    };
    FieldConditions {
        required: condition("field", "requiredWhen"),
        visible: condition("field", "visibleWhen"),
        read_only: condition("field", "readOnlyWhen"),
        choose: condition("relation", "choose"),
    }
}

type Told = (Message, Option<Message>);

/// Why a field takes no such condition, with advice.
fn unfit(field: &Field, argument: &str) -> Option<Told> {
    let name = &field.name;
    let given = field.writable();
    match argument {
        "requiredWhen"
            if !given || field.column.is_none() && !matches!(field.ty, FieldType::Union(_)) =>
        {
            Some((messages::does_not_fit_type(argument, name), None))
        }
        "requiredWhen" if field.required => Some((messages::required_anyway(name), None)),
        "readOnlyWhen" if !given => Some((messages::does_not_fit_type(argument, name), None)),
        "visibleWhen" if given && field.required => {
            Some((messages::required_is_visible(name), Some(messages::required_when_visible())))
        }
        "choose" if !matches!(field.ty, FieldType::Relation(_)) => {
            Some((messages::does_not_fit_type(argument, name), None))
        }
        _ => None,
    }
}

/// Reports a `choose` that reads nothing of the record to choose, or in a way that the database is not asked in.
fn chooses(field: &str, expr: &Expr, text: &str, place: SourcePlace<'_>, work: &mut Stages<'_>) {
    let fault = |message| place.fault(Code::CatalogExpression, message);
    if !reads(field, expr) {
        let unread = fault(messages::chooses_nothing(text));
        return work.hinted(unread, messages::read_by_field(field));
    }
    if !asked(field, expr) {
        let message = messages::not_asked(text);
        work.hinted(fault(message), messages::compare_one_field(field));
    }
}

fn reads(field: &str, expr: &Expr) -> bool {
    expr.paths().iter().any(|path| path.first().is_some_and(|first| first == field))
}

/// Whether the database can be asked for the records of which a condition is true.
fn asked(field: &str, expr: &Expr) -> bool {
    if !reads(field, expr) {
        return true;
    }
    let plain = |expr: &Expr| matches!(expr.node(), Node::Path(_));
    let sides = |a: &Expr, b: &Expr| plain(a) && !reads(field, b);
    match expr.node() {
        Node::Path(_) => true,
        Node::Not(inner) => asked(field, inner),
        Node::And(a, b) | Node::Or(a, b) => asked(field, a) && asked(field, b),
        Node::IsNull(inner) | Node::IsNotNull(inner) => plain(inner),
        Node::Compare(_, a, b) => sides(a, b) || sides(b, a),
        Node::In(item, list) => {
            sides(item, list) || matches!(list.node(), Node::Path(_)) && !reads(field, item)
        }
        _ => false,
    }
}

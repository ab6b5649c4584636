//! Formulas that are computed when they are read: what they may read and call, how far they reach, and how large
//! they are. Each database has to compute the same of them for every record that is read.

use super::super::{
    field::Field,
    field_type::{FieldType, TextForm},
    messages,
    object::Object,
    snapshot::Catalog,
};
use crate::{
    base::{Message, Value},
    expr::{Arithmetic, Expr, Function, Node, Type},
};

/// The most relations of one path.
const DEEPEST: usize = 3;
/// The most relations of a formula.
const MOST_RELATIONS: usize = 6;
/// The most operations of a formula, with those of the formulas that it reads.
const MOST_OPERATIONS: usize = 60;
/// The most digits after the point of a result on the way.
const FINEST: u32 = 18;
/// The digits after the point that a division keeps.
const DIVIDED: u32 = 10;

/// A fault with advice.
type Fault = (Message, Message);

/// The fault of a field whose values are not computed when they are read.
pub(super) fn type_faults(field: &Field) -> Vec<Fault> {
    match computable(&field.ty) {
        true => Vec::new(),
        false => vec![(messages::not_computed_when_read(&field.name), messages::store_it())],
    }
}

/// The faults of a formula that is computed when it is read.
pub(super) fn faults(catalog: &Catalog, object: &Object, text: &str, formula: &Expr) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in formula.paths() {
        let name = path.join(".");
        let Some(along) = catalog.fields_along(object, &path) else {
            faults.push((messages::reads_the_caller(text, name), messages::read_given()));
            continue;
        };
        if along.len() > DEEPEST + 1 {
            let message = messages::leads_too_far(text, &name, DEEPEST);
            faults.push((message, messages::shorter_path()));
        }
        if along.len() > 1 && end(catalog, object, &along).is_some_and(|end| end.on_read) {
            faults.push((messages::reads_unstored(text, &name), messages::store_it()));
        }
    }
    if formula.calls(Function::Now) {
        let message = messages::no_call_when_read(text, Function::Now.name());
        faults.push((message, messages::read_given()));
    }
    faults.extend(unwritten(text, formula));
    faults
}

/// The faults of an expression that the databases do not compute as it is evaluated in memory.
pub(in crate::catalog) fn unwritten(text: &str, formula: &Expr) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !calls_are_known(formula) {
        faults.push((messages::lists_when_read(text), messages::compare_values()));
    }
    for function in [Function::Upper, Function::Lower, Function::PlainText, Function::Date] {
        if formula.calls(function) {
            let message = messages::no_call_when_read(text, function.name());
            faults.push((message, messages::store_as_formula()));
        }
    }
    faults
}

/// The faults of a formula's size, once all formulas are known and none reads itself.
pub(super) fn size_faults(
    catalog: &Catalog,
    object: &Object,
    text: &str,
    formula: &Expr,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let relations = catalog.led_over(object, formula).len();
    if relations > MOST_RELATIONS {
        let message = messages::leads_too_wide(text, relations, MOST_RELATIONS);
        faults.push((message, messages::shorter_path()));
    }
    let operations = operations(object, formula);
    if operations > MOST_OPERATIONS {
        let message = messages::too_many_operations(text, operations, MOST_OPERATIONS);
        faults.push((message, messages::split_formula()));
    }
    if digits(catalog, object, formula).is_none() {
        faults.push((messages::too_fine(text, FINEST), messages::round_parts()));
    }
    faults
}

fn end<'c>(
    catalog: &'c Catalog,
    object: &'c Object,
    path: &[super::super::ids::FieldIx],
) -> Option<&'c Field> {
    let (last, steps) = path.split_last()?;
    let at = match steps {
        [] => object,
        steps => catalog.object(catalog.end(object, steps)?),
    };
    Some(at.field(*last))
}

/// Whether both databases can compute values of the type.
fn computable(ty: &FieldType) -> bool {
    match ty {
        FieldType::Text { form, .. } => matches!(form, TextForm::Plain | TextForm::Long),
        FieldType::Integer
        | FieldType::Duration
        | FieldType::Rating { .. }
        | FieldType::Decimal { .. }
        | FieldType::Boolean
        | FieldType::Date
        | FieldType::DateTime
        | FieldType::Time
        | FieldType::Picklist(_) => true,
        FieldType::Id
        | FieldType::RichText { .. }
        | FieldType::Json
        | FieldType::MultiPicklist(_)
        | FieldType::AutoNumber(_)
        | FieldType::Relation(_)
        | FieldType::Rollup(_)
        | FieldType::Lines(_)
        | FieldType::ManyToMany(_)
        | FieldType::Inverse(_)
        | FieldType::Union(_) => false,
    }
}

/// Whether lists are only read, or written where something is looked for in them.
fn calls_are_known(formula: &Expr) -> bool {
    let list = |expr: &Expr| matches!(expr.ty(), Type::List(_));
    let known = match formula.node() {
        Node::In(_, items) => match items.node() {
            Node::List(items) => return items.iter().all(calls_are_known),
            node => matches!(node, Node::Path(_)),
        },
        Node::Call(Function::Size, of) => {
            of.iter().all(|of| !list(of) || matches!(of.node(), Node::Path(_)))
        }
        Node::IsNull(inner) | Node::IsNotNull(inner) => {
            !list(inner) || matches!(inner.node(), Node::Path(_))
        }
        _ => !formula.operands().into_iter().any(list) && !matches!(formula.node(), Node::List(_)),
    };
    known && formula.operands().into_iter().all(|inner| list(inner) || calls_are_known(inner))
}

fn operations(object: &Object, formula: &Expr) -> usize {
    let own = match formula.node() {
        Node::Const(_) | Node::Widen(_) | Node::List(_) => 0,
        Node::Path(path) => match path.as_slice() {
            [own] => object.named(own).map_or(0, |(_, read)| match &read.formula {
                Some(inner) if read.on_read => operations(object, inner),
                _ => 0,
            }),
            _ => 0,
        },
        _ => 1,
    };
    let inner = formula.operands().into_iter().map(|inner| operations(object, inner));
    inner.fold(own, usize::saturating_add)
}

/// The digits after the point of a number; `None` if some result on the way has too many.
fn digits(catalog: &Catalog, object: &Object, formula: &Expr) -> Option<u32> {
    let each = || formula.operands().into_iter().map(|inner| digits(catalog, object, inner));
    let most = || each().try_fold(0, |most, digits| Some(u32::max(most, digits?)));
    let digits = match formula.node() {
        Node::Const(value) => {
            value.as_decimal().map_or(0, |number| rust_decimal::Decimal::normalize(&number).scale())
        }
        Node::Path(path) => {
            let along = catalog.fields_along(object, path)?;
            end(catalog, object, &along)?.ty.scale().unwrap_or_default().into()
        }
        Node::Arithmetic(Arithmetic::Multiply, ..) => {
            each().try_fold(0, |sum, digits| Some(sum + digits?))?
        }
        Node::Arithmetic(Arithmetic::Divide, ..) => most().map(|_| DIVIDED)?,
        Node::Call(Function::Round, arguments) => {
            let whole = most()?;
            match arguments.get(1).and_then(Expr::as_const) {
                Some(Value::Int(digits)) => whole.min(u32::try_from(*digits).ok()?),
                _ => whole,
            }
        }
        Node::Call(Function::Floor | Function::Ceil, _) => most().map(|_| 0)?,
        _ => most()?,
    };
    (digits <= FINEST).then_some(digits)
}

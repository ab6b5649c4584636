//! Owns the readable form of what a custom text makes of the catalog: its objects, picklists and added fields.

use std::fmt::Write;

use tradewind::{
    catalog::{
        Catalog, Field, FieldIx, FieldType, Label, Object, OnDelete, Picklist, RollupOp, Unit,
    },
    expr::{Expr, Node},
};

/// Everything that is not in the standard catalog, objects first.
pub(crate) fn customization(catalog: &Catalog, standard: &Catalog) -> String {
    let mut out = String::new();
    for object in &catalog.objects {
        let before = standard.named(&object.name);
        let mut body = String::new();
        for field in &object.fields {
            if before.is_none_or(|before| before.named(&field.name).is_none()) {
                line(catalog, object, field, &mut body);
            }
        }
        rules(object, before, &mut body);
        match before {
            None => heading(catalog, object, &mut out),
            Some(before) if body.is_empty() && before.responsible == object.responsible => {}
            Some(before) => {
                let added = object.responsible && !before.responsible;
                let responsible = if added { " (responsible)" } else { "" };
                let _ = writeln!(out, "extend {}{responsible}", object.name);
            }
        }
        out.push_str(&body);
    }
    for list in &catalog.picklists {
        picklist(list, standard.picklists.iter().find(|other| other.name == list.name), &mut out);
    }
    for union in &catalog.unions {
        if standard.unions.iter().all(|other| other.name != union.name) {
            let targets = union.targets.iter().map(|ix| catalog.object(*ix).name.as_str());
            let targets = targets.collect::<Vec<_>>().join(" | ");
            let _ = writeln!(out, "union {}{}: {targets}", union.name, label(&union.label));
        }
    }
    out
}

fn heading(catalog: &Catalog, object: &Object, out: &mut String) {
    let _ = write!(out, "{:?} {}", object.kind, object.name);
    if let Some(plural) = &object.plural {
        let _ = write!(out, " / {plural}");
    }
    let _ = writeln!(out, " in {}{}", object.table, label(&object.label));
    let mut options = object.systems.clone();
    for (on, name) in [
        (object.responsible, "responsible"),
        (object.workflow, "workflow"),
        (object.approval, "approval"),
        (object.upstream, "upstream"),
    ] {
        if on {
            options.push(name.to_owned());
        }
    }
    options.extend(object.display.map(|ix| format!("shown by {}", object.field(ix).name)));
    options.extend(object.parent.map(|ix| format!("child of {}", object.field(ix).name)));
    for dimension in &object.dimensions {
        let mut at = Some(object);
        let mut path = Vec::new();
        for step in &dimension.path {
            let field = at.map(|object| object.field(*step));
            path.extend(field.map(|field| field.name.clone()));
            at = field.and_then(Field::target).map(|ix| catalog.object(ix));
        }
        options.push(format!("dimension {} at {}", dimension.name, path.join(".")));
    }
    if !options.is_empty() {
        let _ = writeln!(out, "  ({})", options.join(", "));
    }
    if let Some(text) = &object.description {
        let _ = writeln!(out, "  \"{text}\"");
    }
}

fn line(catalog: &Catalog, object: &Object, field: &Field, out: &mut String) {
    let required = if field.required { "!" } else { "" };
    let _ = write!(out, "  {}: {}{required}", field.name, kind(catalog, object, field));
    if let Some(column) = &field.column {
        let _ = write!(out, " in {column}");
    }
    out.push_str(&label(&field.label));
    for (on, name) in [(field.system, "system"), (field.search, "search")] {
        if on {
            let _ = write!(out, " {name}");
        }
    }
    if let Some(default) = &field.default {
        let _ = write!(out, " default `{}`", expression(default));
    }
    for check in &field.checks {
        let _ = write!(out, " check `{}`", check.text);
    }
    let conditions = &field.conditions;
    for (name, condition) in [
        ("required", &conditions.required),
        ("visible", &conditions.visible),
        ("read-only", &conditions.read_only),
        ("choose", &conditions.choose),
    ] {
        if let Some(condition) = condition {
            let _ = write!(out, " {name} `{}`", condition.text);
        }
    }
    if let (Some(formula), Some(_)) = (&field.formula, &field.formula_text) {
        let _ = write!(out, " formula `{}`", expression(formula));
    }
    if let Some(text) = &field.description {
        let _ = write!(out, " \"{text}\"");
    }
    out.push('\n');
}

fn kind(catalog: &Catalog, object: &Object, field: &Field) -> String {
    let name = |ix| catalog.object(ix).name.as_str();
    let via = |target, via: FieldIx| catalog.object(target).field(via).name.as_str();
    match &field.ty {
        FieldType::Text { max, form, .. } => format!("{form:?} text {max}"),
        FieldType::RichText { max } => format!("Rich text {max}"),
        FieldType::Rating { max } => format!("Rating {max}"),
        FieldType::Decimal { scale, unit: Unit::Money } => format!("Money {scale}"),
        FieldType::Decimal { scale, unit: Unit::Amount } => format!("Amount {scale}"),
        FieldType::Decimal { scale, unit: Unit::Percent } => format!("Percent {scale}"),
        FieldType::Decimal { scale, unit: Unit::Plain } => format!("Decimal {scale}"),
        FieldType::Picklist(list) => format!("one of {}", catalog.picklist(*list).name),
        FieldType::MultiPicklist(list) => format!("some of {}", catalog.picklist(*list).name),
        FieldType::AutoNumber(format) => {
            let values: Vec<_> =
                format.paths().map(|path| format!("<{}>", path.join("."))).collect();
            format!("number {}", format.print("2026-11-23".parse().unwrap(), &values, 7))
        }
        FieldType::Relation(relation) => {
            let mut told = format!("-> {}", name(relation.target));
            if let Some(inverse) = &relation.inverse {
                let _ = write!(told, ".{inverse}");
            }
            if relation.parent {
                told.push_str(" parent");
            }
            if relation.on_delete != OnDelete::Restrict {
                let _ = write!(told, " {:?}", relation.on_delete);
            }
            told
        }
        FieldType::Rollup(rollup) => {
            let lines = object.field(rollup.lines);
            let scale = rollup.scale.map(|scale| format!(" scale {scale}")).unwrap_or_default();
            match (rollup.op, lines.target()) {
                (RollupOp::Sum(summed), Some(target)) => {
                    format!("sum of {}.{}{scale}", lines.name, via(target, summed))
                }
                _ => format!("count of {}", lines.name),
            }
        }
        FieldType::Lines(lines) => {
            format!("lines {} by {}", name(lines.target), via(lines.target, lines.via))
        }
        FieldType::ManyToMany(junction) => {
            format!("many {} through {}", name(junction.target), junction.table)
        }
        FieldType::Inverse(inverse) => {
            format!("all {} by {}", name(inverse.target), via(inverse.target, inverse.via))
        }
        FieldType::Union(known) => format!("one of {}", catalog.union(known.union).name),
        plain => format!("{plain:?}"),
    }
}

/// Keys and checks that the object did not have before.
fn rules(object: &Object, before: Option<&Object>, out: &mut String) {
    let names = |object: &Object, fields: &[FieldIx]| {
        let names: Vec<_> = fields.iter().map(|ix| object.field(*ix).name.as_str()).collect();
        names.join(", ")
    };
    for key in &object.uniques {
        if !before.is_some_and(|before| before.uniques.iter().any(|old| old.name == key.name)) {
            let _ = writeln!(out, "  unique ({}) as {}", names(object, &key.fields), key.name);
        }
    }
    for key in &object.indexes {
        if !before.is_some_and(|before| before.indexes.iter().any(|old| old.name == key.name)) {
            let _ = writeln!(out, "  index ({}) as {}", names(object, &key.fields), key.name);
        }
    }
    for check in object.checks.iter().skip(before.map_or(0, |before| before.checks.len())) {
        let _ = writeln!(out, "  check `{}`{}", check.text, label(&check.message));
    }
}

fn picklist(list: &Picklist, before: Option<&Picklist>, out: &mut String) {
    let values: Vec<_> = list
        .values
        .iter()
        .filter(|value| !before.is_some_and(|before| before.has(&value.name)))
        .map(|value| format!("{}{}", value.name, label(&value.label)))
        .collect();
    let values = values.join(", ");
    match before {
        None => {
            let _ = writeln!(out, "picklist {}{}: {values}", list.name, label(&list.label));
        }
        Some(_) if values.is_empty() => {}
        Some(_) => {
            let _ = writeln!(out, "extend picklist {}: {values}", list.name);
        }
    }
}

fn label(label: &Label) -> String {
    match (&label.zh, &label.en) {
        (None, None) => String::new(),
        (zh, en) => {
            let both = [zh.as_deref(), en.as_deref()];
            format!(" [{}]", both.into_iter().flatten().collect::<Vec<_>>().join(" / "))
        }
    }
}

/// The tree of an expression, operator first.
fn expression(expr: &Expr) -> String {
    let head = match expr.node() {
        Node::Const(value) => return format!("{value:?}"),
        Node::Path(path) => return path.join("."),
        Node::Call(function, _) => function.name().to_owned(),
        Node::Compare(comparison, ..) => format!("{comparison:?}"),
        Node::Arithmetic(arithmetic, ..) => format!("{arithmetic:?}"),
        Node::List(_) => "list".to_owned(),
        other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
    };
    let operands: Vec<_> = expr.operands().into_iter().map(expression).collect();
    format!("{head}({})", operands.join(", "))
}

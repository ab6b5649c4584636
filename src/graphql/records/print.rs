//! Prints a schema as SDL, with a description on everything.

use std::fmt::Write;

use async_graphql::registry::{Deprecation, MetaField, MetaInputValue, MetaType, Registry};

use crate::graphql::{
    introspection_writer::said,
    words::{About, Words},
};

/// Scalars that every schema has implicitly.
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// Prints the types and roots of a schema, without introspection types.
pub(super) fn types(registry: &Registry, words: &Words<'_>) -> String {
    let mut out = String::new();
    let own = registry
        .types
        .values()
        .filter(|ty| !ty.name().starts_with("__") && !BUILT_IN.contains(&ty.name()));
    for ty in own {
        definition(registry, words, ty, &mut out);
        out.push('\n');
    }
    out.push_str("schema {\n");
    let roots = [
        ("query", Some(registry.query_type.as_str())),
        ("mutation", registry.mutation_type.as_deref()),
        ("subscription", registry.subscription_type.as_deref()),
    ];
    for (root, name) in roots {
        if let Some(name) = name {
            let _ = writeln!(out, "\t{root}: {name}");
        }
    }
    out.push_str("}\n");
    out
}

/// Writes a description: `"""What it is for."""`.
pub(super) fn description(text: &str, deep: usize, out: &mut String) {
    let indent = "\t".repeat(deep);
    let text = text.replace("\"\"\"", "\\\"\"\"");
    let _ = writeln!(out, "{indent}\"\"\"\n{indent}{text}\n{indent}\"\"\"");
}

fn definition(registry: &Registry, words: &Words<'_>, ty: &MetaType, out: &mut String) {
    let name = ty.name();
    let about = words.about(name);
    description(&about.itself(said(ty)), 0, out);
    match ty {
        MetaType::Scalar { specified_by_url, .. } => {
            let _ = write!(out, "scalar {name}");
            if let Some(url) = specified_by_url.as_deref().or_else(|| words.specified_by(name)) {
                let _ = write!(out, " @specifiedBy(url: {url:?})");
            }
            out.push('\n');
        }
        MetaType::Object { fields, .. } | MetaType::Interface { fields, .. } => {
            let kind = if matches!(ty, MetaType::Object { .. }) { "type" } else { "interface" };
            let _ = write!(out, "{kind} {name}");
            let all = registry.implements.get(name);
            for (at, other) in all.into_iter().flatten().enumerate() {
                let _ = write!(out, "{}{other}", if at == 0 { " implements " } else { " & " });
            }
            out.push_str(" {\n");
            for known in fields.values().filter(|field| !field.name.starts_with("__")) {
                field(&about, known, out);
            }
            out.push_str("}\n");
        }
        MetaType::Union { possible_types, .. } => {
            let all: Vec<_> = possible_types.iter().map(String::as_str).collect();
            let _ = writeln!(out, "union {name} = {}", all.join(" | "));
        }
        MetaType::Enum { enum_values, .. } => {
            let _ = writeln!(out, "enum {name} {{");
            for value in enum_values.values() {
                description(&about.part(&value.name, value.description.as_deref()), 1, out);
                let _ = writeln!(out, "\t{}{}", value.name, deprecated(&value.deprecation));
            }
            out.push_str("}\n");
        }
        MetaType::InputObject { input_fields, oneof, .. } => {
            let one = if *oneof { " @oneOf" } else { "" };
            let _ = writeln!(out, "input {name}{one} {{");
            for value in input_fields.values() {
                description(&about.part(&value.name, value.description.as_deref()), 1, out);
                let _ = writeln!(out, "\t{}", input(value));
            }
            out.push_str("}\n");
        }
    }
}

fn field(about: &About<'_>, field: &MetaField, out: &mut String) {
    description(&about.part(&field.name, field.description.as_deref()), 1, out);
    let _ = write!(out, "\t{}", field.name);
    if !field.args.is_empty() {
        out.push_str("(\n");
        for arg in field.args.values() {
            let text = about.argument(&field.name, &arg.name, arg.description.as_deref());
            description(&text, 2, out);
            let _ = writeln!(out, "\t\t{}", input(arg));
        }
        out.push_str("\t)");
    }
    let _ = write!(out, ": {}", field.ty);
    out.push_str(&deprecated(&field.deprecation));
    out.push('\n');
}

fn deprecated(deprecation: &Deprecation) -> String {
    match deprecation {
        Deprecation::Deprecated { reason } => {
            let reason = reason.as_deref().unwrap_or("No longer supported");
            format!(" @deprecated(reason: {reason:?})")
        }
        Deprecation::NoDeprecated => String::new(),
    }
}

fn input(value: &MetaInputValue) -> String {
    let default = value.default_value.as_ref().map(|default| format!(" = {default}"));
    let default = default.unwrap_or_default();
    format!("{}: {}{default}{}", value.name, value.ty, deprecated(&value.deprecation))
}

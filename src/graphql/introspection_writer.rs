//! Writes introspection responses: names and types of a registry, with descriptions, as JSON.
//!
//! The selection is planned once and written for each type. A response may grow with the schema, but not with
//! repeated loops through it: one that is several times larger than the schema is refused.

use std::collections::HashSet;

use async_graphql::{
    Value as Given,
    parser::types::SelectionSet,
    registry::{
        Deprecation, MetaDirective, MetaEnumValue, MetaField, MetaInputValue, MetaType,
        MetaTypeName, Registry,
    },
};

use super::{
    faults, meta,
    reader::SelectionReader,
    schema_mask::Hidden,
    words::{About, Words},
};
use crate::{
    base::{Error, Result},
    query::render::quoted,
};

/// Allowed bytes of a response, whatever the schema.
const LEAST: usize = 4_000_000;
/// Additionally, a response may have this many times the size of the schema.
const TIMES: usize = 3;

/// A selected field with its selection.
pub(super) struct Ask {
    pub(super) key: String,
    pub(super) name: String,
    /// Whether deprecated elements are included.
    deprecated: bool,
    /// The type name of `__type`.
    about: String,
    below: Vec<Ask>,
}

/// Plans a selection on an introspection type.
pub(super) fn planned(reader: &SelectionReader<'_>, sets: &[&SelectionSet], ty: &str) -> Vec<Ask> {
    let known = meta::types().types.get(ty);
    let collected = reader.collect(sets, ty);
    let mut asks = Vec::with_capacity(collected.len());
    for (key, fields) in collected {
        let Some(first) = fields.first() else { continue };
        let name = first.name.node.as_str();
        let given = reader.arguments(first);
        let below = known
            .and_then(|known| known.field_by_name(name))
            .map_or("", |field| MetaTypeName::concrete_typename(&field.ty));
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        asks.push(Ask {
            key,
            name: name.to_owned(),
            deprecated: given.get("includeDeprecated") == Some(&Given::Boolean(true)),
            about: match given.get("name") {
                Some(Given::String(name)) => name.clone(),
                _ => String::new(),
            },
            below: match below {
                "" => Vec::new(),
                below => planned(reader, &sets, below),
            },
        });
    }
    asks
}

/// Writes the response to `__schema` or `__type`, of what is not hidden.
pub(super) fn answer(
    registry: &Registry,
    hidden: &Hidden,
    directives: &[&MetaDirective],
    words: &Words<'_>,
    ask: &Ask,
) -> Result<String> {
    let mut reached = HashSet::new();
    let roots = [
        Some(registry.query_type.as_str()),
        registry.mutation_type.as_deref(),
        registry.subscription_type.as_deref(),
    ];
    for root in roots.into_iter().flatten() {
        reach(registry, hidden, root, &mut reached);
    }
    for name in ["Boolean", "String"] {
        reach(registry, hidden, name, &mut reached);
    }
    let there = reached.iter().filter_map(|name| registry.types.get(*name));
    let size: usize = there.map(|ty| size(hidden, ty)).sum();
    let mut writer = Writer {
        registry,
        hidden,
        directives,
        words,
        reached,
        most: LEAST + TIMES * size,
        out: String::new(),
    };
    match ask.name.as_str() {
        "__schema" => writer.schema(&ask.below)?,
        _ => match writer.named(&ask.about) {
            Some(ty) => writer.ty(Form::Named(ty), &ask.below)?,
            None => writer.out.push_str("null"),
        },
    }
    Ok(writer.out)
}

/// Collects every type that is reachable from a root.
fn reach<'r>(
    registry: &'r Registry,
    hidden: &Hidden,
    name: &'r str,
    reached: &mut HashSet<&'r str>,
) {
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        if meta::reserved(name) {
            continue;
        }
        let Some(ty) = hidden.ty(registry, name) else { continue };
        if !reached.insert(ty.name()) {
            continue;
        }
        for field in hidden.fields(ty).filter(|field| !meta::reserved(&field.name)) {
            open.push(MetaTypeName::concrete_typename(&field.ty));
            let args = hidden.args(name, field);
            open.extend(args.map(|arg| MetaTypeName::concrete_typename(&arg.ty)));
        }
        let inputs = hidden.inputs(ty);
        open.extend(inputs.map(|field| MetaTypeName::concrete_typename(&field.ty)));
        open.extend(ty.possible_types().into_iter().flatten().map(String::as_str));
        open.extend(registry.implements.get(name).into_iter().flatten().map(String::as_str));
    }
}

/// Estimates the bytes of a complete description of a type.
fn size(hidden: &Hidden, ty: &MetaType) -> usize {
    let input = |value: &MetaInputValue| 220 + value.name.len() + value.ty.len();
    let fields = hidden.fields(ty).map(|field| {
        let args: usize = hidden.args(ty.name(), field).map(input).sum();
        250 + field.name.len() + field.ty.len() + args
    });
    let own: usize = 150 + fields.sum::<usize>();
    own + match ty {
        MetaType::InputObject { .. } => hidden.inputs(ty).map(input).sum(),
        MetaType::Enum { .. } => hidden.values(ty).map(|value| 100 + value.name.len()).sum(),
        _ => 100 * ty.possible_types().map_or(0, indexmap::IndexSet::len),
    }
}

/// A type in a response.
#[derive(Clone, Copy)]
enum Form<'w> {
    Named(&'w MetaType),
    List(&'w str),
    NonNull(&'w str),
}

struct Writer<'w> {
    registry: &'w Registry,
    /// What of it does not exist for the caller.
    hidden: &'w Hidden,
    directives: &'w [&'w MetaDirective],
    /// Labels and descriptions.
    words: &'w Words<'w>,
    /// The reachable types.
    reached: HashSet<&'w str>,
    /// Most bytes of the response.
    most: usize,
    out: String,
}

impl<'w> Writer<'w> {
    /// Returns a type of the schema, or an introspection type.
    fn named(&self, name: &str) -> Option<&'w MetaType> {
        if meta::reserved(name) {
            return meta::types().types.get(name);
        }
        self.registry.types.get(name).filter(|ty| self.reached.contains(ty.name()))
    }

    fn form(&self, ty: &'w str) -> Option<Form<'w>> {
        Some(match MetaTypeName::create(ty) {
            MetaTypeName::Named(name) => Form::Named(self.named(name)?),
            MetaTypeName::List(inner) => Form::List(inner),
            MetaTypeName::NonNull(inner) => Form::NonNull(inner),
        })
    }

    /// Writes an object with its fields.
    fn object(
        &mut self,
        ty: &str,
        asks: &[Ask],
        mut field: impl FnMut(&mut Self, &Ask) -> Result<()>,
    ) -> Result<()> {
        if self.out.len() > self.most {
            return Err(faults::schema_in_circles());
        }
        self.out.push('{');
        for (at, ask) in asks.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.out.push('"');
            self.out.push_str(&ask.key);
            self.out.push_str("\":");
            if ask.name == "__typename" {
                quoted(ty, &mut self.out);
            } else {
                field(self, ask)?;
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut one: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        self.out.push('[');
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            one(self, item)?;
        }
        self.out.push(']');
        Ok(())
    }

    fn text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => quoted(text, &mut self.out),
            None => self.out.push_str("null"),
        }
    }

    fn truth(&mut self, truth: bool) {
        self.out.push_str(if truth { "true" } else { "false" });
    }

    fn schema(&mut self, asks: &[Ask]) -> Result<()> {
        let registry = self.registry;
        let directives = self.directives;
        self.object("__Schema", asks, |writer, ask| {
            let root = |writer: &mut Self, name: Option<&'w str>| match name
                .and_then(|name| writer.named(name))
            {
                Some(ty) => writer.ty(Form::Named(ty), &ask.below),
                None => {
                    writer.text(None);
                    Ok(())
                }
            };
            match ask.name.as_str() {
                "description" => writer.text(Some(&writer.words.schema())),
                "queryType" => root(writer, Some(&registry.query_type))?,
                "mutationType" => root(writer, registry.mutation_type.as_deref())?,
                "subscriptionType" => root(writer, registry.subscription_type.as_deref())?,
                "types" => {
                    let own = registry.types.values();
                    let own: Vec<_> = own.filter(|ty| writer.reached.contains(ty.name())).collect();
                    let meta = meta::types().types.values();
                    let all = own.into_iter().chain(meta.filter(|ty| meta::reserved(ty.name())));
                    writer.list(all, |writer, ty| writer.ty(Form::Named(ty), &ask.below))?;
                }
                "directives" => {
                    writer.list(directives.iter().copied(), |writer, one| {
                        writer.directive(one, &ask.below)
                    })?;
                }
                _ => writer.text(None),
            }
            Ok(())
        })
    }

    fn ty(&mut self, form: Form<'w>, asks: &[Ask]) -> Result<()> {
        self.object("__Type", asks, |writer, ask| {
            match (ask.name.as_str(), form) {
                ("kind", form) => writer.text(Some(kind(form))),
                ("ofType", Form::List(inner) | Form::NonNull(inner)) => {
                    writer.of(inner, &ask.below)?;
                }
                (_, Form::List(_) | Form::NonNull(_)) => writer.text(None),
                ("name", Form::Named(ty)) => writer.text(Some(ty.name())),
                (_, Form::Named(ty)) => writer.own(ty, ask)?,
            }
            Ok(())
        })
    }

    /// Writes a field's type, given its text.
    fn of(&mut self, ty: &'w str, asks: &[Ask]) -> Result<()> {
        match self.form(ty) {
            Some(form) => self.ty(form, asks),
            None => Err(Error::internal(format!("the schema has no type `{ty}`"))),
        }
    }

    /// Writes properties that only named types have.
    fn own(&mut self, ty: &'w MetaType, ask: &Ask) -> Result<()> {
        let (words, hidden) = (self.words, self.hidden);
        let about = words.about(ty.name());
        let wanted = |deprecation: &Deprecation| ask.deprecated || !deprecation.is_deprecated();
        match (ask.name.as_str(), ty) {
            ("description", ty) => self.text(Some(&about.itself(said(ty)))),
            ("specifiedByURL", MetaType::Scalar { specified_by_url, .. }) => {
                let known = specified_by_url.as_deref();
                self.text(known.or_else(|| words.specified_by(ty.name())));
            }
            ("isOneOf", MetaType::InputObject { oneof, .. }) => self.truth(*oneof),
            ("fields", MetaType::Object { .. } | MetaType::Interface { .. }) => {
                let shown = shown(hidden.fields(ty), meta::nothing().field.as_ref());
                let wanted = shown
                    .into_iter()
                    .filter(|field| wanted(&field.deprecation) && !meta::reserved(&field.name));
                self.list(wanted, |writer, field| writer.field(&about, field, &ask.below))?;
            }
            ("inputFields", MetaType::InputObject { .. }) => {
                let shown = shown(hidden.inputs(ty), meta::nothing().input.as_ref());
                let wanted = shown.into_iter().filter(|field| wanted(&field.deprecation));
                self.list(wanted, |writer, field| {
                    let text = || about.part(&field.name, field.description.as_deref());
                    writer.input(field, &ask.below, &text)
                })?;
            }
            ("enumValues", MetaType::Enum { .. }) => {
                let wanted = hidden.values(ty).filter(|value| wanted(&value.deprecation));
                self.list(wanted, |writer, value| writer.value(&about, value, &ask.below))?;
            }
            ("interfaces", MetaType::Object { name, .. } | MetaType::Interface { name, .. }) => {
                let registry = self.registry;
                let all = registry.implements.get(name).into_iter().flatten();
                self.types(all.map(String::as_str), ask)?;
            }
            ("possibleTypes", ty) if ty.is_abstract() => {
                self.types(ty.possible_types().into_iter().flatten().map(String::as_str), ask)?;
            }
            _ => self.text(None),
        }
        Ok(())
    }

    fn types(&mut self, names: impl Iterator<Item = &'w str>, ask: &Ask) -> Result<()> {
        let there: Vec<_> = names.filter_map(|name| self.named(name)).collect();
        self.list(there, |writer, ty| writer.ty(Form::Named(ty), &ask.below))
    }

    fn field(&mut self, about: &About<'_>, field: &'w MetaField, asks: &[Ask]) -> Result<()> {
        let hidden = self.hidden;
        self.object("__Field", asks, |writer, ask| {
            match ask.name.as_str() {
                "name" => writer.text(Some(&field.name)),
                "description" => {
                    writer.text(Some(&about.part(&field.name, field.description.as_deref())));
                }
                "args" => {
                    let shown = hidden
                        .args(about.ty(), field)
                        .filter(|arg| ask.deprecated || !arg.deprecation.is_deprecated());
                    writer.list(shown, |writer, arg| {
                        let known = arg.description.as_deref();
                        let text = || about.argument(&field.name, &arg.name, known);
                        writer.input(arg, &ask.below, &text)
                    })?;
                }
                "type" => writer.of(&field.ty, &ask.below)?,
                _ => writer.deprecation(&field.deprecation, ask),
            }
            Ok(())
        })
    }

    fn input(
        &mut self,
        value: &'w MetaInputValue,
        asks: &[Ask],
        text: &dyn Fn() -> String,
    ) -> Result<()> {
        self.object("__InputValue", asks, |writer, ask| {
            match ask.name.as_str() {
                "name" => writer.text(Some(&value.name)),
                "description" => writer.text(Some(&text())),
                "type" => writer.of(&value.ty, &ask.below)?,
                "defaultValue" => writer.text(value.default_value.as_deref()),
                _ => writer.deprecation(&value.deprecation, ask),
            }
            Ok(())
        })
    }

    fn value(&mut self, about: &About<'_>, value: &MetaEnumValue, asks: &[Ask]) -> Result<()> {
        self.object("__EnumValue", asks, |writer, ask| {
            match ask.name.as_str() {
                "name" => writer.text(Some(&value.name)),
                "description" => {
                    writer.text(Some(&about.part(&value.name, value.description.as_deref())));
                }
                _ => writer.deprecation(&value.deprecation, ask),
            }
            Ok(())
        })
    }

    fn directive(&mut self, known: &'w MetaDirective, asks: &[Ask]) -> Result<()> {
        let words = self.words;
        self.object("__Directive", asks, |writer, ask| {
            match ask.name.as_str() {
                "name" => writer.text(Some(&known.name)),
                "description" => {
                    let text = words.directive(&known.name, known.description.as_deref());
                    writer.text(Some(&text));
                }
                "isRepeatable" => writer.truth(known.is_repeatable),
                "locations" => writer.list(&known.locations, |writer, place| {
                    writer.text(Some(&format!("{place:?}")));
                    Ok(())
                })?,
                "args" => {
                    let shown = known.args.values();
                    let shown =
                        shown.filter(|arg| ask.deprecated || !arg.deprecation.is_deprecated());
                    writer.list(shown, |writer, arg| {
                        let said = arg.description.as_deref();
                        let text = || words.directive_argument(&known.name, &arg.name, said);
                        writer.input(arg, &ask.below, &text)
                    })?;
                }
                _ => writer.deprecation(&Deprecation::NoDeprecated, ask),
            }
            Ok(())
        })
    }

    fn deprecation(&mut self, deprecation: &Deprecation, ask: &Ask) {
        match ask.name.as_str() {
            "isDeprecated" => self.truth(deprecation.is_deprecated()),
            _ => self.text(deprecation.reason()),
        }
    }
}

/// Returns what exists of a type that has fields, or what stands for it if nothing is left.
fn shown<'s, T>(there: impl Iterator<Item = &'s T>, nothing: Option<&'s T>) -> Vec<&'s T> {
    let there: Vec<_> = there.collect();
    if there.is_empty() { nothing.into_iter().collect() } else { there }
}

fn kind(form: Form<'_>) -> &'static str {
    match form {
        Form::List(_) => "LIST",
        Form::NonNull(_) => "NON_NULL",
        Form::Named(MetaType::Scalar { .. }) => "SCALAR",
        Form::Named(MetaType::Object { .. }) => "OBJECT",
        Form::Named(MetaType::Interface { .. }) => "INTERFACE",
        Form::Named(MetaType::Union { .. }) => "UNION",
        Form::Named(MetaType::Enum { .. }) => "ENUM",
        Form::Named(MetaType::InputObject { .. }) => "INPUT_OBJECT",
    }
}

/// Returns the description of a type.
pub(super) fn said(ty: &MetaType) -> Option<&str> {
    match ty {
        MetaType::Scalar { description, .. }
        | MetaType::Object { description, .. }
        | MetaType::Interface { description, .. }
        | MetaType::Union { description, .. }
        | MetaType::Enum { description, .. }
        | MetaType::InputObject { description, .. } => description.as_deref(),
    }
}

//! Groups of fields: a data item put into an object under a name, as `freight: Freight @item`.
//!
//! Its fields are fields of the object itself, in columns of its table. They are called `freight.cost`, which no API name
//! can be, so that rooms which know fields need not know groups. Those that show records fold the names.

use super::{
    field::{Field, Label, OldName},
    ids::FieldIx,
    object::Object,
    part::Origin,
    snapshot::Catalog,
};
use crate::base::Message;

/// What stands between the name of a group and that of a field in it.
const DOT: char = '.';

/// A group of fields in an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldGroup {
    /// The API name, lower camel case.
    pub name: String,
    /// The names that it had before, the first first.
    pub renamed: Vec<OldName>,
    /// The data item whose fields it has.
    pub item: String,
    /// The labels; those of the item unless it has some of its own.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// Where the definition comes from.
    pub origin: Origin,
}

impl FieldGroup {
    /// The name of one of its fields in the object.
    pub fn field(&self, name: &str) -> String {
        grouped(&self.name, name)
    }

    /// The name for people.
    pub fn title(&self) -> Message {
        self.label.title(&self.name)
    }
}

/// The name of a field in a group: `freight.cost`.
pub fn grouped(group: &str, field: &str) -> String {
    format!("{group}{DOT}{field}")
}

/// The group that a name leads into, if any, and the name there.
pub fn place_of(name: &str) -> (Option<&str>, &str) {
    match name.split_once(DOT) {
        Some((group, name)) => (Some(group), name),
        None => (None, name),
    }
}

impl Field {
    /// The name of the group that it is in, if any, and its name there.
    ///
    /// INVARIANT: only fields of groups, and the relations that stand for a union field, have a dot in their names.
    pub fn place(&self) -> (Option<&str>, &str) {
        match self.of_union {
            Some(_) => (None, &self.name),
            None => place_of(&self.name),
        }
    }
}

impl Object {
    /// The group with a name.
    pub fn group(&self, name: &str) -> Option<&FieldGroup> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The group that had a name before.
    pub fn group_once_called(&self, old: &str) -> Option<&FieldGroup> {
        self.groups.iter().find(|group| group.renamed.iter().any(|name| name.name == old))
    }

    /// The group that a field is in.
    pub fn group_of(&self, field: &Field) -> Option<&FieldGroup> {
        self.group(field.place().0?)
    }

    /// Whether a name is that of a group, or was and still leads to fields.
    pub fn leads_into(&self, name: &str) -> bool {
        let known = |other: &String| place_of(other).0 == Some(name);
        !self.groups.is_empty() && (self.group(name).is_some() || self.old_names.keys().any(known))
    }

    /// What a name of rights stands for: a field, as [`Object::ever_called`] finds it, or all fields of a group.
    pub fn meant_by(&self, name: &str) -> Vec<(FieldIx, &Field)> {
        if let Some(known) = self.ever_called(name) {
            return vec![known];
        }
        let group = self.group(name).or_else(|| self.group_once_called(name));
        group.map(|group| self.in_group(&group.name).collect()).unwrap_or_default()
    }

    /// The fields of a group.
    pub fn in_group(&self, group: &str) -> impl Iterator<Item = (FieldIx, &Field)> {
        self.each_field().filter(move |(_, field)| field.place().0 == Some(group))
    }

    /// The GraphQL type of a group: `SalesOrderFreight`. Families such as `SalesOrderFreightFilter` begin with it.
    pub fn group_type(&self, group: &str) -> String {
        let mut letters = group.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        format!("{}{}{}", self.name, first.into_iter().collect::<String>(), letters.as_str())
    }

    /// The field at which a path of names begins, and the rest of the path. One of a group takes two names.
    pub fn begin<'n, S: AsRef<str>>(&self, names: &'n [S]) -> Option<(FieldIx, &Field, &'n [S])> {
        let (first, rest) = names.split_first()?;
        if let Some((ix, field)) = self.called(first.as_ref()) {
            return Some((ix, field, rest));
        }
        let (second, rest) = rest.split_first()?;
        let (ix, field) = self.called(&grouped(first.as_ref(), second.as_ref()))?;
        Some((ix, field, rest))
    }
}

impl Catalog {
    /// The steps of a path over relations, with the two names of a field in a group as one step. Names that are no
    /// fields stay.
    pub fn steps<'n>(&self, object: &Object, path: &'n str) -> Vec<&'n str> {
        let (mut steps, mut at, mut rest) = (Vec::new(), Some(object), path);
        loop {
            let short = rest.split_once(DOT).map_or(rest.len(), |(first, _)| first.len());
            let long = rest.get(short + 1..).map(|more| {
                short + 1 + more.split_once(DOT).map_or(more.len(), |(second, _)| second.len())
            });
            let long = long.and_then(|end| rest.get(..end));
            let in_group = long.filter(|long| at.is_some_and(|at| at.called(long).is_some()));
            let step = in_group.or_else(|| rest.get(..short)).unwrap_or(rest);
            let field = at.and_then(|at| at.called(step)).map(|(_, field)| field);
            at = field.and_then(|field| Some(self.object(field.target()?)));
            steps.push(step);
            match rest.get(step.len() + 1..) {
                Some(more) => rest = more,
                None => return steps,
            }
        }
    }
}

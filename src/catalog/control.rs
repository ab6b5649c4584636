//! The parts of a definition that rights rest on, and their differences between two versions.
//!
//! Must not know roles. The company switches members on and off, and levels are set on persons.

use super::{
    change::{CatalogChange, ChangeKind, Risk},
    field::Field,
    field_type::FieldType,
    ids::{FieldIx, ObjectIx},
    messages,
    object::Object,
    snapshot::Catalog,
};
use crate::base::Message;

/// The changes of an object's members: the dimensions and parents that control it together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switches {
    /// New members, which start switched off.
    pub added: Vec<String>,
    /// Removed members, and their switches.
    pub gone: Vec<String>,
    /// Members that replace another over the same path and take over its switch: earlier name, new name.
    pub renamed: Vec<(String, String)>,
}

/// A dimension, or a parent that counts by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// The name of its switch: the dimension's name, or the parent's field.
    name: String,
    /// The fields that lead to its value.
    path: Vec<String>,
    /// The properties of the last field that decide to whom a value opens the record: whether it refers
    /// to a parent, whether the parent is required, and the formulas that compute it. Without a parent
    /// there is no rule to meet.
    rule: (bool, bool, Vec<String>),
}

impl Member {
    fn new(catalog: &Catalog, object: &Object, name: &str, path: &[FieldIx]) -> Self {
        let (mut names, mut rule, mut at) = (Vec::new(), (false, false, Vec::new()), Some(object));
        for step in path {
            let Some(on) = at else { break };
            let field = on.field(*step);
            names.push(field.stored.clone());
            let parent = field.relation().is_some_and(|relation| relation.parent);
            rule = (parent, parent && field.required, catalog.made_by(on, *step));
            at = field.target().map(|target| catalog.object(target));
        }
        Self { name: name.to_owned(), path: names, rule }
    }
}

impl Catalog {
    /// The formulas that compute a field: its own, those of the fields that it reads,
    /// and so on, over lines, too.
    pub fn made_by(&self, object: &Object, ix: FieldIx) -> Vec<String> {
        let mut texts = Vec::new();
        self.add_made_by(object, ix, &mut texts);
        texts
    }

    /// What decides a roll-up of all related records: the relation that leads to them, and the formulas that compute what
    /// it reads. `None` for other fields.
    pub fn rests_on(&self, object: &Object, field: &Field) -> Option<Vec<String>> {
        let rollup = field.system_rollup()?;
        let FieldType::Inverse(list) = object.field(rollup.lines).ty else { return None };
        let target = self.object(list.target);
        let (ix, _) = object.stored(&field.stored)?;
        let mut texts = self.made_by(object, ix);
        texts.push(format!("{} by {}", target.name, target.field(list.via).stored));
        Some(texts)
    }

    /// The recursion ends, because no formula reads itself.
    fn add_made_by(&self, object: &Object, ix: FieldIx, texts: &mut Vec<String>) {
        let field = object.field(ix);
        if let FieldType::Rollup(rollup) = field.ty
            && let Some(line) = object.field(rollup.lines).target()
        {
            let line = self.object(line);
            let counted = field.counted.iter().flat_map(|counted| line.read_by(counted));
            for read in rollup.op.field().into_iter().chain(counted) {
                self.add_made_by(line, read, texts);
            }
            texts.extend(
                field.counted_text.as_ref().map(|text| format!("{} where {text}", field.name)),
            );
        }
        let Some(text) = &field.formula_text else { return };
        let text = format!("{}.{} = {text}", object.name, field.name);
        if !texts.contains(&text) {
            texts.push(text);
            for read in field.formula.iter().flat_map(|formula| object.read_by(formula)) {
                self.add_made_by(object, read, texts);
            }
        }
    }
}

fn members(catalog: &Catalog, object: &Object) -> Vec<Member> {
    let dimensions = object
        .dimensions
        .iter()
        .map(|dimension| Member::new(catalog, object, &dimension.name, &dimension.path));
    let parents =
        object.parents().map(|(ix, field)| Member::new(catalog, object, &field.name, &[ix]));
    dimensions.chain(parents).collect()
}

/// The changes of the members of an object that exists in both catalogs.
pub fn switches(old: &Catalog, before: &Object, new: &Catalog, object: &Object) -> Switches {
    let (before, now) = (members(old, before), members(new, object));
    let has = |all: &[Member], name: &str| all.iter().any(|member| member.name == name);
    let mut switches = Switches::default();
    for member in now.iter().filter(|member| !has(&before, &member.name)) {
        // Only the first of several members over one path replaces the earlier one.
        let taken = |name: &str| switches.renamed.iter().any(|(earlier, _)| earlier == name);
        let place = before.iter().find(|other| {
            other.path == member.path && !has(&now, &other.name) && !taken(&other.name)
        });
        match place {
            Some(other) => switches.renamed.push((other.name.clone(), member.name.clone())),
            None => switches.added.push(member.name.clone()),
        }
    }
    let gone = before.iter().map(|member| &member.name).filter(|name| {
        !has(&now, name) && !switches.renamed.iter().any(|(earlier, _)| earlier == *name)
    });
    switches.gone = gone.cloned().collect();
    switches
}

/// The changes of an object's control, each with the risk [`Risk::Rights`].
pub(super) fn changes(
    old: &Catalog,
    before: &Object,
    new: &Catalog,
    object: &Object,
) -> Vec<CatalogChange> {
    let change = |kind, field: Option<&str>, reason: Message| CatalogChange {
        kind,
        object: object.name.clone(),
        field: field.map(str::to_owned),
        risk: Risk::Rights,
        reason: Some(reason),
    };
    let mut changes = Vec::new();
    let switches = switches(old, before, new, object);
    for name in &switches.added {
        changes.push(change(ChangeKind::AddDimension, Some(name), messages::starts_off()));
    }
    for (earlier, name) in &switches.renamed {
        let reason = messages::takes_place(earlier);
        changes.push(change(ChangeKind::UpdateDimension, Some(name), reason));
    }
    for name in &switches.gone {
        let reason = messages::controls_no_more();
        changes.push(change(ChangeKind::RemoveDimension, Some(name), reason));
    }
    let (members_before, members_now) = (members(old, before), members(new, object));
    for member in &members_now {
        let earlier = members_before.iter().find(|other| other.name == member.name);
        if earlier.is_some_and(|earlier| earlier != member) {
            let name = Some(member.name.as_str());
            changes.push(change(ChangeKind::UpdateDimension, name, messages::other_value()));
        }
    }
    let owner = |object: &Object| object.owner.map(|ix| object.field(ix).stored.clone());
    for (differs, reason) in [
        (before.systems != object.systems, messages::go_by_systems()),
        (before.business_line != object.business_line, messages::go_by_business_line()),
        (
            before.responsible != object.responsible || owner(before) != owner(object),
            messages::go_by_responsible(),
        ),
        (
            is_tree(before) != is_tree(object) && is_end(old, before.ix) && is_end(new, object.ix),
            messages::go_by_below(),
        ),
    ] {
        if differs {
            changes.push(change(ChangeKind::UpdateObject, None, reason));
        }
    }
    changes
}

/// Whether the object is a tree by its field `parent`, so that levels include descendants.
fn is_tree(object: &Object) -> bool {
    object.named("parent").is_some_and(|(_, field)| field.target() == Some(object.ix))
}

/// Whether some dimension ends at an object.
fn is_end(catalog: &Catalog, ix: ObjectIx) -> bool {
    catalog.objects.iter().any(|object| {
        object.dimensions.iter().any(|dimension| catalog.end(object, &dimension.path) == Some(ix))
    })
}

/// The fields that decide about an operator's rights: which account is theirs, whether they may sign in,
/// where they work. Only those who grant rights may change them.
const RESTING: [(&str, &[&str]); 2] = [
    ("Operator", &["account", "employee", "allowedSystems", "status"]),
    ("Employee", &["department", "status"]),
];

impl Catalog {
    /// Whether records of an object, or references to them, decide about rights: operators and employees, and what they
    /// or the dimensions of records refer to.
    pub fn decides_rights(&self, object: &Object) -> bool {
        RESTING.iter().any(|(known, _)| *known == object.name)
            || self.objects.iter().any(|other| {
                let rest = other.rights_rest_on();
                let ends = other.dimensions.iter().filter_map(|d| self.end(other, &d.path));
                // Records that are guarded themselves, such as customers, are what rights are about.
                let ends = ends.filter(|end| !self.object(*end).guarded());
                rest.filter_map(|(_, field)| field.target()).chain(ends).any(|end| end == object.ix)
            })
    }
}

impl Object {
    /// The fields that decide about an operator's rights.
    pub fn rights_rest_on(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        let names = RESTING.iter().filter(|(object, _)| *object == self.name);
        names.flat_map(|(_, names)| *names).filter_map(|name| self.named(name))
    }
}

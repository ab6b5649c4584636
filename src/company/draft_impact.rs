//! What each change of a draft means for what is there: how many records, which of them would fail, what uses it.
//!
//! Records are counted for the caller, within their rights. Uses are those in the live definitions, in roles, and in the
//! texts of [`text_uses`](super::text_uses); reports and flows join there once they are kept.

use std::collections::HashSet;

use serde_json::Value as Json;
use strum::{AsRefStr, EnumString, VariantNames};

use super::Company;
use crate::{
    access::{Action, Role},
    base::{Code, Error, Result},
    catalog::{
        Catalog, CatalogChange, ChangeKind, Field, FieldIx, FieldType, Object, Retype, Risk,
    },
    customize::PublishPlan,
    expr::Expr,
    query::{Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What},
    records::{self, Session},
    storage::{
        failing_records::{self, FailingRecords},
        retypes,
    },
};

/// Most failing records that are named.
const EXAMPLES: u32 = 5;

/// What uses an object or a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum UseKind {
    /// A role grants the object, or has a rule for the field.
    Role,
    /// A check, default, formula or roll-up reads it.
    Rule,
    /// A field of another object refers to it.
    Relation,
    /// A layout shows it, or is one of the object.
    Layout,
    /// A menu leads to the object.
    Menu,
    /// A shared view asks for it, or is one of the object.
    View,
    /// A duplicate rule compares it, or is one of the object.
    DuplicateRule,
    /// A client has sent an operation lately that asks for it.
    Client,
}

/// One use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftUse {
    /// What kind.
    pub kind: UseKind,
    /// The role's code, `Object.field`, or the name of the layout, menu, view or operation.
    pub name: String,
    /// The page of the console that shows it.
    pub link: String,
}

/// What a change means for what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftImpact {
    /// The object or picklist.
    pub object: String,
    /// The field, value, key or dimension; none for the object as a whole.
    pub field: Option<String>,
    /// The name of the field in the live definitions, where a rename gives it another.
    pub live_field: Option<String>,
    /// The risk.
    pub risk: Risk,
    /// How many records of the object the caller may see.
    pub records: i64,
    /// How many of these would fail when they are saved again. None where that is not known.
    pub failing: Option<i64>,
    /// Some of those.
    pub examples: Vec<String>,
    /// How many values are converted where the field gets another type. None where that is not known.
    pub converting: Option<i64>,
    /// What uses it.
    pub uses: Vec<DraftUse>,
}

impl Company {
    /// What a plan's changes mean for what is there, each change of an object or field once.
    pub async fn draft_impact(
        &self,
        session: &Session,
        plan: &PublishPlan,
    ) -> Result<Vec<DraftImpact>> {
        let live = &session.catalog;
        let (roles, texts) = (self.rights.roles().await?, self.texts(session).await?);
        let of = |change: &CatalogChange| live.named(&change.object).map(|object| object.ix);
        let mut objects: Vec<_> = plan.changes.iter().filter_map(of).collect();
        objects.sort();
        objects.dedup();
        let counted = records::counts(session, &objects).await?;
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for change in &plan.changes {
            if !seen.insert((&change.object, &change.field)) {
                continue;
            }
            let mut impact = DraftImpact {
                object: change.object.clone(),
                field: change.field.clone(),
                live_field: None,
                risk: risk(plan, change),
                records: 0,
                failing: None,
                examples: Vec::new(),
                converting: None,
                uses: Vec::new(),
            };
            if let Some(object) = live.named(&change.object) {
                impact.records = counted.get(&object.ix).copied().unwrap_or_default();
                self.failing(session, plan, change, &mut impact).await?;
            }
            let change = &as_live(live, plan, change);
            impact.live_field.clone_from(&change.field);
            let named = roles.iter().map(|known| &*known.role);
            impact.uses.extend(named.filter_map(|role| by_role(role, change)));
            impact.uses.extend(by_definitions(live, change));
            impact.uses.extend(texts.of(live, change));
            found.push(impact);
        }
        Ok(found)
    }

    /// Counts the records that a change asks more of: a value, that a check holds, that a key is theirs alone. What checks
    /// and keys read is counted over all records, so for those who see all of them.
    async fn failing(
        &self,
        session: &Session,
        plan: &PublishPlan,
        change: &CatalogChange,
        impact: &mut DraftImpact,
    ) -> Result<()> {
        self.without_value(session, plan, change, impact).await?;
        if impact.failing.is_some() || !session.access.may_everything() {
            return Ok(());
        }
        if change.kind == ChangeKind::RetypeField {
            return self.unconverted(session, plan, change, impact).await;
        }
        let new = plan.catalog.as_ref().and_then(|new| new.named(&change.object));
        let (Some(new), Some(live)) = (new, session.catalog.named(&change.object)) else {
            return Ok(());
        };
        let (database, examples) = (&self.database, EXAMPLES as usize);
        let mut all: Option<FailingRecords> = None;
        if change.kind == ChangeKind::AddUnique {
            let unique = new.uniques.iter().find(|key| Some(&key.name) == change.field.as_ref());
            if let Some(unique) = unique {
                all = failing_records::of_key(database, (live, new), unique, examples).await?;
            }
        }
        for check in fresh_checks(live, new, change) {
            let of = failing_records::of_check(database, &self.env, (live, new), check, examples);
            if let Some(found) = of.await? {
                // A record may fail several; the check that most fail says how many there are at least.
                all = all.into_iter().chain([found]).max_by_key(|failing| failing.count);
            }
        }
        if let Some(found) = all {
            impact.failing = Some(found.count);
            impact.examples = found.examples.iter().map(ToString::to_string).collect();
        }
        Ok(())
    }

    /// Counts the values that can be converted to another type, and those that cannot.
    async fn unconverted(
        &self,
        session: &Session,
        plan: &PublishPlan,
        change: &CatalogChange,
        impact: &mut DraftImpact,
    ) -> Result<()> {
        let (wanted, zone) = (plan.retypes(&session.catalog), self.env.zone);
        let is = |retype: &&Retype| {
            retype.object == change.object && Some(&retype.field) == change.field.as_ref()
        };
        let Some(retype) = wanted.iter().find(is) else { return Ok(()) };
        let examples = EXAMPLES as usize;
        let told = retypes::unconverted(&self.database, zone, retype, examples).await?;
        let Some((failing, converting)) = told else { return Ok(()) };
        impact.converting = Some(converting);
        impact.failing = Some(failing.count);
        impact.examples = failing.examples.iter().map(ToString::to_string).collect();
        Ok(())
    }

    /// Counts the records without a value that a field asks for now.
    async fn without_value(
        &self,
        session: &Session,
        plan: &PublishPlan,
        change: &CatalogChange,
        impact: &mut DraftImpact,
    ) -> Result<()> {
        let Some(filter) = lacking(&session.catalog, plan, change) else { return Ok(()) };
        let Some(object) = session.catalog.named(&change.object) else { return Ok(()) };
        if object.parent.is_some() || !session.access.may(object, Action::Read) {
            return Ok(());
        }
        let id = Part { key: "id".to_owned(), what: Item::Field(FieldIx::ID) };
        let part = |key: &str, what| Part { key: key.to_owned(), what };
        let parts = vec![
            part("n", ConnectionPart::TotalCount),
            part("nodes", ConnectionPart::Nodes(Selection(vec![id]))),
        ];
        let page = Page { size: EXAMPLES, ..Page::default() };
        let filter = Some(filter);
        let listing = Listing { filter, page, parts, ..Listing::default() };
        let find = Find { object: object.ix, what: What::List(listing) };
        let text = match records::find(session, find).await {
            // A field that the caller does not see is not counted by.
            Err(error) if error.code == Code::InputInvalid => return Ok(()),
            found => found?,
        };
        let told: Json = match text {
            Some(text) => serde_json::from_str(&text).map_err(Error::internal)?,
            None => return Ok(()),
        };
        impact.failing = told["n"].as_i64();
        let nodes = told["nodes"].as_array().into_iter().flatten();
        impact.examples = nodes.filter_map(|node| node["id"].as_str().map(str::to_owned)).collect();
        Ok(())
    }
}

/// The checks that a change brings: those of a field, or of whole records.
fn fresh_checks<'n>(live: &Object, new: &'n Object, change: &CatalogChange) -> Vec<&'n Expr> {
    match (change.kind, &change.field) {
        (ChangeKind::UpdateObject, None) => {
            let known = |text: &String| live.checks.iter().any(|check| check.text == *text);
            let fresh = new.checks.iter().filter(|check| !known(&check.text));
            fresh.map(|check| &check.expr).collect()
        }
        (ChangeKind::UpdateField | ChangeKind::AddField, Some(name)) => {
            let Some((_, field)) = new.named(name) else { return Vec::new() };
            let before = live.stored(&field.stored).map_or(&[][..], |(_, field)| &field.checks);
            let known = |text: &String| before.iter().any(|check| check.text == *text);
            let fresh = field.checks.iter().filter(|check| !known(&check.text));
            fresh.map(|check| &check.expr).collect()
        }
        _ => Vec::new(),
    }
}

/// A change with the name that its field has in the live definitions.
fn as_live(live: &Catalog, plan: &PublishPlan, change: &CatalogChange) -> CatalogChange {
    let now = || {
        let new = plan.catalog.as_ref()?.named(&change.object)?;
        let (_, field) = new.named(change.field.as_deref()?)?;
        let (_, before) = live.named(&change.object)?.stored(&field.stored)?;
        Some(before.name.clone())
    };
    CatalogChange { field: now().or_else(|| change.field.clone()), ..change.clone() }
}

/// The highest risk of a plan's changes of the same object or field.
fn risk(plan: &PublishPlan, change: &CatalogChange) -> Risk {
    let same = plan
        .changes
        .iter()
        .filter(|other| (&other.object, &other.field) == (&change.object, &change.field));
    same.map(|change| change.risk).max().unwrap_or(change.risk)
}

/// The filter of live records that lack what a change asks for; all of them for a new field. None if the change asks for
/// nothing, or what is kept of a retired field decides.
fn lacking(live: &Catalog, plan: &PublishPlan, change: &CatalogChange) -> Option<Filter> {
    let new = plan.catalog.as_ref()?.named(&change.object)?;
    let (_, field) = new.named(change.field.as_deref()?)?;
    let given = |field: &Field| field.required && field.writable();
    let united = matches!(field.ty, FieldType::Union(_));
    let known = live.named(&change.object)?.stored(&field.stored);
    match (change.kind, known) {
        (ChangeKind::AddField, None) if given(field) && (field.column.is_some() || united) => {
            Some(Filter::And(Vec::new()))
        }
        (ChangeKind::UpdateField, Some((ix, before))) if given(field) && !before.required => {
            Some(match united {
                true => Filter::Unset(ix, true),
                false => Filter::Field(ix, Compare::IsNull(true)),
            })
        }
        _ => None,
    }
}

fn by_role(role: &Role, change: &CatalogChange) -> Option<DraftUse> {
    let grants = role.grants.iter().any(|grant| grant.objects.contains(&change.object));
    let of_object = || role.fields.iter().filter(|said| said.object == change.object);
    let names = match &change.field {
        None => grants || of_object().next().is_some(),
        Some(field) => of_object().any(|said| {
            said.hidden.contains(field)
                || said.masked.contains_key(field)
                || said.readonly.contains(field)
        }),
    };
    let link = format!("/admin/roles/{}", role.code);
    names.then(|| DraftUse { kind: UseKind::Role, name: role.code.clone(), link })
}

/// What in the live definitions reads or refers to what a change is about.
fn by_definitions(live: &Catalog, change: &CatalogChange) -> Vec<DraftUse> {
    let Some(target) = live.named(&change.object) else { return Vec::new() };
    let own = |object: &Object, field: Option<&str>| {
        object.name == target.name && (change.field.is_none() || field == change.field.as_deref())
    };
    let mut uses: Vec<DraftUse> = Vec::new();
    let mut tell = |kind, object: &Object, field: Option<&str>| {
        let part = field.map(|field| format!(".{field}")).unwrap_or_default();
        let name = format!("{}{part}", object.name);
        let link = format!("/admin/objects/{}", live.head(object).name);
        let known = uses.iter().any(|known| known.kind == kind && known.name == name);
        if !known && !own(object, field) {
            uses.push(DraftUse { kind, name, link });
        }
    };
    for object in &live.objects {
        for field in &object.fields {
            let name = Some(field.name.as_str());
            let refers = matches!(field.ty, FieldType::Relation(_) | FieldType::ManyToMany(_));
            if change.field.is_none()
                && !field.system
                && refers
                && field.target() == Some(target.ix)
            {
                tell(UseKind::Relation, object, name);
            }
            let mut read = field.default.iter().chain(&field.formula).chain(field.ruled_by());
            let reads = read.any(|expr| reaches(live, object, expr, change));
            if reads || sums(live, object, field, change) {
                tell(UseKind::Rule, object, name);
            }
        }
        if object.checks.iter().any(|check| reaches(live, object, &check.expr, change)) {
            tell(UseKind::Rule, object, None);
        }
    }
    uses
}

/// Whether an expression of an object reads the object or field of a change.
fn reaches(live: &Catalog, object: &Object, expr: &Expr, change: &CatalogChange) -> bool {
    expr.paths().iter().any(|path| {
        let viewer = path.first().is_some_and(|first| first == "viewer");
        let mut at = if viewer { live.named("Employee") } else { Some(object) };
        path.iter().skip(usize::from(viewer)).any(|step| {
            let Some(on) = at else { return false };
            at = on.named(step).and_then(|(_, field)| Some(live.object(field.target()?)));
            match &change.field {
                Some(field) => on.name == change.object && step == field,
                None => at.is_some_and(|end| end.name == change.object),
            }
        })
    })
}

/// Whether a roll-up is over the lines or the field of a change.
fn sums(live: &Catalog, object: &Object, field: &Field, change: &CatalogChange) -> bool {
    let FieldType::Rollup(rollup) = field.ty else { return false };
    let lines = object.field(rollup.lines);
    let Some(line) = lines.target().map(|line| live.object(line)) else { return false };
    match (&change.field, rollup.op) {
        (None, _) => line.name == change.object,
        (Some(name), _) if object.name == change.object && *name == lines.name => true,
        (Some(name), op) => {
            let counted = field.counted.iter().flat_map(|counted| line.read_by(counted));
            let mut read = op.field().into_iter().chain(counted);
            line.name == change.object && read.any(|read| line.field(read).name == *name)
        }
    }
}

//! Objects and their fields as forms need them, limited to what the caller may know.

use async_graphql::{ComplexObject, Context, Enum, ID, Json, SimpleObject};
use serde_json::Value as Plain;

use super::{
    action_info::{ActionInfo, actions},
    approval_info::{ApprovalInfo, approvals},
    constants::json,
    context::{company, raised},
    crm_systems::{CrmSystem, front},
    drafted::drafts,
    field_groups::{FieldGroupInfo, groups},
    flows::{FlowInfo, flow},
    record_counts::Counts,
    scalars::Word,
};
use crate::{
    access::{Action, Visible},
    base::{Currency, Error, Lang, pinyin},
    catalog::{
        self, Field, FieldCondition, FieldForm, FieldIx, FieldType, NamedAction, Object, ObjectIx,
        Origin, Picklist, PicklistValue,
    },
    graphql::{
        exchange::Caller,
        field_kinds::{is_told_apart, operators},
        words,
    },
    layouts::{Sees, end_field, start_field, state_field},
    records::Session,
};

/// What kind of object it is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum ObjectKind {
    /// A master record: customer, item, employee.
    Master,
    /// A business document.
    Document,
    /// Set-up data.
    Setup,
    /// The lines of a document, which live and die with it.
    Line,
    /// A group of fields that objects take into themselves; it is in no list of objects.
    DataItem,
}

/// What can be done with records.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RecordAction {
    /// See them.
    Read,
    /// Make new ones.
    Create,
    /// Change them.
    Edit,
    /// Remove them.
    Delete,
    /// Print them.
    Print,
    /// Take them away in a file.
    Export,
    /// Audit them.
    Audit,
    /// Hand them on to the supply chain.
    Transfer,
    /// Ship what they order.
    Ship,
    /// Decide on them when they wait for approval.
    Approve,
}

const ACTIONS: [(Action, RecordAction); 10] = [
    (Action::Read, RecordAction::Read),
    (Action::Create, RecordAction::Create),
    (Action::Edit, RecordAction::Edit),
    (Action::Delete, RecordAction::Delete),
    (Action::Print, RecordAction::Print),
    (Action::Export, RecordAction::Export),
    (Action::Audit, RecordAction::Audit),
    (Action::Transfer, RecordAction::Transfer),
    (Action::Ship, RecordAction::Ship),
    (Action::Approve, RecordAction::Approve),
];

impl RecordAction {
    /// Converts to the action of rights.
    pub(super) fn action(self) -> Action {
        let known = ACTIONS.iter().find(|(_, known)| *known == self);
        known.map_or(Action::Read, |(action, _)| *action)
    }

    /// Converts from the action of rights.
    pub(super) fn of(action: Action) -> Self {
        let known = ACTIONS.iter().find(|(known, _)| *known == action);
        known.map_or(Self::Read, |(_, known)| *known)
    }
}

/// What the caller may do with a field.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum FieldAccess {
    /// See it and give it.
    ReadWrite,
    /// See it.
    ReadOnly,
    /// See a part of it.
    Masked,
}

/// One value of a picklist.
#[derive(SimpleObject)]
#[graphql(name = "Option")]
struct Choice {
    /// The api name, as it is stored and given.
    name: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// The colour in which it is shown: `#1677ff`.
    color: Option<String>,
    /// Whether it can be chosen; records keep one that cannot.
    active: bool,
    /// The values of the field that `dependsOn` names under which it can be chosen; null where under each.
    under: Option<Vec<String>>,
}

/// A business object as its callers may see it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct ObjectInfo {
    #[graphql(skip)]
    ix: ObjectIx,
    /// Its api name, for caches.
    id: ID,
    pub(super) name: String,
    plural: Option<String>,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// What several of its records are called, in the language of the caller.
    label_plural: String,
    /// What it is for, in the caller's language.
    help: Option<String>,
    /// What kind of object it is.
    kind: ObjectKind,
    custom: bool,
    /// The field whose value names a record to a person.
    display: Option<String>,
    /// The name of its icon.
    icon: Option<String>,
    /// The colour of its icon: `#1677ff`.
    color: Option<String>,
    /// How its Chinese label is typed on a Latin keyboard: in full and by initials, from each character on.
    keys: Vec<String>,
    /// The front systems that show it.
    systems: Vec<CrmSystem>,
    /// The field that says in which state a record is.
    state_field: Option<String>,
    /// The field that places a record in a calendar.
    start_field: Option<String>,
    /// The field at which it ends there.
    end_field: Option<String>,
    /// Whether its lists take `search`.
    searched: bool,
    /// Whether its lists take `_mine`.
    owned: bool,
    /// The lists of records that refer to one of its records.
    related_lists: Vec<RelationInfo>,
    /// What the caller may do with records, at least with some.
    may: Vec<RecordAction>,
    fields: Vec<FieldInfo>,
    /// The groups that some of the fields are in.
    groups: Vec<FieldGroupInfo>,
    /// Its states and the moves between them, if it has a flow.
    flow: Option<FlowInfo>,
    /// The actions whose right the caller has on some records.
    actions: Vec<ActionInfo>,
    /// Who has to agree to its records, for those who define objects.
    approvals: Vec<ApprovalInfo>,
}

/// An object to whose records a union field may refer.
#[derive(SimpleObject)]
struct FieldTarget {
    /// What inputs, filters and orders call it.
    name: String,
    /// The api name of the object.
    object: String,
    /// What people call the object, in the caller's language.
    label: String,
    /// What `candidates` and `history` call it: `subject.customer`.
    field: String,
}

/// A list of records that refer to one record.
#[derive(SimpleObject)]
struct RelationInfo {
    /// The field with the list.
    name: String,
    label: String,
    /// The object of these records.
    object: String,
    /// The field by which they refer to the record, where the caller may know it.
    by: Option<String>,
}

/// A field of an object.
#[derive(SimpleObject)]
pub(super) struct FieldInfo {
    /// `Customer.name`, for caches.
    id: ID,
    /// `name`; that of a field in a group, `freight.cost`, is read as `freight { cost }`.
    name: String,
    /// The group that it is in.
    group: Option<String>,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// What it is for, in the caller's language.
    help: Option<String>,
    /// What it holds.
    #[graphql(name = "type")]
    ty: Word<FieldForm>,
    required: bool,
    /// The expression under which it needs a value, where the caller may know all that it reads.
    required_when: Option<String>,
    /// The expression under which pages show it. It is not a right.
    visible_when: Option<String>,
    /// The expression under which nobody changes it.
    read_only_when: Option<String>,
    /// Whether the caller may give it.
    writable: bool,
    /// What the caller may do with it.
    access: FieldAccess,
    custom: bool,
    /// Digits after the point.
    scale: Option<u8>,
    /// The currency of an amount of money, by its code.
    currency: Option<String>,
    /// Most characters of a text, or the highest rating.
    max: Option<u32>,
    /// The object at the other end.
    target: Option<String>,
    /// The objects to which a union may refer.
    targets: Option<Vec<FieldTarget>>,
    /// The values of a picklist, in the order they are shown.
    options: Option<Vec<Choice>>,
    /// The field by whose value its options can be chosen.
    depends_on: Option<String>,
    /// The value it has when none is given, where that is always the same.
    default: Option<Json<Plain>>,
    /// Whether the server has a value for it when none is given.
    defaulted: bool,
    /// What it can be filtered by; none where it cannot.
    operators: Vec<String>,
    /// Whether a list can be ordered by it.
    sortable: bool,
    /// Whether records can be grouped by it.
    groupable: bool,
    /// Whether a change of it may change other fields.
    drafts: bool,
    /// Whether the definition hides it from everyone but administrators.
    hidden: bool,
}

#[ComplexObject]
impl ObjectInfo {
    /// How many records of the object the caller may see.
    async fn record_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        let counted = ctx.data::<Counts>()?.try_load(self.ix).await;
        let none = |cause| raised(ctx, &Error::internal(cause));
        counted.map_err(none)?.map_err(|error| raised(ctx, &error))
    }
}

/// Returns the objects that the caller may see, or the one with this name.
pub(super) fn objects(
    ctx: &Context<'_>,
    name: Option<&str>,
) -> async_graphql::Result<Vec<ObjectInfo>> {
    let Session { access, catalog, .. } = ctx.data::<Session>()?;
    let lang = ctx.data::<Caller>()?.lang;
    let visible = Visible { catalog, access };
    let asked = visible.objects().filter(|object| name.is_none_or(|name| name == object.name));
    let currency = company(ctx)?.currency;
    Ok(asked.map(|object| Form { visible, object, lang, currency }.object()).collect())
}

/// Returns a field that the caller may see.
pub(super) fn field(
    ctx: &Context<'_>,
    object: ObjectIx,
    ix: FieldIx,
) -> async_graphql::Result<FieldInfo> {
    let Session { access, catalog, .. } = ctx.data::<Session>()?;
    let lang = ctx.data::<Caller>()?.lang;
    let (visible, object) = (Visible { catalog, access }, catalog.object(object));
    let form = Form { visible, object, lang, currency: company(ctx)?.currency };
    Ok(form.field(ix, object.field(ix)))
}

/// What an action asks for, as fields that the caller may give.
pub(super) fn asked(
    visible: Visible<'_>,
    action: &NamedAction,
    (lang, currency): (Lang, Currency),
) -> Vec<FieldInfo> {
    let form = Form { visible, object: &action.input, lang, currency };
    let known = |field: &Field| {
        field.target().is_none_or(|target| visible.reads(visible.catalog.object(target)))
    };
    let asked = action.asks().filter(|(_, field)| known(field)).map(|(ix, field)| FieldInfo {
        writable: true,
        access: FieldAccess::ReadWrite,
        ..form.field(ix, field)
    });
    asked.collect()
}

/// One object for one caller.
struct Form<'f> {
    visible: Visible<'f>,
    object: &'f Object,
    lang: Lang,
    currency: Currency,
}

impl<'f> Form<'f> {
    fn object(&self) -> ObjectInfo {
        let object = self.object;
        let display = object.display.and_then(|ix| self.known(ix));
        let may = ACTIONS.iter().filter(|(action, _)| match action {
            Action::Read => true,
            action => self.visible.may(object, *action),
        });
        ObjectInfo {
            ix: object.ix,
            id: object.name.as_str().into(),
            name: object.name.clone(),
            plural: object.plural.clone(),
            label: words::title(&object.label, &object.name, self.lang),
            label_zh: object.label.zh.clone(),
            label_plural: words::plural(object, self.lang),
            label_en: object.label.en.clone(),
            help: words::remark(object.description.as_deref(), &object.label, self.lang),
            kind: match object.kind {
                catalog::ObjectKind::Master => ObjectKind::Master,
                catalog::ObjectKind::Document => ObjectKind::Document,
                catalog::ObjectKind::Setup => ObjectKind::Setup,
                catalog::ObjectKind::Line => ObjectKind::Line,
                catalog::ObjectKind::DataItem => ObjectKind::DataItem,
            },
            custom: object.origin == Origin::Custom,
            display: display.map(|field| field.name.clone()),
            icon: object.appearance.icon.clone(),
            color: object.appearance.color.clone(),
            keys: pinyin::spellings(object.label.zh.as_deref().unwrap_or_default())
                .into_iter()
                .collect(),
            state_field: self.placed(state_field),
            start_field: self.placed(start_field),
            end_field: self.placed(end_field),
            searched: self.visible.searches(object),
            owned: self.visible.staff(object).is_some(),
            related_lists: self.related_lists().collect(),
            systems: object.systems.iter().filter_map(|system| front(system)).collect(),
            may: may.map(|(_, told)| *told).collect(),
            fields: self.visible.fields(object).map(|(ix, field)| self.field(ix, field)).collect(),
            groups: groups(self.visible, object, self.lang),
            flow: flow(self.visible, object, self.lang),
            actions: actions(self.visible, object, self.lang, self.currency),
            approvals: approvals(self.visible, object, self.lang),
        }
    }

    /// The name of the field that a convention finds among those that the caller may know.
    fn placed(&self, by: fn(&Object, Sees<'_>) -> Option<FieldIx>) -> Option<String> {
        let sees = |of: &Object, ix| self.visible.sees(of, ix);
        by(self.object, &sees).map(|ix| self.object.field(ix).name.clone())
    }

    fn related_lists(&self) -> impl Iterator<Item = RelationInfo> {
        self.visible.fields(self.object).filter_map(|(_, field)| {
            let FieldType::Inverse(inverse) = &field.ty else { return None };
            let catalog = self.visible.catalog;
            let related = catalog.object(inverse.target);
            let by = Some(inverse.via).filter(|by| self.visible.sees(related, *by));
            Some(RelationInfo {
                name: field.name.clone(),
                label: words::field_title(catalog, self.object, field, self.lang),
                object: related.name.clone(),
                by: by.map(|by| related.field(by).name.clone()),
            })
        })
    }

    /// Returns a field if the caller may know it.
    fn known(&self, ix: FieldIx) -> Option<&'f Field> {
        self.visible.fields(self.object).find(|(known, _)| *known == ix).map(|(_, field)| field)
    }

    fn field(&self, ix: FieldIx, field: &Field) -> FieldInfo {
        let (object, catalog) = (self.object, self.visible.catalog);
        let rule = self.visible.access.field_rule(object.ix, ix);
        let changes = [Action::Create, Action::Edit];
        let open = changes.into_iter().any(|action| self.visible.may(object, action));
        let access = self.visible.access;
        // On a new employee, whoever creates it may set these fields.
        let decided = object.rights_rest_on().any(|(known, _)| known == ix);
        let new = object.name == "Employee" && self.visible.may(object, Action::Create);
        let decided = decided && !access.may_customize() && !new;
        let writable = open && field.writable() && access.may_write(object.ix, ix) && !decided;
        let access = match rule {
            Some(rule) if !rule.masked.is_empty() => FieldAccess::Masked,
            _ if writable => FieldAccess::ReadWrite,
            _ => FieldAccess::ReadOnly,
        };
        let compared = rule.is_none();
        let default = field.default.as_ref().and_then(|default| default.as_const());
        let ty = catalog.form(object, field);
        let depends_on = object.depends_on(ix).and_then(|on| self.known(on));
        FieldInfo {
            id: format!("{}.{}", object.name, field.name).into(),
            name: field.name.clone(),
            group: field.place().0.map(str::to_owned),
            label: words::field_title(catalog, object, field, self.lang),
            label_zh: field.label.zh.clone(),
            label_en: field.label.en.clone(),
            help: words::remark(field.description.as_deref(), &field.label, self.lang),
            ty: Word(ty),
            required: field.required,
            required_when: self.told(field.conditions.required.as_ref()),
            visible_when: self.told(field.conditions.visible.as_ref()),
            read_only_when: self.told(field.conditions.read_only.as_ref()),
            writable,
            access,
            custom: field.origin == Origin::Custom,
            scale: field.ty.scale(),
            currency: (ty == FieldForm::Money).then(|| self.currency.to_string()),
            max: field.ty.longest().or(field.ty.highest().map(u32::from)),
            target: field.target().map(|target| catalog.object(target).name.clone()),
            targets: self.targets(ix),
            options: field
                .ty
                .picklist()
                .map(|list| self.choices(catalog.picklist(list), depends_on.is_some())),
            depends_on: depends_on.map(|known| known.name.clone()),
            default: default.filter(|_| writable).and_then(json).map(Json),
            defaulted: writable && field.default.is_some(),
            operators: if compared { operators(catalog, field) } else { Vec::new() },
            sortable: compared && field.ty.traits().sorts,
            groupable: compared && is_told_apart(field),
            drafts: writable && drafts(self.visible, object, ix),
            hidden: field.hidden,
        }
    }

    /// The objects of a union that the caller may know.
    fn targets(&self, ix: FieldIx) -> Option<Vec<FieldTarget>> {
        let relations = self.object.relations_of(ix).iter();
        let seen = relations.filter(|relation| self.visible.sees(self.object, **relation));
        let targets = seen.filter_map(|relation| {
            let field = self.object.field(*relation);
            let target = self.visible.catalog.object(field.target()?);
            Some(FieldTarget {
                name: field.name_in_union().to_owned(),
                object: target.name.clone(),
                label: words::title(&target.label, &target.name, self.lang),
                field: field.name.clone(),
            })
        });
        let targets: Vec<_> = targets.collect();
        (!targets.is_empty()).then_some(targets)
    }

    /// The values of a list. Under what they can be chosen is told for a field whose other field is known.
    fn choices(&self, list: &Picklist, dependent: bool) -> Vec<Choice> {
        let choice = |value: &PicklistValue| Choice {
            name: value.name.clone(),
            label: words::title(&value.label, &value.name, self.lang),
            label_zh: value.label.zh.clone(),
            label_en: value.label.en.clone(),
            color: value.color.clone(),
            active: !value.inactive,
            under: (dependent && !value.under.is_empty()).then(|| value.under.clone()),
        };
        list.values.iter().map(choice).collect()
    }

    /// The text of a condition, if all that it reads exists for the caller.
    fn told(&self, condition: Option<&FieldCondition>) -> Option<String> {
        let FieldCondition { expr, text } = condition?;
        let catalog = self.visible.catalog;
        let known = |path: &Vec<String>| {
            let viewer = path.first().is_some_and(|first| first == "viewer");
            let mut at = if viewer { catalog.named("Employee") } else { Some(self.object) };
            path.iter().skip(usize::from(viewer)).all(|step| {
                let Some((on, (ix, field))) = at.and_then(|on| Some((on, on.named(step)?))) else {
                    return false;
                };
                at = field.target().map(|target| catalog.object(target));
                self.visible.sees(on, ix)
            })
        };
        expr.paths().iter().all(known).then(|| text.clone())
    }
}

//! Layouts at `/metadata`: what of a page the caller sees, and the texts behind it for those who define objects.

use async_graphql::{ComplexObject, Context, Json, Object, Result, SimpleObject, Union};
use serde_json::Value as Plain;

use super::{
    administrator_check::defines,
    apply_schema::{DiagnosticInfo, diagnostics},
    context::{company, raised},
    field_groups::{order_key, ordered_by},
    forms::{self, FieldInfo},
    scalars::Word,
};
use crate::{
    access::{Principal, Visible},
    base::{Error, Lang},
    catalog::{FieldIx, Label, ObjectIx},
    company::{KnownLayout, ShownLayout},
    graphql::{exchange::Caller, words},
    layouts::{LayoutKind, PageColumn, PageItem, PageLayout, PageTab, Shows},
    records::Session,
};

/// What a page of an object shows to the caller.
#[derive(SimpleObject)]
#[graphql(name = "Layout", complex)]
pub(super) struct LayoutInfo {
    #[graphql(skip)]
    at: ObjectIx,
    object: String,
    kind: Word<LayoutKind>,
    /// The role that it is for; none where it is for everyone.
    role: Option<String>,
    /// The state of records that it is for; none where it is for all.
    state: Option<String>,
    /// The version that brought it, for `expectedVersion`; 0 where none is stored.
    version: i64,
    /// Whether nobody has written it: it is made of the object's definition.
    generated: bool,
    /// The columns of a list, board or calendar, or the fields of a card.
    columns: Vec<ColumnInfo>,
    /// The fields that are offered as filters.
    quick_filters: Vec<String>,
    /// The order of a list, as `orderBy` takes it.
    order_by: Option<Json<Plain>>,
    /// The fields above everything else.
    header: Vec<String>,
    /// The field whose values are the columns of a board.
    state_field: Option<String>,
    /// The field that places a record in a calendar.
    start_field: Option<String>,
    /// The field at which it ends there.
    end_field: Option<String>,
    tabs: Vec<TabInfo>,
    /// Its text, for those who define objects.
    definition: Option<String>,
    /// What it names in vain, for those who define objects.
    diagnostics: Vec<DiagnosticInfo>,
}

#[ComplexObject]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl LayoutInfo {
    /// The fields that `header`, `quickFilters` and `orderBy` name.
    async fn fields(&self, ctx: &Context<'_>) -> Result<Vec<FieldInfo>> {
        let session = ctx.data::<Session>()?;
        let object = session.catalog.object(self.at);
        let ordered = self.order_by.as_ref().and_then(|Json(order)| order.as_array());
        let ordered: Vec<_> = ordered.into_iter().flatten().filter_map(ordered_by).collect();
        let ordered = ordered.iter().map(|(name, _)| name);
        let mut found: Vec<FieldIx> = Vec::new();
        for name in self.header.iter().chain(&self.quick_filters).chain(ordered) {
            let ix = object.named(name).map(|(ix, _)| ix);
            found.extend(ix.filter(|ix| !found.contains(ix)));
        }
        found.into_iter().map(|ix| forms::field(ctx, self.at, ix)).collect()
    }
}

/// A column.
#[derive(SimpleObject)]
#[graphql(name = "Column", complex)]
struct ColumnInfo {
    #[graphql(skip)]
    at: (ObjectIx, FieldIx),
    name: String,
    /// Its width in pixels; the page decides where there is none.
    width: Option<u16>,
}

#[ComplexObject]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl ColumnInfo {
    /// The field.
    async fn field(&self, ctx: &Context<'_>) -> Result<FieldInfo> {
        forms::field(ctx, self.at.0, self.at.1)
    }
}

/// A tab of a page.
#[derive(SimpleObject)]
#[graphql(name = "Tab")]
struct TabInfo {
    label: String,
    sections: Vec<SectionInfo>,
}

/// A section of a tab.
#[derive(SimpleObject)]
#[graphql(name = "Section")]
struct SectionInfo {
    label: Option<String>,
    /// How many items stand beside one another.
    columns: u8,
    /// Whether it is folded at first.
    collapsed: bool,
    items: Vec<LayoutItem>,
}

/// What a section shows.
#[derive(Union)]
enum LayoutItem {
    Field(FieldItem),
    Lines(LinesItem),
    Related(RelatedItem),
    Timeline(TimelineItem),
    Text(TextItem),
}

/// A field.
#[derive(SimpleObject)]
#[graphql(complex)]
struct FieldItem {
    #[graphql(skip)]
    at: (ObjectIx, FieldIx),
    name: String,
    /// How many columns of the section it takes.
    width: u8,
    /// Whether a form only shows it.
    read_only: bool,
    /// An expression over the record; the item is shown while it holds.
    visible_when: Option<String>,
}

#[ComplexObject]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl FieldItem {
    /// The field.
    async fn field(&self, ctx: &Context<'_>) -> Result<FieldInfo> {
        forms::field(ctx, self.at.0, self.at.1)
    }
}

/// The lines of a document.
#[derive(SimpleObject)]
struct LinesItem {
    /// The field with the lines.
    name: String,
    label: String,
    /// The object of the lines.
    object: String,
    columns: Vec<ColumnInfo>,
    /// How many columns of the section it takes.
    width: u8,
    /// An expression over the record; the item is shown while it holds.
    visible_when: Option<String>,
}

/// Records that refer to this one.
#[derive(SimpleObject)]
struct RelatedItem {
    /// The field with these records.
    name: String,
    label: String,
    /// The object of these records.
    object: String,
    columns: Vec<ColumnInfo>,
    /// How many are shown at first.
    first: u16,
    /// How many columns of the section it takes.
    width: u8,
    /// An expression over the record; the item is shown while it holds.
    visible_when: Option<String>,
}

/// What happened to the record, in order.
#[derive(SimpleObject)]
struct TimelineItem {
    /// How many columns of the section it takes.
    width: u8,
    /// An expression over the record; the item is shown while it holds.
    visible_when: Option<String>,
}

/// A text for whoever looks at the page.
#[derive(SimpleObject)]
struct TextItem {
    text: String,
    /// How many columns of the section it takes.
    width: u8,
    /// An expression over the record; the item is shown while it holds.
    visible_when: Option<String>,
}

/// A layout that somebody has written, for those who define objects.
#[derive(SimpleObject)]
struct LayoutDefinition {
    object: String,
    kind: Word<LayoutKind>,
    role: Option<String>,
    state: Option<String>,
    /// The version that brought it; 0 where it comes with the program.
    version: i64,
    /// Whether it comes with the program.
    standard: bool,
    definition: String,
    /// What it names in vain.
    diagnostics: Vec<DiagnosticInfo>,
}

pub(super) fn lang(ctx: &Context<'_>) -> Lang {
    ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default()
}

/// Names the parts of a page of one object.
struct Naming<'n> {
    session: &'n Session,
    at: ObjectIx,
    lang: Lang,
}

impl Naming<'_> {
    fn name(&self, ix: FieldIx) -> String {
        self.session.catalog.object(self.at).field(ix).name.clone()
    }

    fn names(&self, fields: &[FieldIx]) -> Vec<String> {
        fields.iter().map(|ix| self.name(*ix)).collect()
    }

    fn columns(&self, of: ObjectIx, columns: &[PageColumn]) -> Vec<ColumnInfo> {
        let object = self.session.catalog.object(of);
        let column = |column: &PageColumn| ColumnInfo {
            at: (of, column.field),
            name: object.field(column.field).name.clone(),
            width: column.width,
        };
        columns.iter().map(column).collect()
    }

    fn tab(&self, tab: &PageTab) -> TabInfo {
        let sections = tab.sections.iter().map(|section| SectionInfo {
            label: section.label.text(self.lang).map(str::to_owned),
            columns: section.columns,
            collapsed: section.collapsed,
            items: section.items.iter().map(|item| self.item(item)).collect(),
        });
        let label = tab.label.text(self.lang).unwrap_or_default().to_owned();
        TabInfo { label, sections: sections.collect() }
    }

    fn item(&self, item: &PageItem) -> LayoutItem {
        let width = item.width;
        let visible_when = item.visible.as_ref().map(|condition| condition.text.clone());
        match &item.shows {
            Shows::Field { field, read_only } => LayoutItem::Field(FieldItem {
                at: (self.at, *field),
                name: self.name(*field),
                width,
                read_only: *read_only,
                visible_when,
            }),
            Shows::Lines { field, label, columns } => {
                let (name, label, object, columns) = self.list(*field, label, columns);
                LayoutItem::Lines(LinesItem { name, label, object, columns, width, visible_when })
            }
            Shows::Related { field, label, columns, first } => {
                let (name, label, object, columns) = self.list(*field, label, columns);
                let first = *first;
                LayoutItem::Related(RelatedItem {
                    name,
                    label,
                    object,
                    columns,
                    first,
                    width,
                    visible_when,
                })
            }
            Shows::Timeline => LayoutItem::Timeline(TimelineItem { width, visible_when }),
            Shows::Text(text) => {
                let text = text.text(self.lang).unwrap_or_default().to_owned();
                LayoutItem::Text(TextItem { text, width, visible_when })
            }
        }
    }

    /// Name, label, object and columns of a list of records.
    fn list(
        &self,
        ix: FieldIx,
        label: &Label,
        columns: &[PageColumn],
    ) -> (String, String, String, Vec<ColumnInfo>) {
        let catalog = &self.session.catalog;
        let object = catalog.object(self.at);
        let field = object.field(ix);
        let label = label.text(self.lang).map(str::to_owned);
        let label = label.unwrap_or_else(|| words::field_title(catalog, object, field, self.lang));
        let target = field.target().unwrap_or(self.at);
        let of = catalog.object(target).name.clone();
        (field.name.clone(), label, of, self.columns(target, columns))
    }

    /// `[{"createdAt": "DESC"}, …]`, as `orderBy` of records takes it.
    fn order(&self, order: &[(FieldIx, bool)]) -> Option<Json<Plain>> {
        let one = |(ix, descends): &(FieldIx, bool)| {
            let direction = if *descends { "DESC" } else { "ASC" };
            order_key(&self.name(*ix), direction)
        };
        (!order.is_empty()).then(|| Json(order.iter().map(one).collect()))
    }
}

/// A layout as it is answered.
pub(super) fn info(ctx: &Context<'_>, shown: ShownLayout) -> Result<LayoutInfo> {
    let session = ctx.data::<Session>()?;
    let lang = lang(ctx);
    let ShownLayout { page, key, text, version, generated, faults } = shown;
    let PageLayout { object: at, .. } = page;
    let of = Naming { session, at, lang };
    let defines = session.access.may_define();
    let faults = if defines { faults } else { Vec::new() };
    Ok(LayoutInfo {
        at,
        object: key.object,
        kind: Word(key.kind),
        role: key.role,
        state: key.state,
        version,
        generated,
        columns: of.columns(at, &page.columns),
        quick_filters: of.names(&page.quick_filters),
        order_by: of.order(&page.order_by),
        header: of.names(&page.header),
        state_field: page.state_field.map(|ix| of.name(ix)),
        start_field: page.start_field.map(|ix| of.name(ix)),
        end_field: page.end_field.map(|ix| of.name(ix)),
        tabs: page.tabs.iter().map(|tab| of.tab(tab)).collect(),
        definition: defines.then_some(text),
        diagnostics: diagnostics(faults, lang),
    })
}

/// The layout that counts for the caller.
pub(super) async fn shown(
    ctx: &Context<'_>,
    object: &str,
    kind: LayoutKind,
    state: Option<&str>,
) -> Result<Option<LayoutInfo>> {
    let (session, principal) = (ctx.data::<Session>()?, ctx.data::<Principal>()?);
    let book = company(ctx)?.layouts(&session.catalog).await;
    let book = book.map_err(|error| raised(ctx, &error))?;
    let visible = Visible { catalog: &session.catalog, access: &session.access };
    let shown = book.shown(visible, object, kind, &principal.roles, state);
    shown.map(|shown| info(ctx, shown)).transpose()
}

fn definition(known: &KnownLayout, lang: Lang) -> LayoutDefinition {
    LayoutDefinition {
        object: known.key.object.clone(),
        kind: Word(known.key.kind),
        role: known.key.role.clone(),
        state: known.key.state.clone(),
        version: known.version,
        standard: known.standard,
        definition: known.text.clone(),
        diagnostics: diagnostics(known.faults.clone(), lang),
    }
}

#[derive(Default)]
pub(super) struct LayoutQuery;

#[Object]
impl LayoutQuery {
    /// What a page of an object shows to the caller: the layout for their role and the record's state, else for their
    /// role, for the state, for everyone; else one made of the definition. Null where the object does not exist for
    /// them, or has nothing to show in this way.
    async fn layout(
        &self,
        ctx: &Context<'_>,
        object: String,
        kind: Word<LayoutKind>,
        state: Option<String>,
    ) -> Result<Option<LayoutInfo>> {
        shown(ctx, &object, kind.0, state.as_deref()).await
    }

    /// The layouts that somebody has written, of one object or of all, with their texts. For those who define objects.
    async fn layouts(
        &self,
        ctx: &Context<'_>,
        object: Option<String>,
    ) -> Result<Vec<LayoutDefinition>> {
        let (company, session) = defines(ctx)?;
        let book = company.layouts(&session.catalog).await;
        let book = book.map_err(|error: Error| raised(ctx, &error))?;
        let asked =
            |known: &&KnownLayout| object.as_ref().is_none_or(|name| known.key.object == *name);
        let lang = lang(ctx);
        Ok(book.written().iter().filter(asked).map(|known| definition(known, lang)).collect())
    }
}

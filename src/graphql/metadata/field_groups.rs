//! Groups of fields as forms need them, and the data items that give them, limited to what the caller may know.

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::{Value as Plain, json};

use super::{administrator_check::defines, scalars::Word};
use crate::{
    access::Visible,
    base::Lang,
    catalog::{self, FieldForm, Origin, grouped, place_of},
    graphql::{exchange::Caller, words},
};

/// A group of an object's fields: a data item put into the object under a name.
#[derive(SimpleObject)]
pub(super) struct FieldGroupInfo {
    name: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// What it is for, in the caller's language.
    help: Option<String>,
    /// The data item whose fields it has.
    item: String,
    custom: bool,
    /// The names of its fields that the caller may see, as `fields` of the object has them: `freight.cost`.
    fields: Vec<String>,
}

/// The groups of an object of which the caller may see anything.
pub(super) fn groups(
    visible: Visible<'_>,
    object: &catalog::Object,
    lang: Lang,
) -> Vec<FieldGroupInfo> {
    let told = object.groups.iter().map(|group| {
        let fields = object.in_group(&group.name).filter(|(ix, _)| visible.sees(object, *ix));
        FieldGroupInfo {
            name: group.name.clone(),
            label: words::title(&group.label, &group.name, lang),
            label_zh: group.label.zh.clone(),
            label_en: group.label.en.clone(),
            help: words::remark(group.description.as_deref(), &group.label, lang),
            item: group.item.clone(),
            custom: group.origin == Origin::Custom,
            fields: fields.map(|(_, field)| field.name.clone()).collect(),
        }
    });
    told.filter(|group| !group.fields.is_empty()).collect()
}

/// The key of an order by a field, as `orderBy` of records takes it: `{"freight": {"cost": "DESC"}}`.
pub(super) fn order_key(name: &str, direction: &str) -> Plain {
    match place_of(name) {
        (Some(group), name) => json!({ group: { name: direction } }),
        (None, name) => json!({ name: direction }),
    }
}

/// The field and the direction of such a key.
pub(super) fn ordered_by(key: &Plain) -> Option<(String, &str)> {
    let fields = key.as_object().filter(|key| key.len() == 1)?;
    let (name, value) = fields.iter().next()?;
    match value {
        Plain::String(direction) => Some((name.clone(), direction)),
        inner => {
            let inner = inner.as_object().filter(|inner| inner.len() == 1)?;
            let (field, direction) = inner.iter().next()?;
            Some((grouped(name, field), direction.as_str()?))
        }
    }
}

/// A data item: fields that objects take into themselves.
#[derive(SimpleObject)]
struct DataItem {
    name: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// What it is for, in the caller's language.
    help: Option<String>,
    custom: bool,
    fields: Vec<DataItemField>,
    /// Where it is used, as far as the caller may read the objects.
    uses: Vec<DataItemUse>,
}

/// A field of a data item.
#[derive(SimpleObject)]
struct DataItemField {
    name: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// What it holds.
    #[graphql(name = "type")]
    ty: Word<FieldForm>,
    required: bool,
    custom: bool,
}

/// A group of fields that a data item gives.
#[derive(SimpleObject)]
struct DataItemUse {
    object: String,
    group: String,
}

#[derive(Default)]
pub(super) struct DataItemQuery;

#[Object]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl DataItemQuery {
    /// The data items that objects can take into themselves, for those who define objects.
    async fn data_items(&self, ctx: &Context<'_>) -> Result<Vec<DataItem>> {
        let (_, session) = defines(ctx)?;
        let lang = ctx.data::<Caller>()?.lang;
        let (catalog, access) = (&session.catalog, &session.access);
        let visible = Visible { catalog, access };
        let told = catalog.items.iter().map(|item| DataItem {
            name: item.name.clone(),
            label: words::title(&item.label, &item.name, lang),
            label_zh: item.label.zh.clone(),
            label_en: item.label.en.clone(),
            help: words::remark(item.description.as_deref(), &item.label, lang),
            custom: item.origin == Origin::Custom,
            fields: item
                .fields
                .iter()
                .map(|field| item_field(catalog, item, field, lang))
                .collect(),
            uses: uses(visible, &item.name),
        });
        Ok(told.collect())
    }
}

fn item_field(
    catalog: &catalog::Catalog,
    item: &catalog::Object,
    field: &catalog::Field,
    lang: Lang,
) -> DataItemField {
    DataItemField {
        name: field.name.clone(),
        label: words::title(&field.label, &field.name, lang),
        label_zh: field.label.zh.clone(),
        label_en: field.label.en.clone(),
        ty: Word(catalog.form(item, field)),
        required: field.required,
        custom: field.origin == Origin::Custom,
    }
}

fn uses(visible: Visible<'_>, item: &str) -> Vec<DataItemUse> {
    let of = |object: &catalog::Object| {
        let groups = object.groups.iter().filter(|group| group.item == item);
        let told = groups
            .map(|group| DataItemUse { object: object.name.clone(), group: group.name.clone() });
        told.collect::<Vec<_>>()
    };
    visible.objects().flat_map(of).collect()
}

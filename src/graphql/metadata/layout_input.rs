//! A layout as it is given at `/metadata`: by its text, or by its parts, of which the text is written.

use async_graphql::{InputObject, Json};
use serde_json::Value as Plain;

use super::{faults, field_groups::ordered_by};
use crate::{
    base::Result,
    layouts::{
        ColumnText, ItemText, LayoutKey, LayoutText, SectionText, TabText, plain, write_layout,
    },
};

/// A layout: its text alone, or its parts.
#[derive(InputObject)]
pub(super) struct LayoutInput {
    /// The text, as in `schema/layouts/`, in place of everything else.
    definition: Option<String>,
    /// The columns of a list, board or calendar, or the fields of a card.
    columns: Option<Vec<ColumnInput>>,
    /// The fields that are offered as filters.
    quick_filters: Option<Vec<String>>,
    /// The order of a list, as `orderBy` takes it.
    order_by: Option<Json<Plain>>,
    /// The fields above everything else.
    header: Option<Vec<String>>,
    /// The field whose values are the columns of a board.
    state_field: Option<String>,
    /// The field that places a record in a calendar.
    start_field: Option<String>,
    /// The field at which it ends there.
    end_field: Option<String>,
    tabs: Option<Vec<TabInput>>,
}

/// A column.
#[derive(InputObject)]
struct ColumnInput {
    /// The field's api name.
    name: String,
    /// Its width in pixels.
    width: Option<u16>,
}

/// A tab of a page.
#[derive(InputObject)]
struct TabInput {
    /// The Chinese label.
    label: Option<String>,
    label_en: Option<String>,
    sections: Vec<SectionInput>,
}

/// A section of a tab.
#[derive(InputObject)]
struct SectionInput {
    /// The Chinese label.
    label: Option<String>,
    label_en: Option<String>,
    /// How many items stand beside one another; two unless told.
    columns: Option<u8>,
    /// Whether it is folded at first.
    collapsed: Option<bool>,
    items: Vec<LayoutItemInput>,
}

/// What a section shows: one of `field`, `lines`, `related`, `timeline` and `text`.
#[derive(InputObject)]
struct LayoutItemInput {
    /// A field.
    field: Option<String>,
    /// The field with the lines of a document.
    lines: Option<String>,
    /// The field with the records that refer to this one.
    related: Option<String>,
    /// What happened to the record, in order.
    timeline: Option<bool>,
    /// A text in Chinese.
    text: Option<String>,
    /// The same in English.
    text_en: Option<String>,
    /// The Chinese label of lines or related records.
    label: Option<String>,
    label_en: Option<String>,
    /// How many columns of the section it takes.
    width: Option<u8>,
    /// Whether a form only shows it.
    read_only: Option<bool>,
    /// The columns of lines or related records.
    columns: Option<Vec<ColumnInput>>,
    /// How many related records are shown at first.
    first: Option<u16>,
    /// An expression over the record; the item is shown while it holds.
    visible_when: Option<String>,
}

impl LayoutInput {
    /// The text of the layout.
    pub(super) fn text(self, key: &LayoutKey) -> Result<String> {
        let Self {
            definition,
            columns,
            quick_filters,
            order_by,
            header,
            state_field,
            start_field,
            end_field,
            tabs,
        } = self;
        let parts = columns.is_some() || quick_filters.is_some() || order_by.is_some();
        let parts = parts || header.is_some() || tabs.is_some() || state_field.is_some();
        let parts = parts || start_field.is_some() || end_field.is_some();
        match definition {
            Some(_) if parts => {
                return Err(faults::layout_text_or_parts().at(["layout", "definition"]));
            }
            Some(text) => return Ok(text),
            None => {}
        }
        let names =
            |names: Option<Vec<String>>| names.into_iter().flatten().map(plain).collect::<Vec<_>>();
        let layout = LayoutText {
            columns: columns.into_iter().flatten().map(column).map(plain).collect(),
            quick_filters: names(quick_filters),
            order_by: order(order_by)?,
            header: names(header),
            state_field: state_field.map(plain),
            start_field: start_field.map(plain),
            end_field: end_field.map(plain),
            tabs: tabs.into_iter().flatten().map(tab).collect(),
            ..LayoutText::empty(key)
        };
        Ok(write_layout(&layout))
    }
}

fn column(ColumnInput { name, width }: ColumnInput) -> ColumnText {
    ColumnText { field: name, width }
}

fn tab(TabInput { label, label_en, sections }: TabInput) -> TabText {
    let sections = sections.into_iter().map(|section| SectionText {
        label: section.label,
        label_en: section.label_en,
        columns: section.columns,
        collapsed: section.collapsed.unwrap_or_default(),
        items: section.items.into_iter().map(item).map(plain).collect(),
    });
    TabText { label, label_en, sections: sections.collect() }
}

fn item(item: LayoutItemInput) -> ItemText {
    let mut text = ItemText::default();
    let parts = &mut text.0;
    parts.field = item.field;
    parts.lines = item.lines;
    parts.related = item.related;
    parts.timeline = item.timeline.unwrap_or_default();
    parts.text = item.text;
    parts.text_en = item.text_en;
    parts.label = item.label;
    parts.label_en = item.label_en;
    parts.width = item.width;
    parts.read_only = item.read_only.unwrap_or_default();
    parts.columns = item.columns.into_iter().flatten().map(column).collect();
    parts.first = item.first;
    parts.visible = item.visible_when;
    text
}

/// `[{createdAt: DESC}]` becomes `-createdAt`.
fn order(order: Option<Json<Plain>>) -> Result<Vec<toml::Spanned<String>>> {
    let Some(Json(order)) = order else { return Ok(Vec::new()) };
    let one = |key: &Plain| {
        let (name, direction) = ordered_by(key)?;
        match direction {
            "ASC" => Some(plain(name)),
            "DESC" => Some(plain(format!("-{name}"))),
            _ => None,
        }
    };
    let keys = order.as_array().map(|keys| keys.iter().map(one).collect::<Option<Vec<_>>>());
    keys.flatten().ok_or_else(|| faults::bad_layout_order().at(["layout", "orderBy"]))
}

//! What of a layout exists for a caller. What they may not see is left out as if the catalog did not have it, and what
//! is empty then vanishes.

use super::{
    generate::{line_columns, related_columns},
    key::LayoutKind,
    page::{PageColumn, PageItem, PageLayout, PageSection, PageTab, Shows, VisibleWhen},
};
use crate::{
    access::Visible,
    catalog::{FieldIx, FieldType, Object},
};

/// The part of a layout that a caller sees; `None` if the object, or the field that the kind rests on, does not exist
/// for them. With `generated`, a form has only what they may write, since nobody has chosen its fields.
pub fn seen_by(layout: &PageLayout, visible: Visible<'_>, generated: bool) -> Option<PageLayout> {
    let object = visible.catalog.object(layout.object);
    visible.objects().find(|known| known.ix == object.ix)?;
    let seen = Seen { visible, object, form: generated && layout.kind == LayoutKind::Edit };
    let field = |ix: Option<FieldIx>| ix.filter(|ix| visible.sees(object, *ix));
    let (state_field, start_field) = (field(layout.state_field), field(layout.start_field));
    let rests = match layout.kind {
        LayoutKind::Board => state_field,
        LayoutKind::Calendar => start_field,
        _ => Some(FieldIx::ID),
    };
    rests?;
    let compared = |ix: &FieldIx| visible.compared(object).any(|(known, _)| known == *ix);
    let tabs = layout.tabs.iter().map(|tab| seen.tab(tab));
    Some(PageLayout {
        columns: seen.columns(object, &layout.columns),
        quick_filters: layout.quick_filters.iter().copied().filter(compared).collect(),
        order_by: layout.order_by.iter().copied().filter(|(ix, _)| compared(ix)).collect(),
        header: layout.header.iter().copied().filter(|ix| visible.sees(object, *ix)).collect(),
        state_field,
        start_field,
        end_field: field(layout.end_field),
        tabs: tabs.filter(|tab| !tab.sections.is_empty()).collect(),
        ..*layout
    })
}

struct Seen<'s> {
    visible: Visible<'s>,
    object: &'s Object,
    /// A generated form.
    form: bool,
}

impl Seen<'_> {
    fn columns(&self, object: &Object, columns: &[PageColumn]) -> Vec<PageColumn> {
        let seen = |column: &&PageColumn| self.visible.sees(object, column.field);
        columns.iter().filter(seen).cloned().collect()
    }

    fn tab(&self, tab: &PageTab) -> PageTab {
        let sections = tab.sections.iter().map(|section| PageSection {
            items: section.items.iter().filter_map(|item| self.item(item)).collect(),
            ..section.clone()
        });
        let sections = sections.filter(|section| !section.items.is_empty()).collect();
        PageTab { label: tab.label.clone(), sections }
    }

    fn item(&self, item: &PageItem) -> Option<PageItem> {
        let sees = |ix: FieldIx| self.visible.sees(self.object, ix);
        let kept = |ix: FieldIx| !self.visible.written(self.object).any(|(known, _)| known == ix);
        let target = |ix: FieldIx| {
            let target = self.object.field(ix).target()?;
            Some(self.visible.catalog.object(target))
        };
        let shows = match &item.shows {
            Shows::Field { field, .. } if !sees(*field) || self.form && kept(*field) => {
                return None;
            }
            Shows::Lines { field, label, columns } => {
                let target = target(*field).filter(|_| sees(*field))?;
                if self.form && kept(*field) {
                    return None;
                }
                let mut columns = self.columns(target, columns);
                if columns.is_empty() {
                    columns = line_columns(self.visible.catalog, target, &self.sees());
                }
                Shows::Lines { field: *field, label: label.clone(), columns }
            }
            Shows::Related { field, label, columns, first } => {
                let target = target(*field).filter(|_| sees(*field))?;
                let mut columns = self.columns(target, columns);
                if let (true, Some(via)) = (columns.is_empty(), self.via(*field)) {
                    columns = related_columns(self.visible.catalog, target, via, &self.sees());
                }
                Shows::Related { field: *field, label: label.clone(), columns, first: *first }
            }
            shows => shows.clone(),
        };
        let visible = item.visible.clone().filter(|condition| self.knows(condition));
        Some(PageItem { shows, width: item.width, visible })
    }

    /// The relation by which the records of a list refer here.
    fn via(&self, list: FieldIx) -> Option<FieldIx> {
        match self.object.field(list).ty {
            FieldType::Inverse(inverse) => Some(inverse.via),
            _ => None,
        }
    }

    fn sees(&self) -> impl Fn(&Object, FieldIx) -> bool {
        let visible = self.visible;
        move |object, ix| visible.sees(object, ix)
    }

    /// Whether the caller sees on every record all that a condition reads. If not, the item has no condition, as if
    /// the field were gone: a layout is no means to hide anything.
    fn knows(&self, condition: &VisibleWhen) -> bool {
        condition.paths.iter().all(|path| self.reads(path))
    }

    fn reads(&self, path: &[String]) -> bool {
        let employees = || self.visible.objects().find(|object| object.name == "Employee");
        let (mut at, path) = match path.split_first() {
            Some((first, rest)) if first == "viewer" => (employees(), rest),
            _ => (Some(self.object), path),
        };
        if at.is_none() {
            return false;
        }
        for name in path {
            let Some(object) = at else { return false };
            let mut compared = self.visible.compared(object);
            let Some((_, field)) = compared.find(|(_, field)| field.name == *name) else {
                return false;
            };
            at = field.target().map(|target| self.visible.catalog.object(target));
        }
        true
    }
}

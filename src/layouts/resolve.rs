//! A text against a catalog: every name is looked up, conditions are checked, and all faults are reported with their
//! places. What is faulty is left out of the page, so that a layout outlives a field that it names.

use std::ops::Range;

use toml::Spanned;

use super::{
    conventions::state_field,
    key::LayoutKind,
    messages,
    page::{PageColumn, PageItem, PageLayout, PageSection, PageTab, Shows, VisibleWhen},
    text::{ColumnText, ItemParts, ItemText, LayoutText, SectionText, TabText},
};
use crate::{
    base::{Code, Message},
    catalog::{
        self, Catalog, Diagnostic, Field, FieldIx, FieldType, Label, Object, RecordScope, nearest,
        place_in, quoted_list,
    },
    expr::{self, Type},
};

/// Items beside one another where nothing is said.
const COLUMNS: u8 = 2;
/// The most items beside one another.
const MOST_COLUMNS: u8 = 4;
/// The widest column, in pixels.
const WIDEST: u16 = 2000;
/// Related records shown at first where nothing is said.
const FIRST: u16 = 5;
/// The most related records shown at first.
const MOST_FIRST: u16 = 50;

/// A layout on one catalog.
#[derive(Debug, Clone)]
pub struct ResolvedLayout {
    /// What it shows; `None` if the object, or the field that the kind rests on, is not there.
    pub page: Option<PageLayout>,
    /// What it names in vain.
    pub faults: Vec<Diagnostic>,
}

/// Resolves a layout. `path` names its text in diagnostics.
pub fn resolve_layout(
    path: &str,
    text: &str,
    layout: &LayoutText,
    catalog: &Catalog,
) -> ResolvedLayout {
    let Some(object) = catalog.named(layout.object.get_ref()) else {
        let known = catalog.objects.iter().map(|object| object.name.as_str());
        let near = nearest(layout.object.get_ref(), known);
        let fault = Diagnostic {
            hint: near.map(catalog::messages::did_you_mean),
            ..fault_at(
                path,
                text,
                &layout.object.span(),
                messages::no_object(layout.object.get_ref()),
            )
        };
        return ResolvedLayout { page: None, faults: vec![fault] };
    };
    let mut work = Resolving { path, text, catalog, object, kind: layout.kind, faults: Vec::new() };
    let page = Some(work.page(layout));
    ResolvedLayout { page, faults: work.faults }
}

/// A fault of a text, at a range of its bytes.
pub(super) fn fault_at(
    path: &str,
    text: &str,
    span: &Range<usize>,
    message: Message,
) -> Diagnostic {
    let (line, column) = place_in(text, span.start).unwrap_or((1, 1));
    let (code, path) = (Code::CatalogDirective, path.to_owned());
    Diagnostic { code, path, line, column, message, hint: None }
}

struct Resolving<'r> {
    path: &'r str,
    text: &'r str,
    catalog: &'r Catalog,
    object: &'r Object,
    kind: LayoutKind,
    faults: Vec<Diagnostic>,
}

impl<'r> Resolving<'r> {
    fn fault(&mut self, span: &Range<usize>, message: Message) {
        self.hinted(span, message, None);
    }

    fn hinted(&mut self, span: &Range<usize>, message: Message, hint: Option<Message>) {
        let fault = fault_at(self.path, self.text, span, message);
        self.faults.push(Diagnostic { hint, ..fault });
    }

    fn page(&mut self, layout: &LayoutText) -> PageLayout {
        self.state(layout);
        self.misplaced(layout);
        let object = self.object;
        let columns = layout.columns.iter().filter_map(|known| {
            let column = self.column(object, known.get_ref(), &known.span())?;
            Some((known.span(), column))
        });
        let columns: Vec<_> = columns.collect();
        let columns = self.once(columns, |column| column.field);
        let quick_filters = self.names(&layout.quick_filters);
        let header = self.names(&layout.header);
        let order_by = layout.order_by.iter().filter_map(|known| self.order(known)).collect();
        let state_field =
            self.role_of(layout.state_field.as_ref(), Field::has_states, messages::no_board_field);
        let start_field = self.role_of(
            layout.start_field.as_ref(),
            Field::is_moment,
            messages::no_calendar_field,
        );
        let end_field =
            self.role_of(layout.end_field.as_ref(), Field::is_moment, messages::no_calendar_field);
        let rests = match self.kind {
            LayoutKind::Board => Some(("state_field", &layout.state_field)),
            LayoutKind::Calendar => Some(("start_field", &layout.start_field)),
            _ => None,
        };
        if let Some((key, None)) = rests {
            self.fault(&layout.object.span(), messages::needs(key, self.kind.as_ref()));
        }
        let tabs = layout.tabs.iter().map(|tab| self.tab(tab)).collect();
        PageLayout {
            object: object.ix,
            kind: self.kind,
            columns,
            quick_filters,
            order_by,
            header,
            state_field,
            start_field,
            end_field,
            tabs,
        }
    }

    /// Whether the object has the state that the layout is for. States of a relation are codes of records, which
    /// nobody looks up here.
    fn state(&mut self, layout: &LayoutText) {
        let Some(state) = &layout.state else { return };
        let Some(ix) = state_field(self.object, &|_, _| true) else {
            return self.fault(&state.span(), messages::no_state_field(&self.object.name));
        };
        let Some(list) = self.object.field(ix).ty.picklist() else { return };
        let list = self.catalog.picklist(list);
        if !list.has(state.get_ref()) {
            let states = quoted_list(list.values.iter().map(|value| value.name.as_str()));
            let message = messages::no_such_state(&self.object.name, state.get_ref());
            self.hinted(&state.span(), message, Some(messages::states_are(states)));
        }
    }

    /// Refuses what layouts of this kind do not show.
    fn misplaced(&mut self, layout: &LayoutText) {
        let at = layout.object.span();
        let (lists, kind) = (self.kind == LayoutKind::List, self.kind);
        let filtered = lists || kind == LayoutKind::Board || kind == LayoutKind::Calendar;
        let given = [
            ("columns", !layout.columns.is_empty(), kind.has_columns()),
            ("quick_filters", !layout.quick_filters.is_empty(), filtered),
            ("order_by", !layout.order_by.is_empty(), lists || kind == LayoutKind::Board),
            ("header", !layout.header.is_empty(), !kind.has_columns()),
            ("tabs", !layout.tabs.is_empty(), !kind.has_columns()),
            ("state_field", layout.state_field.is_some(), kind == LayoutKind::Board),
            ("start_field", layout.start_field.is_some(), kind == LayoutKind::Calendar),
            ("end_field", layout.end_field.is_some(), kind == LayoutKind::Calendar),
        ];
        for (key, _, _) in given.iter().filter(|(_, given, fits)| *given && !fits) {
            self.fault(&at, messages::not_of_kind(*key, kind.as_ref()));
        }
    }

    /// Looks up a field of an object.
    fn field(
        &mut self,
        object: &'r Object,
        name: &str,
        span: &Range<usize>,
    ) -> Option<(FieldIx, &'r Field)> {
        let found = object.named(name).filter(|(_, field)| field.of_union.is_none());
        if found.is_none() {
            let names = object.known_fields().map(|(_, field)| field.name.as_str());
            let near = nearest(name, names);
            let message = catalog::messages::unknown_field(&object.name, name);
            self.hinted(span, message, near.map(catalog::messages::did_you_mean));
        }
        found
    }

    fn names(&mut self, names: &[Spanned<String>]) -> Vec<FieldIx> {
        let object = self.object;
        let mut found = Vec::new();
        for name in names {
            let Some((ix, field)) = self.field(object, name.get_ref(), &name.span()) else {
                continue;
            };
            match is_list(field) {
                true => self.fault(&name.span(), messages::a_list(name.get_ref())),
                false => found.push((name.span(), ix)),
            }
        }
        self.once(found, |ix| *ix)
    }

    /// Reports what is named a second time, and leaves it out.
    fn once<T>(&mut self, all: Vec<(Range<usize>, T)>, field: fn(&T) -> FieldIx) -> Vec<T> {
        let mut kept: Vec<T> = Vec::new();
        for (span, one) in all {
            if kept.iter().any(|known| field(known) == field(&one)) {
                let name = &self.object.field(field(&one)).name;
                self.fault(&span, messages::named_twice(name));
            } else {
                kept.push(one);
            }
        }
        kept
    }

    fn column(
        &mut self,
        object: &'r Object,
        column: &ColumnText,
        span: &Range<usize>,
    ) -> Option<PageColumn> {
        let (ix, field) = self.field(object, &column.field, span)?;
        if is_list(field) && !matches!(field.ty, FieldType::ManyToMany(_)) {
            self.fault(span, messages::not_in_columns(&column.field));
            return None;
        }
        if column.width.is_some_and(|width| width == 0 || width > WIDEST) {
            self.fault(span, messages::bad_width(u32::from(WIDEST)));
        }
        Some(PageColumn { field: ix, width: column.width })
    }

    fn order(&mut self, known: &Spanned<String>) -> Option<(FieldIx, bool)> {
        let name = known.get_ref();
        let (name, descends) = match name.strip_prefix('-') {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let (ix, field) = self.field(self.object, name, &known.span())?;
        // By a relation, records are sorted by fields of its target, which a layout does not name.
        if !field.ty.traits().sorts || field.ty.traits().scalar.is_none() {
            self.fault(&known.span(), messages::not_sorted(name));
            return None;
        }
        Some((ix, descends))
    }

    /// A field with a part in the kind, such as the one whose values are columns of a board.
    fn role_of(
        &mut self,
        name: Option<&Spanned<String>>,
        fits: fn(&Field) -> bool,
        unfit: fn(String) -> Message,
    ) -> Option<FieldIx> {
        let name = name?;
        let (ix, field) = self.field(self.object, name.get_ref(), &name.span())?;
        if !fits(field) {
            self.fault(&name.span(), unfit(name.get_ref().clone()));
            return None;
        }
        Some(ix)
    }

    fn tab(&mut self, tab: &TabText) -> PageTab {
        let sections = tab.sections.iter().map(|section| self.section(section)).collect();
        PageTab { label: label(tab.label.as_deref(), tab.label_en.as_deref()), sections }
    }

    fn section(&mut self, section: &SectionText) -> PageSection {
        let columns = section.columns.unwrap_or(COLUMNS);
        if columns == 0 || columns > MOST_COLUMNS {
            let span = section.items.first().map_or(0..0, Spanned::span);
            self.fault(&span, messages::bad_section_columns());
        }
        let items = section.items.iter().flat_map(|item| self.items(item)).collect();
        PageSection {
            label: label(section.label.as_deref(), section.label_en.as_deref()),
            columns: columns.clamp(1, MOST_COLUMNS),
            collapsed: section.collapsed,
            items,
        }
    }

    /// What an item shows: as `field`, a group is all of its fields.
    fn items(&mut self, item: &Spanned<ItemText>) -> Vec<PageItem> {
        let ItemText(parts) = item.get_ref();
        let group = parts.field.as_deref().filter(|name| self.object.group(name).is_some());
        let Some(group) = group else {
            return self.item(parts, &item.span()).into_iter().collect();
        };
        let fields = self.object.in_group(group).map(|(_, field)| field.name.clone());
        let each = fields.map(|field| ItemParts { field: Some(field), ..parts.clone() });
        let each: Vec<_> = each.collect();
        each.iter().filter_map(|parts| self.item(parts, &item.span())).collect()
    }

    fn item(&mut self, parts: &ItemParts, span: &Range<usize>) -> Option<PageItem> {
        let span = span.clone();
        let given = [
            parts.field.is_some(),
            parts.lines.is_some(),
            parts.related.is_some(),
            parts.timeline,
            parts.text.is_some() || parts.text_en.is_some(),
        ];
        if given.iter().filter(|given| **given).count() != 1 {
            self.fault(&span, messages::one_of_items());
            return None;
        }
        if !parts.columns.is_empty() && parts.lines.is_none() && parts.related.is_none() {
            self.fault(&span, messages::no_columns_here());
        }
        if parts.width.is_some_and(|width| width == 0 || width > MOST_COLUMNS) {
            self.fault(&span, messages::bad_width(u32::from(MOST_COLUMNS)));
        }
        let visible = parts.visible.as_ref().and_then(|text| self.condition(text, &span));
        let shows = self.shows(parts, &span)?;
        let width = parts.width.unwrap_or(1).clamp(1, MOST_COLUMNS);
        Some(PageItem { shows, width, visible })
    }

    fn shows(&mut self, parts: &ItemParts, span: &Range<usize>) -> Option<Shows> {
        let named = || label(parts.label.as_deref(), parts.label_en.as_deref());
        if let Some(name) = &parts.field {
            let (field, known) = self.field(self.object, name, span)?;
            if is_list(known) && !matches!(known.ty, FieldType::ManyToMany(_)) {
                let hint = match known.ty {
                    FieldType::Lines(_) => messages::write_lines(name),
                    _ => messages::write_related(name),
                };
                self.hinted(span, messages::a_list(name), Some(hint));
                return None;
            }
            return Some(Shows::Field { field, read_only: parts.read_only });
        }
        if let Some(name) = &parts.lines {
            let (field, known) = self.field(self.object, name, span)?;
            let FieldType::Lines(lines) = &known.ty else {
                self.fault(span, messages::not_lines(name));
                return None;
            };
            let target = self.catalog.object(lines.target);
            let columns = self.columns_of(target, &parts.columns, span);
            return Some(Shows::Lines { field, label: named(), columns });
        }
        if let Some(name) = &parts.related {
            let (field, known) = self.field(self.object, name, span)?;
            let FieldType::Inverse(inverse) = &known.ty else {
                self.fault(span, messages::not_related(name));
                return None;
            };
            let first = parts.first.unwrap_or(FIRST);
            if first == 0 || first > MOST_FIRST {
                self.fault(span, messages::bad_first());
            }
            let target = self.catalog.object(inverse.target);
            let columns = self.columns_of(target, &parts.columns, span);
            let first = first.clamp(1, MOST_FIRST);
            return Some(Shows::Related { field, label: named(), columns, first });
        }
        Some(match parts.timeline {
            true => Shows::Timeline,
            false => Shows::Text(label(parts.text.as_deref(), parts.text_en.as_deref())),
        })
    }

    /// The columns that are given for the records of a list.
    fn columns_of(
        &mut self,
        target: &'r Object,
        columns: &[ColumnText],
        span: &Range<usize>,
    ) -> Vec<PageColumn> {
        columns.iter().filter_map(|column| self.column(target, column, span)).collect()
    }

    fn condition(&mut self, text: &str, span: &Range<usize>) -> Option<VisibleWhen> {
        let scope = RecordScope::of(self.catalog, self.object.ix);
        match expr::parse(text, &scope, &Type::Bool) {
            Ok(parsed) => Some(VisibleWhen { text: text.to_owned(), paths: parsed.paths() }),
            Err(errors) => {
                for error in errors {
                    let message = catalog::messages::in_expression(text, error.message);
                    let fault = fault_at(self.path, self.text, span, message);
                    let code = Code::CatalogExpression;
                    self.faults.push(Diagnostic { code, hint: error.hint, ..fault });
                }
                None
            }
        }
    }
}

fn label(zh: Option<&str>, en: Option<&str>) -> Label {
    Label { zh: zh.map(str::to_owned), en: en.map(str::to_owned) }
}

/// Whether a field has several records.
pub(super) fn is_list(field: &Field) -> bool {
    matches!(field.ty, FieldType::Lines(_) | FieldType::ManyToMany(_) | FieldType::Inverse(_))
}

//! A layout for an object that nobody has written one for, made of its definition alone.
//!
//! A field counts as important if it names the record, is its state, leads to a main record, or if records are indexed
//! by it. Only fields that `sees` admits are looked at, so that a field which does not exist for somebody leaves no gap
//! where another would be. Knows no object by name.

use super::{
    conventions::{Sees, end_field, start_field, state_field},
    key::{LayoutKey, LayoutKind},
    page::PageColumn,
    resolve::is_list,
    text::{ColumnText, ItemParts, ItemText, LayoutText, SectionText, TabText, plain},
};
use crate::catalog::{
    Catalog, EMPLOYEES, Field, FieldForm, FieldIx, FieldType, Object, ObjectKind,
};

/// The most columns of a list, and of one within a page.
const MOST: usize = 9;
const MOST_RELATED: usize = 5;
const MOST_OF_LINES: usize = 12;
/// The fewest columns of a list, where the object has so many fields.
const FEWEST: usize = 4;
/// The fewest fields that make a section of their own.
const OWN_SECTION: usize = 2;

/// The generated layout of a kind; `None` if the object has no field for its columns or days.
pub fn generate(
    catalog: &Catalog,
    object: &Object,
    kind: LayoutKind,
    sees: Sees<'_>,
) -> Option<LayoutText> {
    // What is hidden from everyone else is not put before administrators either.
    let sees: Sees<'_> = &|of, ix| !of.field(ix).hidden && sees(of, ix);
    let of = Generating { catalog, object, sees };
    let mut layout = LayoutText::empty(&LayoutKey::plain(&object.name, kind));
    let main = of.list_columns();
    match kind {
        LayoutKind::List => {
            layout.columns = of.columns(&main);
            layout.quick_filters = of.names(&of.quick_filters());
            layout.order_by = vec![plain(of.order())];
        }
        LayoutKind::Card => layout.columns = of.columns(&of.card()),
        LayoutKind::Board => {
            let state = of.state()?;
            layout.state_field = Some(plain(object.field(state).name.clone()));
            let shown: Vec<_> = main.into_iter().filter(|ix| *ix != state).take(5).collect();
            layout.columns = of.columns(&shown);
            layout.quick_filters = of.names(&of.quick_filters());
        }
        LayoutKind::Calendar => {
            let name = |ix: FieldIx| plain(object.field(ix).name.clone());
            layout.start_field = Some(name(start_field(object, sees)?));
            layout.end_field = end_field(object, sees).map(name);
            layout.columns = of.columns(&of.card());
            layout.quick_filters = of.names(&of.quick_filters());
        }
        LayoutKind::Detail => {
            layout.header = of.names(&of.header());
            let related = tab("相关", "Related", of.related());
            let timeline = ItemParts { timeline: true, ..ItemParts::default() };
            let timeline = vec![section(None, 1, vec![ItemText(timeline)])];
            let timeline = tab("动态", "Timeline", timeline);
            let details = tab("详情", "Details", of.sections(kind));
            layout.tabs = vec![details, related, timeline];
            layout.tabs.retain(|tab| !tab.sections.is_empty());
        }
        LayoutKind::Edit => layout.tabs = vec![tab("详情", "Details", of.sections(kind))],
        LayoutKind::Print => {
            layout.header = of.names(&of.header());
            layout.tabs = vec![tab("详情", "Details", of.sections(kind))];
        }
    }
    Some(layout)
}

/// The fields of records that refer to one, where nobody has chosen them.
pub(super) fn related_columns(
    catalog: &Catalog,
    object: &Object,
    via: FieldIx,
    sees: Sees<'_>,
) -> Vec<PageColumn> {
    let columns = Generating { catalog, object, sees }.list_columns().into_iter();
    let columns = columns.filter(|ix| *ix != object.whole(via)).take(MOST_RELATED);
    columns.map(|field| PageColumn { field, width: None }).collect()
}

/// The fields of a line, where nobody has chosen them.
pub(super) fn line_columns(catalog: &Catalog, object: &Object, sees: Sees<'_>) -> Vec<PageColumn> {
    let of = Generating { catalog, object, sees };
    let own = of
        .fields()
        .filter(|(ix, field)| !field.system && Some(*ix) != object.parent && of.fits_column(field));
    own.take(MOST_OF_LINES).map(|(field, _)| PageColumn { field, width: None }).collect()
}

/// The groups in which a page shows fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Main,
    Contact,
    Amounts,
    Dates,
    Notes,
}

const GROUPS: [(Group, &str, &str); 5] = [
    (Group::Main, "基本信息", "General"),
    (Group::Contact, "联系方式", "Contact details"),
    (Group::Amounts, "数量与金额", "Quantities and amounts"),
    (Group::Dates, "日期", "Dates"),
    (Group::Notes, "备注", "Notes"),
];

/// Whether a field only repeats the words of a rich text.
fn repeats(field: &Field) -> bool {
    field.formula_text.as_deref().is_some_and(|text| text.starts_with("plainText("))
}

struct Generating<'g> {
    catalog: &'g Catalog,
    object: &'g Object,
    sees: Sees<'g>,
}

impl Generating<'_> {
    fn fields(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        self.object.known_fields().filter(|(ix, _)| (self.sees)(self.object, *ix))
    }

    fn state(&self) -> Option<FieldIx> {
        state_field(self.object, self.sees)
    }

    fn form(&self, field: &Field) -> FieldForm {
        self.catalog.form(self.object, field)
    }

    fn indexed(&self, ix: FieldIx) -> bool {
        self.object.indexed().any(|fields| fields.contains(&ix))
    }

    /// Whether a column can show the field.
    fn fits_column(&self, field: &Field) -> bool {
        let long =
            matches!(self.form(field), FieldForm::LongText | FieldForm::RichText | FieldForm::Json);
        !is_list(field) && !long
    }

    /// The declared fields, with the number.
    fn own(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        let numbered = |field: &Field| matches!(field.ty, FieldType::AutoNumber(_));
        self.fields()
            .filter(move |(_, field)| (!field.system || numbered(field)) && !repeats(field))
    }

    /// The fields that fit, those that matter more first.
    fn ranked(&self, fits: impl Fn(FieldIx, &Field) -> bool) -> Vec<FieldIx> {
        let alone = |ix, field: &Field| field.place().0.is_none() || self.indexed(ix);
        let fitting = self.own().filter(|(ix, field)| fits(*ix, field) && alone(*ix, field));
        let mut found: Vec<_> = fitting.collect();
        found.sort_by_key(|(ix, field)| {
            let parent = field.relation().is_some_and(|relation| relation.parent);
            let summed = matches!(field.ty, FieldType::Rollup(_));
            (!parent, !summed, !self.indexed(*ix), !field.required)
        });
        found.into_iter().map(|(ix, _)| ix).collect()
    }

    /// What names a record: its number, its code, its name.
    fn naming(&self) -> Vec<FieldIx> {
        let sees = |ix: &FieldIx| (self.sees)(self.object, *ix);
        let number = self.fields();
        let number = number.filter(|(_, field)| matches!(field.ty, FieldType::AutoNumber(_)));
        let mut found: Vec<_> = number.map(|(ix, _)| ix).take(1).collect();
        let keys = self.object.key_fields().map(|(ix, _)| ix).filter(sees);
        found.extend(keys.filter(|ix| !self.object.field(*ix).system).take(1));
        found.extend(self.object.display.filter(sees));
        unique(found)
    }

    /// The relations that matter, without the owner and the tree above.
    fn relations(&self) -> Vec<FieldIx> {
        self.ranked(|ix, field| {
            let owner = Some(ix) == self.object.owner || Some(ix) == self.object.parent;
            let main = field.required || self.indexed(ix);
            main && !owner && field.relation().is_some_and(|relation| !relation.tree)
        })
    }

    fn dates(&self) -> Vec<FieldIx> {
        self.ranked(|ix, field| {
            let date = matches!(self.form(field), FieldForm::Date | FieldForm::DateTime);
            date && (field.required || self.indexed(ix))
        })
    }

    fn amounts(&self) -> Vec<FieldIx> {
        self.ranked(|_, field| self.form(field) == FieldForm::Money)
    }

    fn picklists(&self) -> Vec<FieldIx> {
        self.ranked(|ix, field| self.form(field) == FieldForm::Picklist && self.indexed(ix))
    }

    fn owner(&self) -> Option<FieldIx> {
        self.object.owner_field().filter(|ix| (self.sees)(self.object, *ix))
    }

    fn list_columns(&self) -> Vec<FieldIx> {
        let amounts = if self.object.kind == ObjectKind::Document { 2 } else { 1 };
        let mut found = self.naming();
        found.extend(self.state());
        found.extend(self.relations().into_iter().take(2));
        found.extend(self.picklists().into_iter().take(2));
        found.extend(self.dates().into_iter().take(2));
        found.extend(self.amounts().into_iter().take(amounts));
        found.extend(self.owner());
        let mut found = unique(found);
        let rest = self.own().filter(|(_, field)| self.fits_column(field)).map(|(ix, _)| ix);
        for ix in rest {
            if found.len() < FEWEST && !found.contains(&ix) {
                found.push(ix);
            }
        }
        // A list of nothing would have no row to open a record by.
        if found.is_empty() {
            let created = self.object.system.created_at;
            found.extend(created.filter(|ix| (self.sees)(self.object, *ix)));
        }
        found.truncate(MOST);
        found
    }

    /// Three fields: what it is called, and the two that tell it apart best.
    fn card(&self) -> Vec<FieldIx> {
        let display = self.object.display.filter(|ix| (self.sees)(self.object, *ix));
        let mut found: Vec<_> = display.into_iter().collect();
        found.extend(self.relations().into_iter().take(1));
        found.extend(self.state());
        found.extend(self.list_columns());
        let mut found = unique(found);
        found.truncate(3);
        found
    }

    fn header(&self) -> Vec<FieldIx> {
        let mut found: Vec<_> = self.state().into_iter().collect();
        found.extend(self.relations().into_iter().take(1));
        found.extend(self.amounts().into_iter().take(1));
        found.extend(self.dates().into_iter().take(1));
        found.extend(self.owner());
        unique(found)
    }

    fn quick_filters(&self) -> Vec<FieldIx> {
        let mut found: Vec<_> = self.state().into_iter().collect();
        found.extend(self.picklists().into_iter().take(2));
        found.extend(self.owner());
        found.extend(self.dates().into_iter().take(1));
        unique(found)
    }

    /// Business records: the newest first. Set-up data: in its own sequence, or by code or name.
    fn order(&self) -> String {
        let sorts = |ix: &FieldIx| {
            let field = self.object.field(*ix);
            field.ty.traits().sorts && field.ty.traits().scalar.is_some()
        };
        let newest = self.object.kind == ObjectKind::Document || self.object.responsible;
        let sequence = self.fields().find(|(_, field)| field.name == "sequence");
        let sequence = sequence.map(|(ix, _)| ix);
        let named = sequence.into_iter().chain(self.naming()).find(sorts);
        match (newest, self.object.system.created_at, named) {
            (true, Some(created), _) | (false, Some(created), None) => {
                format!("-{}", self.object.field(created).name)
            }
            (_, _, Some(named)) => self.object.field(named).name.clone(),
            (_, None, None) => self.object.field(FieldIx::ID).name.clone(),
        }
    }

    fn columns(&self, fields: &[FieldIx]) -> Vec<toml::Spanned<ColumnText>> {
        let column =
            |ix: &FieldIx| ColumnText { field: self.object.field(*ix).name.clone(), width: None };
        fields.iter().map(column).map(plain).collect()
    }

    fn names(&self, fields: &[FieldIx]) -> Vec<toml::Spanned<String>> {
        fields.iter().map(|ix| plain(self.object.field(*ix).name.clone())).collect()
    }

    fn group(&self, field: &Field) -> Group {
        let named = |ends: &[&str]| ends.iter().any(|end| field.name.to_lowercase().ends_with(end));
        match self.form(field) {
            FieldForm::Phone | FieldForm::Email | FieldForm::Url => Group::Contact,
            FieldForm::Text if named(&["city", "address", "postalcode"]) => Group::Contact,
            FieldForm::Money | FieldForm::Amount | FieldForm::Percent | FieldForm::Decimal => {
                Group::Amounts
            }
            _ if matches!(field.ty, FieldType::Rollup(_)) => Group::Amounts,
            FieldForm::Date | FieldForm::DateTime | FieldForm::Time => Group::Dates,
            FieldForm::LongText | FieldForm::RichText | FieldForm::Json => Group::Notes,
            _ => Group::Main,
        }
    }

    /// The fields by groups, then the lines, then who saved it and when. A group with a single field joins the first.
    fn sections(&self, kind: LayoutKind) -> Vec<SectionText> {
        let single =
            |field: &Field| !is_list(field) || matches!(field.ty, FieldType::ManyToMany(_));
        let editing = kind == LayoutKind::Edit;
        let shown = self.own().filter(|(_, field)| single(field) && (!editing || field.writable()));
        let (shown, grouped): (Vec<_>, Vec<_>) = shown.partition(|(_, f)| f.place().0.is_none());
        let shown: Vec<_> =
            shown.into_iter().map(|(_, field)| (self.group(field), field)).collect();
        let small = |group: Group| {
            let least = if group == Group::Notes { 1 } else { OWN_SECTION };
            shown.iter().filter(|(known, _)| *known == group).count() < least
        };
        let mut sections = Vec::new();
        for (group, zh, en) in GROUPS {
            let fits = |known: Group| match group {
                Group::Main => known == Group::Main || small(known),
                group => known == group && !small(group),
            };
            let fields = shown.iter().filter(|(known, _)| fits(*known));
            let items: Vec<_> = fields.map(|(_, field)| ItemText::field(&field.name)).collect();
            if !items.is_empty() {
                let columns = if group == Group::Notes { 1 } else { 2 };
                sections.push(section(Some((zh, en)), columns, items));
            }
        }
        sections.extend(self.groups(&grouped));
        sections.extend(self.lines(kind));
        if kind == LayoutKind::Detail {
            let system = self.object.system;
            let saved =
                [system.created_at, system.created_by, system.updated_at, system.updated_by];
            let saved = saved.into_iter().flatten().filter(|ix| (self.sees)(self.object, *ix));
            let saved = saved.map(|ix| self.object.field(ix));
            let items: Vec<_> = saved.map(|field| ItemText::field(&field.name)).collect();
            if !items.is_empty() {
                let mut saved = section(Some(("系统信息", "System")), 2, items);
                saved.collapsed = true;
                sections.push(saved);
            }
        }
        sections
    }

    /// A section for each group of fields. Where all of it is shown, it is placed as a whole.
    fn groups(&self, shown: &[(FieldIx, &Field)]) -> Vec<SectionText> {
        let each = self.object.groups.iter().filter_map(|group| {
            let name = Some(group.name.as_str());
            let fields = shown.iter().filter(|(_, field)| field.place().0 == name);
            let items: Vec<_> = fields.map(|(_, field)| ItemText::field(&field.name)).collect();
            let whole = items.len() == self.object.in_group(&group.name).count();
            let items = if whole { vec![ItemText::field(&group.name)] } else { items };
            let title = group.title();
            (!items.is_empty()).then(|| section(Some((&*title.zh, &*title.en)), 2, items))
        });
        each.collect()
    }

    /// A section for each field with lines. Related employees are on no paper.
    fn lines(&self, kind: LayoutKind) -> Vec<SectionText> {
        let lines = self.fields().filter(|(_, field)| {
            let printed = kind != LayoutKind::Print || field.name != EMPLOYEES;
            matches!(field.ty, FieldType::Lines(_)) && printed
        });
        let item = |field: &Field| {
            ItemText(ItemParts { lines: Some(field.name.clone()), ..ItemParts::default() })
        };
        lines.map(|(_, field)| section(None, 1, vec![item(field)])).collect()
    }

    /// A section for each list of records that refer to this one.
    fn related(&self) -> Vec<SectionText> {
        let lists = self.fields().filter(|(_, field)| matches!(field.ty, FieldType::Inverse(_)));
        let item = |field: &Field| {
            ItemText(ItemParts { related: Some(field.name.clone()), ..ItemParts::default() })
        };
        lists.map(|(_, field)| section(None, 1, vec![item(field)])).collect()
    }
}

fn section(label: Option<(&str, &str)>, columns: u8, items: Vec<ItemText>) -> SectionText {
    SectionText {
        label: label.map(|(zh, _)| zh.to_owned()),
        label_en: label.map(|(_, en)| en.to_owned()),
        columns: Some(columns),
        collapsed: false,
        items: items.into_iter().map(plain).collect(),
    }
}

fn tab(zh: &str, en: &str, sections: Vec<SectionText>) -> TabText {
    TabText { label: Some(zh.to_owned()), label_en: Some(en.to_owned()), sections }
}

/// Each field once, in the order in which they are named first.
fn unique(fields: Vec<FieldIx>) -> Vec<FieldIx> {
    let mut found: Vec<FieldIx> = Vec::new();
    for ix in fields {
        if !found.contains(&ix) {
            found.push(ix);
        }
    }
    found
}

//! The menu of a front system where nobody has written one: its objects by the areas in which they are defined.

use super::{
    super::text::plain,
    text::{MenuEntryText, MenuGroupText, MenuText},
};
use crate::catalog::{Catalog, Object, ObjectKind, in_words};

/// What people call the areas of the standard objects, which are the files under `schema/`. An area that is not named
/// here is called as its file.
const AREAS: [(&str, &str, &str); 15] = [
    ("customer", "客户", "Customers"),
    ("marketing", "市场", "Marketing"),
    ("sales", "销售", "Sales"),
    ("activity", "行动", "Activities"),
    ("correspondence", "往来信息", "Correspondence"),
    ("service", "服务", "Service"),
    ("service_care", "服务关怀", "Service care"),
    ("knowledge", "知识库", "Knowledge"),
    ("delivery", "发货", "Delivery"),
    ("supply", "供应链", "Supply chain"),
    ("purchasing", "采购", "Purchasing"),
    ("finance", "财务", "Finance"),
    ("expense", "费用", "Expenses"),
    ("performance", "绩效", "Performance"),
    ("organisation", "组织", "Organisation"),
];

/// The group of the company's own objects.
const CUSTOM: (&str, &str) = ("自定义", "Custom objects");

/// The generated menu of a front system: the objects that say they belong to it, and those that belong to none, which
/// all systems share. Set-up data comes last in its group.
pub fn generate_menu(catalog: &Catalog, system: &str) -> MenuText {
    let mut menu = MenuText::empty(system);
    let belongs = |object: &&Object| {
        let shared = object.systems.is_empty();
        object.plural.is_some() && (shared || object.systems.iter().any(|own| own == system))
    };
    let objects: Vec<_> = catalog.objects.iter().filter(belongs).collect();
    let mut areas: Vec<Option<&str>> = Vec::new();
    for object in &objects {
        if !areas.contains(&object.area.as_deref()) {
            areas.push(object.area.as_deref());
        }
    }
    areas.sort_by_key(|area| place(*area));
    for area in areas {
        let mut own: Vec<_> =
            objects.iter().filter(|object| object.area.as_deref() == area).collect();
        own.sort_by_key(|object| object.kind == ObjectKind::Setup);
        let entries = own.into_iter().map(|object| plain(MenuEntryText::object(&object.name)));
        let (label, label_en) = heading(area);
        let (label, label_en) = (Some(label), Some(label_en));
        menu.groups.push(MenuGroupText { label, label_en, entries: entries.collect() });
    }
    menu
}

/// Known areas in their order, then others, then what is the company's own.
fn place(area: Option<&str>) -> usize {
    match area {
        None => AREAS.len() + 1,
        Some(area) => AREAS.iter().position(|(name, ..)| *name == area).unwrap_or(AREAS.len()),
    }
}

fn heading(area: Option<&str>) -> (String, String) {
    let Some(area) = area else { return (CUSTOM.0.to_owned(), CUSTOM.1.to_owned()) };
    match AREAS.iter().find(|(name, ..)| *name == area) {
        Some((_, zh, en)) => ((*zh).to_owned(), (*en).to_owned()),
        None => (in_words(area), in_words(area)),
    }
}

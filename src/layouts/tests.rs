//! Layouts on the standard catalog: generated ones resolve, texts read back as written, faults have places.

use std::sync::Arc;

use strum::IntoEnumIterator;

use super::*;
use crate::{
    access::{Access, Person, Role, Visible},
    base::Lang,
    catalog::{Catalog, DefinitionPart, FieldIx, Object, Origin, resolve, standard_sources},
};

fn catalog(more: &str) -> Catalog {
    let mut sources = standard_sources();
    sources.push(DefinitionPart::objects("custom".to_owned(), more.to_owned(), Origin::Custom));
    resolve(&sources, 1).unwrap()
}

fn resolved(catalog: &Catalog, text: &str) -> ResolvedLayout {
    let layout = LayoutText::parse("layout", text).unwrap();
    resolve_layout("layout", text, &layout, catalog)
}

fn told(faults: &[crate::catalog::Diagnostic]) -> Vec<String> {
    faults.iter().map(|fault| fault.text(Lang::En)).collect()
}

/// Every object of the program has layouts of every kind that fits, without a fault, and their texts say the same.
#[test]
fn generated_layouts_resolve_and_read_back() {
    let catalog = catalog("type Bare @object(kind: SETUP, plural: \"bares\") { note: JSON }");
    for object in &catalog.objects {
        for kind in LayoutKind::iter() {
            let Some(layout) = generate(&catalog, object, kind, &|_, _| true) else {
                assert!(
                    matches!(kind, LayoutKind::Board | LayoutKind::Calendar),
                    "{}",
                    object.name
                );
                continue;
            };
            let text = write_layout(&layout);
            let read = LayoutText::parse("layout", &text).unwrap();
            assert_eq!(read, layout, "{text}");
            let resolved = resolve_layout("layout", &text, &read, &catalog);
            assert_eq!(told(&resolved.faults), Vec::<String>::new(), "{text}");
            let page = resolved.page.unwrap();
            let empty = page.columns.is_empty() && page.tabs.is_empty();
            assert!(!empty, "{} {kind:?}:\n{text}", object.name);
        }
    }
}

#[test]
fn standard_layouts_resolve() {
    let catalog = catalog("");
    for (path, text) in standard_layouts() {
        let layout = LayoutText::parse(&path, &text).unwrap();
        let resolved = resolve_layout(&path, &text, &layout, &catalog);
        assert_eq!(told(&resolved.faults), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn what_is_written_reads_back() {
    let text = r#"object = "SalesOrder"
kind = "detail"
role = "salesperson"
state = "SHIPPED"
header = ["status", "customer"]

[[tabs]]
label = "详情"
label_en = "Details"

[[tabs.sections]]
label = "a \\ b\n\"c\" 'd'\u0001"
columns = 3
collapsed = true
items = [
  "customer",
  { field = "status", width = 2, read_only = true, visible = 'status == "SHIPPED"' },
  { lines = "lines", columns = ["item", { field = "quantity", width = 90 }] },
  { timeline = true },
  { text = "提示", text_en = "Hint" },
]
"#;
    let layout = LayoutText::parse("layout", text).unwrap();
    assert_eq!(layout.key().name(), "SalesOrder.DETAIL@salesperson#SHIPPED");
    assert_eq!(write_layout(&layout), text);
    assert_eq!(told(&resolved(&catalog(""), text).faults), Vec::<String>::new());
}

#[test]
fn faults_have_places_and_advice() {
    let catalog = catalog("");
    let text = "object = \"Customer\"\nkind = \"detail\"\nstate = \"NO\"\nheader = [\"level\", \"nmae\"]\ncolumns = [\"name\"]\n\
        [[tabs]]\nlabel = \"x\"\n[[tabs.sections]]\nitems = [\n  \"name\", \"contacts\",\n  { field = \"levle\" },\n  \
        { field = \"level\", visible = \"levl == 'A'\" }, { related = \"contacts\", columns = [\"code\"] }, {}\n]\n";
    let faults = resolved(&catalog, text).faults;
    let places: Vec<_> = faults.iter().map(|fault| (fault.line, fault.column)).collect();
    assert_eq!(
        places,
        [(3, 9), (1, 10), (4, 20), (10, 11), (11, 3), (12, 3), (12, 49), (12, 95)],
        "{:#?}",
        told(&faults)
    );
    let all = told(&faults).join("\n");
    for part in
        ["POTENTIAL", "did you mean `name`", "`{ related = \"contacts\" }`", "no field `code`"]
    {
        assert!(all.contains(part), "{part}: {all}");
    }
    let nowhere = resolved(&catalog, "object = \"Custmer\"\nkind = \"list\"\n");
    assert!(nowhere.page.is_none() && told(&nowhere.faults)[0].contains("`Customer`"));
    let board =
        resolved(&catalog, "object = \"Customer\"\nkind = \"board\"\ncolumns = [\"name\"]\n");
    assert_eq!(board.faults.len(), 1);
    for (text, at) in [
        ("object = \"A\"\nkind = \"lst\"\n", (2, 8)),
        ("object = \"A\"\nkind = \"list\"\nextra = 1\n", (3, 1)),
        ("object = \"A\"\nkind = \"list\"\ncolumns = [1]\n", (3, 12)),
    ] {
        let fault = LayoutText::parse("layout", text).unwrap_err();
        assert_eq!((fault.line, fault.column), at, "{}", fault.text(Lang::Zh));
    }
}

/// The most specific layout counts, and of several roles the one whose code comes first.
#[test]
fn the_most_specific_counts() {
    let key = |role: Option<&str>, state: Option<&str>| LayoutKey {
        role: role.map(str::to_owned),
        state: state.map(str::to_owned),
        ..LayoutKey::plain("Customer", LayoutKind::Detail)
    };
    let known = [
        key(None, None),
        key(None, Some("S")),
        key(Some("b"), None),
        key(Some("b"), Some("S")),
        key(Some("a"), None),
        LayoutKey::plain("Contact", LayoutKind::Detail),
    ];
    let chosen = |roles: &[&str], state: Option<&str>| {
        let roles: Vec<_> = roles.iter().map(|role| (*role).to_owned()).collect();
        preferred(&known, |key| key, "Customer", LayoutKind::Detail, &roles, state)
            .unwrap()
            .variant()
    };
    assert_eq!(chosen(&[], None), "DETAIL");
    assert_eq!(chosen(&[], Some("T")), "DETAIL");
    assert_eq!(chosen(&["c"], Some("S")), "DETAIL#S");
    assert_eq!(chosen(&["b", "a"], None), "DETAIL@a");
    assert_eq!(chosen(&["b", "a"], Some("S")), "DETAIL@b#S");
    assert_eq!(chosen(&["a"], Some("S")), "DETAIL@a");
}

/// A page for someone who does not see a field is the page of a company without it.
#[test]
fn hidden_is_as_absent() {
    let with = catalog("type Thing @object(plural: \"things\") { name: String! secret: Decimal @field(type: MONEY) other: Decimal @field(type: MONEY) status: CustomerLevel rows: [ThingRow!]! @lines }
        type ThingRow @object(kind: LINE) { plain: String secret: String }");
    let without = catalog("type Thing @object(plural: \"things\") { name: String! other: Decimal @field(type: MONEY) status: CustomerLevel rows: [ThingRow!]! @lines }
        type ThingRow @object(kind: LINE) { plain: String }");
    let role = Role::parse(
        "code = \"r\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Thing\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Thing\"\nhidden = [\"secret\"]\n[[fields]]\nobject = \"ThingRow\"\nhidden = [\"secret\"]\n",
    );
    let roles = [Arc::new(role.unwrap())];
    let text = "object = \"Thing\"\nkind = \"edit\"\nheader = [\"secret\", \"status\"]\n[[tabs]]\nlabel = \"s\"\n[[tabs.sections]]\nlabel = \"s\"\nitems = [\"secret\"]\n\
        [[tabs]]\nlabel = \"t\"\n[[tabs.sections]]\nlabel = \"s\"\nitems = [\"secret\"]\n[[tabs.sections]]\nitems = [{ field = \"name\", visible = \"secret > 1\" }, { field = \"status\", visible = \"name == 'x'\" }, { lines = \"rows\", columns = [\"plain\", \"secret\"] }]\n";
    let shown = |catalog: &Catalog, generated: Option<LayoutKind>| {
        let access = Access::new(catalog, &roles, &Person::default());
        let visible = Visible { catalog, access: &access };
        let thing = catalog.named("Thing").unwrap();
        let page = match generated {
            None => resolved(catalog, text).page,
            Some(kind) => {
                let layout = generate(catalog, thing, kind, &|of, ix| visible.sees(of, ix))?;
                resolve_layout("", "", &layout, catalog).page
            }
        };
        let page = seen_by(&page.unwrap(), visible, generated.is_some())?;
        Some(described(catalog, &page))
    };
    assert_eq!(shown(&with, None), shown(&without, None));
    assert!(shown(&with, None).unwrap().contains("rows(plain)"), "{:?}", shown(&with, None));
    for kind in LayoutKind::iter() {
        assert_eq!(shown(&with, Some(kind)), shown(&without, Some(kind)), "{kind:?}");
    }
}

/// A page by names, so that pages of two catalogs can be compared.
fn described(catalog: &Catalog, page: &PageLayout) -> String {
    let object = catalog.object(page.object);
    let columns = |of: &Object, columns: &[PageColumn]| {
        let names = columns.iter().map(|column| of.field(column.field).name.as_str());
        names.collect::<Vec<_>>().join(" ")
    };
    let name = |ix: &FieldIx| object.field(*ix).name.clone();
    let target = |ix: FieldIx| catalog.object(object.field(ix).target().unwrap());
    let item = |item: &PageItem| {
        let shows = match &item.shows {
            Shows::Field { field, .. } => name(field),
            Shows::Lines { field, columns: shown, .. }
            | Shows::Related { field, columns: shown, .. } => {
                format!("{}({})", name(field), columns(target(*field), shown))
            }
            Shows::Timeline => "timeline".to_owned(),
            Shows::Text(_) => "text".to_owned(),
        };
        let when = item.visible.as_ref().map(|when| format!("?{}", when.text));
        shows + &when.unwrap_or_default()
    };
    let mut out = vec![columns(object, &page.columns)];
    out.extend(page.header.iter().chain(&page.quick_filters).map(name));
    for tab in &page.tabs {
        out.push(format!("{:?}", tab.label.zh));
        for section in &tab.sections {
            out.push(format!("{:?}:", section.label.zh));
            out.extend(section.items.iter().map(item));
        }
    }
    out.join("\n")
}

/// The generated menus name every object with a page of its own somewhere, and read back as written.
#[test]
fn generated_menus_resolve_and_read_back() {
    let catalog = catalog(
        "type Own @object(kind: SETUP, plural: \"owns\", systems: [SERVICE]) { note: String }",
    );
    let mut named = Vec::new();
    for (system, ..) in SYSTEMS {
        let menu = generate_menu(&catalog, system);
        // A group that nobody has named is called as its file, in both languages.
        for group in &menu.groups {
            assert_ne!(group.label, group.label_en, "an area without a name");
        }
        let text = write_menu(&menu);
        let read = MenuText::parse(system, &text).unwrap();
        assert_eq!(read, menu, "{text}");
        let (menu, faults) = resolve_menu(system, &text, &read, &catalog);
        assert_eq!(told(&faults), Vec::<String>::new(), "{text}");
        assert!(menu.groups.iter().all(|group| !group.entries.is_empty()), "{text}");
        let entries = menu.groups.iter().flat_map(|group| &group.entries);
        named.extend(entries.map(|entry| entry.key.clone()));
        let own = menu.groups.last().unwrap();
        assert_eq!(own.label.zh.as_deref() == Some("自定义"), system == "SERVICE", "{text}");
    }
    for object in catalog.objects.iter().filter(|object| object.plural.is_some()) {
        assert!(named.contains(&object.name), "{}", object.name);
    }
}

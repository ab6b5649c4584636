//! Menus at `/metadata`: of the front systems that the caller may enter, with the entries that lead somewhere for them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::defines,
    apply_schema::{DiagnosticInfo, diagnostics},
    audit::along,
    context::{company, raised},
    crm_systems::{CrmSystem, front},
    faults,
    layouts::lang,
};
use crate::{
    access::{Principal, Visible},
    base::{Error, Lang, Message, pinyin},
    catalog::{Label, Object as Known},
    company::{KnownMenu, LayoutBook, WantedMenu},
    graphql::words,
    layouts::{
        LeadsTo, MenuEntry, MenuEntryText, MenuGroup, MenuGroupText, MenuText, SYSTEMS, pending,
        plain, write_menu,
    },
    records::Session,
    storage::audit::AuditKind,
};

/// The menu of a front system.
#[derive(SimpleObject)]
#[graphql(name = "MenuSystem")]
struct MenuSystemInfo {
    system: CrmSystem,
    label: String,
    /// The version that brought it, for `expectedVersion`; 0 where none is stored.
    version: i64,
    /// Whether nobody has written it: it is made of the systems of objects.
    generated: bool,
    groups: Vec<MenuGroupInfo>,
    /// Its text, for those who define objects.
    definition: Option<String>,
    /// What it names in vain, for those who define objects.
    diagnostics: Vec<DiagnosticInfo>,
}

/// Entries under one heading.
#[derive(SimpleObject)]
#[graphql(name = "MenuGroup")]
struct MenuGroupInfo {
    label: String,
    entries: Vec<MenuEntryInfo>,
}

/// An entry of a menu.
#[derive(SimpleObject)]
#[graphql(name = "MenuEntry")]
struct MenuEntryInfo {
    /// What tells it from the other entries of its menu.
    key: String,
    label: String,
    /// How its Chinese label is typed on a Latin keyboard: in full and by initials, from each character on.
    keys: Vec<String>,
    /// The name of an icon.
    icon: Option<String>,
    /// The object whose list it leads to.
    object: Option<String>,
    /// The place that it leads to.
    path: Option<String>,
    /// The dashboard that it leads to, where its place is one.
    dashboard: Option<ID>,
    /// Why others do not see it yet, for those who define objects.
    notice: Option<String>,
}

/// One menu for one caller.
struct Showing<'s> {
    session: &'s Session,
    book: &'s LayoutBook,
    lang: Lang,
    /// The dashboards that the caller may open.
    dashboards: Vec<String>,
}

/// Where dashboards are in the console.
const DASHBOARD: &str = "/d/";

impl Showing<'_> {
    fn defines(&self) -> bool {
        self.session.access.may_define()
    }

    fn menu(&self, known: KnownMenu) -> Option<MenuSystemInfo> {
        let groups = known.menu.groups.iter().filter_map(|group| self.group(group));
        let faults = if self.defines() { known.faults } else { Vec::new() };
        let (zh, en) = known.label;
        Some(MenuSystemInfo {
            system: front(known.system)?,
            label: Message::new(en, zh).text(self.lang).to_owned(),
            version: known.version,
            generated: known.generated,
            groups: groups.collect(),
            definition: self.defines().then_some(known.text),
            diagnostics: diagnostics(faults, self.lang),
        })
    }

    /// A group; `None` if nothing in it exists for the caller.
    fn group(&self, group: &MenuGroup) -> Option<MenuGroupInfo> {
        let entries: Vec<_> = group.entries.iter().filter_map(|entry| self.entry(entry)).collect();
        let label = group.label.text(self.lang).unwrap_or_default().to_owned();
        (!entries.is_empty()).then_some(MenuGroupInfo { label, entries })
    }

    fn entry(&self, entry: &MenuEntry) -> Option<MenuEntryInfo> {
        let (key, icon) = (entry.key.clone(), entry.icon.clone());
        let given = |label: &Label, lang| label.text(lang).map(str::to_owned);
        let ix = match &entry.leads {
            LeadsTo::Path(path) => {
                let dashboard = path.strip_prefix(DASHBOARD).map(str::to_owned);
                if dashboard.as_ref().is_some_and(|id| !self.dashboards.contains(id)) {
                    return None;
                }
                let label = given(&entry.label, self.lang).unwrap_or_default();
                let keys = keys(&given(&entry.label, Lang::Zh).unwrap_or_default());
                let path = Some(path.clone());
                return Some(MenuEntryInfo {
                    key,
                    label,
                    keys,
                    icon,
                    object: None,
                    path,
                    dashboard: dashboard.map(ID::from),
                    notice: None,
                });
            }
            LeadsTo::Object(ix) => *ix,
        };
        let Session { catalog, access, .. } = self.session;
        let visible = Visible { catalog, access };
        let object = visible.objects().find(|object| object.ix == ix)?;
        let notice = self.notice(object);
        if notice.is_some() && !self.defines() {
            return None;
        }
        let titled = |lang| {
            let own = || words::title(&object.label, &object.name, lang);
            given(&entry.label, lang).unwrap_or_else(own)
        };
        let (label, keys) = (titled(self.lang), keys(&titled(Lang::Zh)));
        let icon = icon.or_else(|| object.appearance.icon.clone());
        let object = Some(object.name.clone());
        Some(MenuEntryInfo { key, label, keys, icon, object, path: None, dashboard: None, notice })
    }

    /// Why ordinary users do not get to an object.
    fn notice(&self, object: &Known) -> Option<String> {
        if self.book.opens(object) {
            return None;
        }
        let told = pending(object, &self.book.missing(object));
        Some(told.text(self.lang).to_owned())
    }
}

fn keys(chinese: &str) -> Vec<String> {
    pinyin::spellings(chinese).into_iter().collect()
}

/// The menus that the caller sees.
async fn shown(ctx: &Context<'_>) -> crate::base::Result<Vec<MenuSystemInfo>> {
    let lost = |error: async_graphql::Error| Error::internal(error.message);
    let session = ctx.data::<Session>().map_err(lost)?;
    let principal = ctx.data::<Principal>().map_err(lost)?;
    let company = company(ctx).map_err(lost)?;
    let mut menus = company.menus(&session.catalog).await?;
    let book = company.layouts(&session.catalog).await?;
    if !session.access.may_everything() {
        let systems = company.rights.systems(principal, &session.catalog).await?;
        menus.retain(|menu| systems.iter().any(|system| system == menu.system));
    }
    let entries = menus.iter().flat_map(|menu| &menu.menu.groups).flat_map(|group| &group.entries);
    let leads = |entry: &MenuEntry| match &entry.leads {
        LeadsTo::Path(path) => path.starts_with(DASHBOARD),
        LeadsTo::Object(_) => false,
    };
    let dashboards = match entries.into_iter().any(leads) {
        true => company.workspace.dashboards(&session.access).await?,
        false => Vec::new(),
    };
    let dashboards = dashboards.iter().map(|one| one.id.to_string()).collect();
    let showing = Showing { session, book: &book, lang: lang(ctx), dashboards };
    Ok(menus.into_iter().filter_map(|menu| showing.menu(menu)).collect())
}

#[derive(Default)]
pub(super) struct MenuQuery;

#[Object]
impl MenuQuery {
    /// The menus of the front systems that the caller may enter, each with the entries that exist for them. An object of
    /// one's own is there once it has a list and a detail layout; those who define objects see it before, with a notice.
    async fn menus(&self, ctx: &Context<'_>) -> Result<Vec<MenuSystemInfo>> {
        shown(ctx).await.map_err(|error| raised(ctx, &error))
    }
}

/// The menu of a front system: its text alone, or its groups; neither has it made of the systems of objects again.
#[derive(InputObject)]
struct MenuInput {
    system: CrmSystem,
    /// The text, in TOML, in place of `groups`.
    definition: Option<String>,
    groups: Option<Vec<MenuGroupInput>>,
    /// The version that brought the one it replaces, 0 where none is stored; refused when somebody has changed it.
    expected_version: Option<i64>,
}

/// Entries under one heading.
#[derive(InputObject)]
struct MenuGroupInput {
    /// The Chinese heading.
    label: Option<String>,
    label_en: Option<String>,
    entries: Vec<MenuEntryInput>,
}

/// An entry: either `object` or `path`.
#[derive(InputObject)]
struct MenuEntryInput {
    /// The object whose list it leads to.
    object: Option<String>,
    /// The place that it leads to, such as `/home`.
    path: Option<String>,
    /// The Chinese label; that of the object unless told.
    label: Option<String>,
    label_en: Option<String>,
    /// The name of an icon.
    icon: Option<String>,
}

fn wanted(input: MenuInput) -> crate::base::Result<WantedMenu> {
    let system = SYSTEMS.iter().find(|(name, ..)| *name == input.system.name());
    let system = system.map(|(name, ..)| *name).unwrap_or_default();
    let text = match (input.definition, input.groups) {
        (Some(_), Some(_)) => return Err(faults::menu_text_or_groups().at(["menus", "definition"])),
        (Some(text), None) => Some(text),
        (None, Some(groups)) => {
            let groups = groups.into_iter().map(group).collect();
            Some(write_menu(&MenuText { groups, ..MenuText::empty(system) }))
        }
        (None, None) => None,
    };
    Ok(WantedMenu { system, text, expected: input.expected_version })
}

fn group(MenuGroupInput { label, label_en, entries }: MenuGroupInput) -> MenuGroupText {
    let entry = |given: MenuEntryInput| {
        let mut entry = MenuEntryText::default();
        entry.0.object = given.object;
        entry.0.path = given.path;
        entry.0.label = given.label;
        entry.0.label_en = given.label_en;
        entry.0.icon = given.icon;
        plain(entry)
    };
    MenuGroupText { label, label_en, entries: entries.into_iter().map(entry).collect() }
}

/// What came of storing menus.
#[derive(SimpleObject)]
struct MenusPayload {
    /// The version that is live now; none where nothing was stored.
    version: Option<i64>,
    /// What is wrong; nothing was stored where there is any.
    diagnostics: Vec<DiagnosticInfo>,
    /// The menus that the caller sees now.
    menus: Vec<MenuSystemInfo>,
}

#[derive(Default)]
pub(super) struct MenuMutation;

#[Object]
impl MenuMutation {
    /// Stores the menus of front systems, all or none; those that are not given stay. They are live with the next
    /// request. With `dryRun` they are only checked. For those who define objects.
    async fn set_menus(
        &self,
        ctx: &Context<'_>,
        menus: Vec<MenuInput>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<MenusPayload> {
        let (company, session) = defines(ctx)?;
        let mut all: Vec<WantedMenu> = Vec::new();
        for input in menus {
            let menu = wanted(input).map_err(|error| raised(ctx, &error))?;
            if all.iter().any(|known| known.system == menu.system) {
                return Err(raised(ctx, &faults::menu_twice(menu.system).at(["menus"])));
            }
            all.push(menu);
        }
        let found = company.faults_of_menus(session, &all);
        let found = found.map_err(|error| raised(ctx, &error))?;
        let mut version = None;
        if found.is_empty() && !dry_run {
            let texts = all.iter().map(|menu| (menu.system.to_owned(), json!(menu.text)));
            let texts: serde_json::Map<_, _> = texts.collect();
            let storing = company.set_menus(session, &all);
            let detail = json!({ "setMenus": texts });
            version =
                Some(Box::pin(along(ctx, AuditKind::Definition, None, detail, storing)).await?);
        }
        let menus = shown(ctx).await.map_err(|error| raised(ctx, &error))?;
        Ok(MenusPayload { version, diagnostics: diagnostics(found, lang(ctx)), menus })
    }
}

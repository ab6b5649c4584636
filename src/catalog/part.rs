//! Parts: the texts that define a company, every kind in one shape. All parts of a version together are its
//! definitions; a new kind of definition is a new [`PartKind`] and a reader of its text.

/// Where a definition comes from. It decides names in the database and protection, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file under `schema/`.
    Standard,
    /// A text that an administrator applied.
    Custom,
}

/// What the text of a part defines, and in which language.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::AsRefStr,
    strum::EnumIter,
    strum::EnumString,
    strum::VariantNames,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum PartKind {
    /// Objects and picklists, in SDL. The texts of this kind are resolved together, to a catalog.
    Objects,
    /// A role, in TOML, each for itself.
    Role,
    /// What a page of an object shows, in TOML, each for itself.
    Layout,
    /// The menu of a front system, in TOML, each for itself.
    Menu,
    /// When records of an object look like one another, in TOML, each for itself.
    Duplicates,
    /// What happens to records: flows and rules, in TOML. They are resolved with the texts of objects, to the same catalog.
    Rules,
    /// A saved view that is shared, in TOML, each for itself. It is a row and has no versions; only a bundle of definitions
    /// has its text.
    View,
}

/// One definition text: a file of the program, or a text that an administrator applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionPart {
    /// What it defines.
    pub kind: PartKind,
    /// Its name among the parts of its kind: the file, the place of an applied text, the code of a role,
    /// the object and kind of a layout, the system of a menu, or the object of duplicate rules.
    /// Diagnostics contain it.
    pub name: String,
    /// The text.
    pub text: String,
    /// The records that the text names by codes, with ids in their place: JSON. None if it names none.
    pub names: Option<String>,
    /// Standard or custom.
    pub origin: Origin,
}

impl DefinitionPart {
    /// A text of objects and picklists.
    pub fn objects(name: String, text: String, origin: Origin) -> Self {
        Self { kind: PartKind::Objects, name, text, names: None, origin }
    }

    /// A text of flows and rules.
    pub fn rules(name: String, text: String, origin: Origin) -> Self {
        Self { kind: PartKind::Rules, name, text, names: None, origin }
    }

    /// A role that an administrator stores.
    pub fn role(code: String, text: String, names: Option<String>) -> Self {
        Self { kind: PartKind::Role, name: code, text, names, origin: Origin::Custom }
    }

    /// A text that an administrator stores and that names no records: a layout, a menu or duplicate rules.
    pub fn stored(kind: PartKind, name: String, text: String) -> Self {
        Self { kind, name, text, names: None, origin: Origin::Custom }
    }

    /// The area of a standard text of objects: `sales` for `schema/sales.graphql`.
    pub(super) fn area(&self) -> Option<&str> {
        let file = self.name.rsplit('/').next().unwrap_or_default();
        let area = file.split('.').next().filter(|area| !area.is_empty());
        area.filter(|_| self.origin == Origin::Standard)
    }

    /// Whether the resolver generated it. Generated definitions may use reserved names.
    pub(super) fn generated(&self) -> bool {
        self.name.starts_with('@')
    }
}

//! Duplicate rules: when a record looks like another, what becomes of its save, and what is told of a record that the
//! caller may not see.
//!
//! Owns the texts (TOML, one for each object) and what they mean in a catalog. `records` looks for the records.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use serde::Deserialize;
use toml::Spanned;

use super::messages;
use crate::{
    base::{Code, Form, Message, Value, forms::formed},
    catalog::{
        Catalog, Diagnostic, FieldIx, FieldType, Label, Object, ObjectKind, TextForm, TomlFault,
        from_toml, place_in,
    },
};

/// The longest text, in characters.
const LARGEST: usize = 50_000;
/// Most rules of an object, and most fields of a rule.
const RULES: usize = 20;
const FIELDS: usize = 4;
/// The most characters of the texts that a rule compares, so that every database can index them.
const WIDEST: u32 = 600;

/// The files of `schema/rules/`.
#[derive(RustEmbed)]
#[folder = "schema/rules/"]
struct Files;

/// The duplicate rules of an object, as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicatesText {
    /// The API name of the object.
    pub object: Spanned<String>,
    /// The rules.
    #[serde(default)]
    pub duplicate: Vec<Spanned<DuplicateText>>,
}

/// One rule, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateText {
    /// Its name among the rules of the object.
    pub name: String,
    /// What people call it, in Chinese.
    pub label: Option<String>,
    /// The same in English.
    pub label_en: Option<String>,
    /// The fields that are the same together, each with what its texts may differ in.
    pub fields: BTreeMap<String, Vec<Form>>,
    /// What becomes of a save that meets it.
    #[serde(default)]
    pub action: DuplicateAction,
    /// What is told where the caller may not see the other record.
    #[serde(default)]
    pub hidden: HiddenDuplicate,
    /// Whether a caller may save all the same.
    #[serde(default, rename = "override")]
    pub overridable: bool,
}

/// What becomes of a save that meets a duplicate rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateAction {
    /// It is carried out, and its payload tells of the other record.
    #[default]
    Warn,
    /// It is refused.
    Refuse,
}

/// What is told of a record that the caller may not see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenDuplicate {
    /// Nothing: it is as if it did not exist.
    #[default]
    Silent,
    /// That there is one.
    Tell,
}

/// A duplicate rule of a catalog's object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRule {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Label,
    /// The fields that are the same together, each with what its texts may differ in.
    pub fields: Vec<(FieldIx, Vec<Form>)>,
    /// Whether a save that meets it is refused.
    pub refuses: bool,
    /// Whether callers are told of a record that they may not see.
    pub tells_hidden: bool,
    /// Whether a caller may save all the same.
    pub overridable: bool,
}

impl DuplicateRule {
    /// What a record is compared by. `None` where a value is empty, or nothing is left of a text: such a record looks
    /// like no other.
    pub fn compared(&self, value: impl Fn(FieldIx) -> Option<Value>) -> Option<Vec<Value>> {
        let each = self.fields.iter().map(|(ix, forms)| match value(*ix)? {
            Value::Null => None,
            Value::Text(text) => Some(formed(forms, &text))
                .filter(|text| !text.is_empty() && !text.contains('\0'))
                .map(Value::Text),
            Value::Decimal(number) => Some(Value::Decimal(number.normalize())),
            other => Some(other),
        });
        each.collect()
    }

    /// Whether it compares one of these fields.
    pub fn compares(&self, fields: &[FieldIx]) -> bool {
        self.fields.iter().any(|(ix, _)| fields.contains(ix))
    }
}

impl DuplicatesText {
    /// Reads a text. `path` names it in the diagnostic.
    pub fn parse(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let (place, message) = if text.chars().count() > LARGEST {
            (None, messages::text_too_large(LARGEST))
        } else {
            match from_toml(text) {
                Ok(rules) => return Ok(rules),
                Err(TomlFault { place, message, .. }) => (place, message),
            }
        };
        Err(diagnostic(Code::CatalogSyntax, path, place, message))
    }

    /// Whether a rule tells of records that the caller may not see.
    pub fn tells_hidden(&self) -> bool {
        self.duplicate.iter().any(|rule| rule.get_ref().hidden == HiddenDuplicate::Tell)
    }

    /// The rules in a catalog, and what is wrong with the others. `path` and `text` are for the diagnostics.
    pub fn resolve(
        &self,
        path: &str,
        text: &str,
        catalog: &Catalog,
    ) -> (Vec<DuplicateRule>, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let mut fault = |at: usize, message: Message| {
            let place = place_in(text, at);
            faults.push(diagnostic(Code::CatalogDirective, path, place, message));
        };
        let name = self.object.get_ref();
        let Some(object) = catalog.named(name) else {
            fault(self.object.span().start, messages::no_object(name));
            return (Vec::new(), faults);
        };
        if object.kind == ObjectKind::Line {
            fault(self.object.span().start, messages::no_rules_of_lines(name));
            return (Vec::new(), faults);
        }
        let mut rules: Vec<DuplicateRule> = Vec::new();
        for written in &self.duplicate {
            let (at, written) = (written.span().start, written.get_ref());
            if rules.len() == RULES {
                fault(at, messages::many_rules(RULES));
                break;
            }
            let wrong = written.faults(object);
            if !wrong.is_empty() {
                for message in wrong {
                    fault(at, message);
                }
            } else if rules.iter().any(|known| known.name == written.name) {
                fault(at, messages::rule_twice(&written.name));
            } else {
                rules.push(written.rule(object));
            }
        }
        (rules, faults)
    }
}

impl DuplicateText {
    /// What is wrong with it.
    fn faults(&self, object: &Object) -> Vec<Message> {
        let mut faults = Vec::new();
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(letter) {
            faults.push(messages::bad_rule_name(&self.name));
        }
        if self.fields.is_empty() || self.fields.len() > FIELDS {
            faults.push(messages::rule_fields(FIELDS));
        }
        if self.overridable && self.action == DuplicateAction::Warn {
            faults.push(messages::override_of_warning());
        }
        let mut wide = 0_u32;
        for (name, forms) in &self.fields {
            let Some((_, field)) = object.named(name) else {
                faults.push(messages::no_field(&object.name, name));
                continue;
            };
            let text = field.ty.longest();
            match (&field.ty, text) {
                _ if field.on_read => faults.push(messages::not_compared(name)),
                (FieldType::Text { form: TextForm::Long, .. }, _) => {
                    faults.push(messages::not_compared(name));
                }
                (FieldType::Text { .. }, Some(most)) if most > WIDEST => {
                    faults.push(messages::too_long_to_compare(name, WIDEST));
                }
                (FieldType::Text { .. }, most) => {
                    wide = wide.saturating_add(most.unwrap_or_default());
                }
                (ty, _) if !is_compared(ty) => faults.push(messages::not_compared(name)),
                _ if !forms.is_empty() => faults.push(messages::forms_of_texts(name)),
                _ => {}
            }
        }
        if faults.is_empty() && wide > WIDEST {
            faults.push(messages::too_wide(WIDEST));
        }
        faults
    }

    fn rule(&self, object: &Object) -> DuplicateRule {
        let field = |(name, forms): (&String, &Vec<Form>)| {
            let mut forms = forms.clone();
            forms.sort_unstable();
            forms.dedup();
            object.named(name).map(|(ix, _)| (ix, forms))
        };
        DuplicateRule {
            name: self.name.clone(),
            label: Label { zh: self.label.clone(), en: self.label_en.clone() },
            fields: self.fields.iter().filter_map(field).collect(),
            refuses: self.action == DuplicateAction::Refuse,
            tells_hidden: self.hidden == HiddenDuplicate::Tell,
            overridable: self.overridable,
        }
    }
}

/// Whether values of a type other than text can be compared.
fn is_compared(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::Integer
            | FieldType::Decimal { .. }
            | FieldType::Boolean
            | FieldType::Date
            | FieldType::DateTime
            | FieldType::Picklist(_)
            | FieldType::Relation(_)
            | FieldType::AutoNumber(_)
    )
}

fn diagnostic(
    code: Code,
    path: &str,
    place: Option<(usize, usize)>,
    message: Message,
) -> Diagnostic {
    let (line, column) = place.unwrap_or((1, 1));
    Diagnostic { code, path: path.to_owned(), line, column, message, hint: None }
}

/// The duplicate rules of one object, and where they come from.
#[derive(Debug, Clone)]
pub struct KnownDuplicates {
    /// The path of the text in diagnostics.
    pub path: String,
    /// The text.
    pub text: String,
    /// The version that brought it; 0 if it comes with the program.
    pub version: i64,
    read: DuplicatesText,
}

/// The duplicate rules of a company, by the names of their objects.
#[derive(Debug, Default)]
pub struct DuplicateBook(BTreeMap<String, KnownDuplicates>);

impl DuplicateBook {
    /// Those that come with the program, and in their place those that are stored: name of the object, text, version.
    /// One that this program cannot read is as if it were not there.
    pub fn new(stored: impl IntoIterator<Item = (String, String, i64)>) -> Self {
        let own =
            |path: &str| path.strip_suffix(".toml").is_some_and(|name| !name.contains(".rules"));
        let mut paths: Vec<_> = Files::iter().filter(|path| own(path)).collect();
        paths.sort();
        let standard = paths.into_iter().filter_map(|path| {
            let text = String::from_utf8_lossy(&Files::get(&path)?.data).into_owned();
            Some((format!("schema/rules/{path}"), text, 0))
        });
        let mut book = BTreeMap::new();
        for (path, text, version) in standard.chain(stored) {
            let Ok(read) = DuplicatesText::parse(&path, &text) else { continue };
            let object = read.object.get_ref().clone();
            book.insert(object, KnownDuplicates { path, text, version, read });
        }
        Self(book)
    }

    /// The texts, by the names of their objects.
    pub fn written(&self) -> impl Iterator<Item = (&str, &KnownDuplicates)> {
        self.0.iter().map(|(object, known)| (object.as_str(), known))
    }

    /// The rules of an object, in a catalog.
    pub fn of(&self, catalog: &Catalog, object: &Object) -> Vec<DuplicateRule> {
        self.0.get(&object.name).map(|known| known.resolve(catalog).0).unwrap_or_default()
    }
}

impl KnownDuplicates {
    /// The rules in a catalog, and what is wrong with the others.
    pub fn resolve(&self, catalog: &Catalog) -> (Vec<DuplicateRule>, Vec<Diagnostic>) {
        self.read.resolve(&self.path, &self.text, catalog)
    }
}

/// Whether a text with rules comes with the program.
pub fn has_standard_duplicates(object: &str) -> bool {
    DuplicateBook::new([]).0.contains_key(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{resolve, standard_sources};

    #[test]
    fn standard_rules_resolve() {
        let catalog = resolve(&standard_sources(), 1).unwrap();
        let book = DuplicateBook::new([]);
        assert!(book.written().count() > 0);
        for (object, known) in book.written() {
            let (rules, faults) = known.resolve(&catalog);
            assert_eq!(faults, [], "{object}");
            assert!(!rules.is_empty(), "{object}");
        }
    }

    /// What is wrong with the text of a rule.
    fn wrong(rule: &str) -> Vec<String> {
        let catalog = resolve(&standard_sources(), 1).unwrap();
        let text = format!("object = \"Customer\"\n\n[[duplicate]]\n{rule}");
        let told =
            |fault: &Diagnostic| format!("{}:{} {}", fault.line, fault.column, fault.message.en);
        match DuplicatesText::parse("Customer", &text) {
            Err(fault) => vec![told(&fault)],
            Ok(read) => read.resolve("Customer", &text, &catalog).1.iter().map(told).collect(),
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (rule, words) in [
            ("name = \"a\"\nfields = {}", "1 to 4 fields"),
            ("name = \"A b\"\nfields = { name = [] }", "no name of a rule"),
            ("name = \"a\"\nfields = { nam = [] }", "no field `nam`"),
            ("name = \"a\"\nfields = { name = [\"LOUD\"] }", "LOUD"),
            ("name = \"a\"\nfields = { level = [\"CASE\"] }", "no text"),
            ("name = \"a\"\nfields = { contacts = [] }", "cannot be compared"),
            ("name = \"a\"\nfields = { name = [] }\naction = \"shout\"", "shout"),
            ("name = \"a\"\nfields = { name = [] }\noverride = true", "only a rule that refuses"),
            (
                "name = \"a\"\nfields = { name = [] }\n[[duplicate]]\nname = \"a\"\nfields = { name = [] }",
                "two rules",
            ),
        ] {
            let told = wrong(rule);
            assert!(told.len() == 1 && told[0].contains(words), "{rule}: {told:?}");
        }
        assert_eq!(wrong("name = \"a\"\nfields = { name = [\"CASE\"], level = [] }"), [""; 0]);
        let lines = "object = \"SalesOrderLine\"\n";
        let catalog = resolve(&standard_sources(), 1).unwrap();
        let read = DuplicatesText::parse("x", lines).unwrap();
        assert_eq!(read.resolve("x", lines, &catalog).1.len(), 1);
    }
}

//! Duplicate rules when fields that they compare are called otherwise.

use crate::catalog::{Renames, toml_texts, with_toml_texts};

/// The text of duplicate rules with new names of fields, if it names any. What it is not about stays byte for byte.
pub fn renamed_duplicates(text: &str, renames: &Renames<'_>) -> Option<String> {
    let texts = toml_texts(text)?;
    let object = texts.iter().find(|known| !known.is_key && known.path == ["object"])?;
    let mut changes = Vec::new();
    for known in texts.iter().filter(|known| known.is_key) {
        let path: Vec<_> = known.path.iter().map(String::as_str).collect();
        if let ["duplicate", _, "fields", _] = path.as_slice() {
            let new = renames.name(&object.text, &known.text);
            changes.extend(new.map(|new| (known, new.to_owned())));
        }
    }
    (!changes.is_empty()).then(|| with_toml_texts(text, changes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, DefinitionPart, Origin, RenamedField, renamed_text, resolve};

    #[test]
    fn rules_follow() {
        let resolved = |text: &str| -> Catalog {
            let name = "t.graphql".to_owned();
            resolve(&[DefinitionPart::objects(name, text.to_owned(), Origin::Custom)], 1).unwrap()
        };
        let text = "type A @object(plural: \"all\") { x: String y: String }";
        let old = resolved(text);
        let field = RenamedField { object: "A", field: "x", to: "z", known: true };
        let new = resolved(&renamed_text(text, &old, field).unwrap());
        let renames = Renames::between(&old, &new);
        let rules = "# x stays\nobject = \"A\"\n[[duplicate]]\nname = \"x\" # x\nfields = { x = [\"trim\"], y = [] }\n\
            [[duplicate]]\nname = \"y\"\n[duplicate.fields]\n\"x\" = []\n";
        let expected = rules.replace("{ x = ", "{ z = ").replace("\"x\" = []", "z = []");
        assert_eq!(renamed_duplicates(rules, &renames), Some(expected));
        assert_eq!(
            renamed_duplicates("object = \"B\"\n[[duplicate]]\nfields = { x = [] }", &renames),
            None
        );
    }
}

//! A role's text when fields that it names are called otherwise.

use crate::catalog::{Renames, toml_texts, with_toml_texts};

/// The text of a role with new names of fields, if it names any. What it is not about stays byte for byte.
pub fn renamed_role(text: &str, renames: &Renames<'_>) -> Option<String> {
    let texts = toml_texts(text)?;
    let object = |at: &str| {
        let mut values = texts.iter().filter(|known| !known.is_key);
        let found = values.find(|known| known.path == ["fields", at, "object"])?;
        Some(found.text.as_str())
    };
    let mut changes = Vec::new();
    for known in &texts {
        let path: Vec<_> = known.path.iter().map(String::as_str).collect();
        let ((["fields", at, "hidden" | "readonly", _], false)
        | (["fields", at, "masked", _], true)) = (path.as_slice(), known.is_key)
        else {
            continue;
        };
        let new = object(at).and_then(|object| renames.name(object, &known.text));
        changes.extend(new.map(|new| (known, new.to_owned())));
    }
    (!changes.is_empty()).then(|| with_toml_texts(text, changes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, DefinitionPart, Origin, RenamedField, renamed_text, resolve};

    #[test]
    fn roles_follow() {
        let resolved = |text: &str| -> Catalog {
            let name = "t.graphql".to_owned();
            resolve(&[DefinitionPart::objects(name, text.to_owned(), Origin::Custom)], 1).unwrap()
        };
        let text = "type A @object(plural: \"all\") { x: String y: String }";
        let old = resolved(text);
        let field = RenamedField { object: "A", field: "x", to: "z", known: true };
        let new = resolved(&renamed_text(text, &old, field).unwrap());
        let renames = Renames::between(&old, &new);
        let role = "# x stays\ncode = \"x\" # x\n[[fields]]\nhidden = [\"y\", 'x'] # x\nobject = \"A\"\nreadonly = [ \"x\" ]\n\
            masked.x = \"end\"\n[[fields]]\nobject = \"B\"\nhidden = [\"x\"]\n[fields.masked]\nx = \"all\"\n[[fields]]\nobject = \"A\"\n\
            masked = { \"x\" = \"all\" }\n";
        let expected = role
            .replace("[\"y\", 'x']", "[\"y\", \"z\"]")
            .replace("[ \"x\" ]", "[ \"z\" ]")
            .replace("masked.x", "masked.z")
            .replace("{ \"x\" = ", "{ z = ");
        assert_eq!(renamed_role(role, &renames), Some(expected));
        assert_eq!(renamed_role("code = \"x\"", &renames), None);
    }
}

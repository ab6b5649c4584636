//! A layout's text when fields that it names are called otherwise.

use crate::catalog::{Object, Renames, TomlText, toml_texts, with_toml_texts};

/// The text of a layout with new names of fields, if it names any. What it is not about stays byte for byte.
pub fn renamed_layout(text: &str, renames: &Renames<'_>) -> Option<String> {
    let texts = toml_texts(text)?;
    let object = value(&texts, &["object"]).and_then(|name| renames.object(name))?;
    let changes: Vec<_> = texts
        .iter()
        .filter(|known| !known.is_key)
        .filter_map(|known| Some((known, renamed(&texts, object, renames, known)?)))
        .collect();
    (!changes.is_empty()).then(|| with_toml_texts(text, changes))
}

fn value<'t>(texts: &'t [TomlText], path: &[&str]) -> Option<&'t str> {
    let found = texts.iter().find(|known| !known.is_key && known.path == path)?;
    Some(&found.text)
}

/// What a text of the layout becomes.
fn renamed(
    texts: &[TomlText],
    object: &Object,
    renames: &Renames<'_>,
    known: &TomlText,
) -> Option<String> {
    let name = |object: &Object, name: &str| Some(renames.name(&object.name, name)?.to_owned());
    let path: Vec<_> = known.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["columns", _]
        | ["columns", _, "field"]
        | ["quick_filters" | "header", _]
        | ["state_field" | "start_field" | "end_field"]
        | ["tabs", _, "sections", _, "items", _]
        | ["tabs", _, "sections", _, "items", _, "field" | "lines" | "related"] => {
            name(object, &known.text)
        }
        ["order_by", _] => match known.text.strip_prefix('-') {
            Some(field) => name(object, field).map(|new| format!("-{new}")),
            None => name(object, &known.text),
        },
        ["tabs", _, "sections", _, "items", _, "visible"] => {
            renames.expression(object, &known.text)
        }
        [item @ .., "columns", _] | [item @ .., "columns", _, "field"] if item.len() == 6 => {
            let of = |part| value(texts, &[item, &[part]].concat());
            let target = renames.target(object, of("lines").or_else(|| of("related"))?)?;
            name(target, &known.text)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, DefinitionPart, Origin, RenamedField, renamed_text, resolve};

    #[test]
    fn layouts_follow() {
        let resolved = |text: &str| -> Catalog {
            let name = "t.graphql".to_owned();
            resolve(&[DefinitionPart::objects(name, text.to_owned(), Origin::Custom)], 1).unwrap()
        };
        let text = "type A @object(plural: \"all\") { x: String y: String bs: [B!]! @lines }\n\
            type B @object(kind: LINE) { x: String w: String }";
        let old = resolved(text);
        let rename = |text: &str, object, field, to| {
            let field = RenamedField { object, field, to, known: true };
            renamed_text(text, &resolved(text), field).unwrap()
        };
        let new = resolved(&rename(&rename(text, "A", "x", "z"), "B", "w", "v"));
        let renames = Renames::between(&old, &new);
        let layout = "object = \"A\"\nkind = \"detail\"\ncolumns = [\"x\", { field = \"x\", width = 9 }, \"y\"]\norder_by = [\"-x\"]\n\
            [[tabs]]\nlabel = \"x\"\n[[tabs.sections]]\nlabel = \"x\"\nitems = [\"x\", { field = \"x\", visible = \"x != 'x'\" }, \
            { lines = \"bs\", columns = [\"x\", \"w\"] }, { text = \"x\" }]\n";
        let expected = layout
            .replace("columns = [\"x\", { field = \"x\"", "columns = [\"z\", { field = \"z\"")
            .replace("\"-x\"", "\"-z\"")
            .replace("items = [\"x\", { field = \"x\"", "items = [\"z\", { field = \"z\"")
            .replace("\"x != 'x'\"", "\"z != 'x'\"")
            .replace("[\"x\", \"w\"]", "[\"x\", \"v\"]");
        assert_eq!(renamed_layout(layout, &renames), Some(expected));
    }
}

//! One text as several, one for each type with its extensions, and several as one again.

use super::outline::outline;

/// What a text has of one type: its definition and its extensions, with the comments before each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeText {
    /// The name of the type.
    pub name: String,
    /// Its text.
    pub text: String,
}

struct Pieces<'t> {
    name: &'t str,
    /// Where its definition stands, or its first extension where it has none.
    place: usize,
    defined: bool,
    texts: Vec<&'t str>,
}

/// Splits a text by type, in the order in which the types are defined. What stands behind the last definition goes with
/// it. None for a text that cannot be read.
///
/// What comes of it, joined by [`TypeTexts::joined`], splits into the same again.
pub fn split(text: &str) -> Option<Vec<TypeText>> {
    let units = outline(text)?;
    let mut types: Vec<Pieces<'_>> = Vec::new();
    for (place, unit) in units.iter().enumerate() {
        let piece = text.get(unit.whole.clone()).unwrap_or_default().trim();
        let defined = !unit.extend;
        match types.iter_mut().find(|known| known.name == unit.name) {
            None => types.push(Pieces { name: &unit.name, place, defined, texts: vec![piece] }),
            Some(known) => {
                known.texts.push(piece);
                if defined && !known.defined {
                    (known.place, known.defined) = (place, true);
                }
            }
        }
    }
    types.sort_by_key(|known| known.place);
    let end = units.last().map_or(0, |unit| unit.whole.end);
    let rest = text.get(end..).unwrap_or_default().trim();
    if let Some(last) = types.last_mut().filter(|_| !rest.is_empty()) {
        last.texts.push(rest);
    }
    let each = types.into_iter().map(|Pieces { name, texts, .. }| TypeText {
        name: name.to_owned(),
        text: texts.join("\n\n") + "\n",
    });
    Some(each.collect())
}

/// Several texts as one, which tells where each of them stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeTexts {
    /// The whole text.
    pub text: String,
    /// Of each text its first line in the whole, and how many blank lines it has before that.
    begins: Vec<(usize, usize)>,
}

impl TypeTexts {
    /// Joins texts in their order, a blank line between.
    pub fn joined<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut whole = Self { text: String::new(), begins: Vec::new() };
        for text in texts {
            let begin = text.trim_start();
            let blank = text.len() - begin.len();
            if !whole.text.is_empty() {
                whole.text.push('\n');
            }
            let lines = |text: &str| text.matches('\n').count();
            let before = text.get(..blank).map_or(0, lines);
            whole.begins.push((lines(&whole.text) + 1, before));
            let text = begin.trim_end();
            if !text.is_empty() {
                whole.text.push_str(text);
                whole.text.push('\n');
            }
        }
        whole
    }

    /// Which of the texts has a line of the whole, and the line there; both counted as they are given, lines from 1.
    pub fn place(&self, line: usize) -> Option<(usize, usize)> {
        let at = self.begins.iter().rposition(|(begin, _)| *begin <= line)?;
        let (begin, before) = self.begins.get(at)?;
        Some((at, line - begin + before + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(types: &[TypeText]) -> Vec<&str> {
        types.iter().map(|known| known.name.as_str()).collect()
    }

    fn whole(types: &[TypeText]) -> TypeTexts {
        TypeTexts::joined(types.iter().map(|known| known.text.as_str()))
    }

    #[test]
    fn types_go_together_and_stay_in_order() {
        let text = "# First.\nextend type B { x: Int } # of B\n\n\"An a\"\ntype A { a: Int }, type B {\n  b: Int\n}\n# Behind B.\nenum C { C }\nextend type A { c: Int }\n\n# The end.\n";
        let types = split(text).unwrap();
        assert_eq!(names(&types), ["A", "B", "C"]);
        assert_eq!(types[0].text, "\"An a\"\ntype A { a: Int },\n\nextend type A { c: Int }\n");
        assert_eq!(
            types[1].text,
            "# First.\nextend type B { x: Int } # of B\n\ntype B {\n  b: Int\n}\n"
        );
        assert_eq!(types[2].text, "# Behind B.\nenum C { C }\n\n# The end.\n");
        assert_eq!(split(&whole(&types).text).unwrap(), types);
        assert_eq!(split("").unwrap(), []);
        assert_eq!(split("type {"), None);
    }

    #[test]
    fn lines_are_those_of_each_text() {
        let texts =
            TypeTexts::joined(["type A {\n}\n", "\n\ntype B {\n  b: Int\n}", "enum C { C }"]);
        assert_eq!(texts.text, "type A {\n}\n\ntype B {\n  b: Int\n}\n\nenum C { C }\n");
        for (line, place) in [(1, (0, 1)), (2, (0, 2)), (4, (1, 3)), (5, (1, 4)), (8, (2, 1))] {
            assert_eq!(texts.place(line), Some(place), "{line}");
        }
    }
}

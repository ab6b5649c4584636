//! The table of texts in the program: one line `place | English | 中文` per text.
//!
//! Places are `Type`, `Type.part`, `Type.field(argument)`, `@directive`, and `*.part` or `*(argument)` for
//! all with that name. If the English is empty, the schema's own description is used.

use std::{collections::HashMap, sync::LazyLock};

use crate::base::Lang;

/// Texts by place, in both languages.
pub(super) struct Table(HashMap<&'static str, (&'static str, &'static str)>);

static RECORDS: LazyLock<Table> =
    LazyLock::new(|| Table::read(&[include_str!("common.txt"), include_str!("records.txt")]));
static METADATA: LazyLock<Table> =
    LazyLock::new(|| Table::read(&[include_str!("common.txt"), include_str!("metadata.txt")]));

/// Returns the texts of the record schema.
pub(super) fn records() -> &'static Table {
    &RECORDS
}

/// Returns the texts of the schema at `/metadata`.
pub(super) fn metadata() -> &'static Table {
    &METADATA
}

impl Table {
    fn read(texts: &[&'static str]) -> Self {
        let mut table = HashMap::new();
        for line in texts.iter().flat_map(|text| text.lines()) {
            let mut parts = line.splitn(3, '|').map(str::trim);
            if let (Some(place), Some(en), Some(zh)) = (parts.next(), parts.next(), parts.next()) {
                table.insert(place, (en, zh));
            }
        }
        Self(table)
    }

    /// Returns the text of a place.
    pub(super) fn text(&self, place: &str, lang: Lang) -> Option<&'static str> {
        let (en, zh) = self.0.get(place)?;
        let text = match lang {
            Lang::En => en,
            Lang::Zh => zh,
        };
        Some(*text).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn every_line_has_a_place_and_chinese() {
        for text in
            [include_str!("common.txt"), include_str!("records.txt"), include_str!("metadata.txt")]
        {
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                let parts: Vec<_> = line.split('|').map(str::trim).collect();
                assert!(parts.len() == 3 && !parts[0].is_empty() && !parts[2].is_empty(), "{line}");
            }
        }
    }
}

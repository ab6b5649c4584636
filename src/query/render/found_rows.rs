//! Reads rows as values, for code of the server that needs an id or a text and no JSON.
//!
//! Reads the same rows by the same shape as a response, so counting and bounds are the same, too.

use uuid::Uuid;

use super::{
    super::shape::{ConnectionShape, ConnectionSlot, Leaf, ObjectShape, RowsShape, Slot},
    JsonRow, Renderer, RowSource,
    response_limit::bounded,
    split,
};
use crate::base::{Error, Result, Value};

/// The records of a find.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundRows {
    /// At most a page of them, in order.
    pub rows: Vec<FoundRow>,
    /// Whether there are more than the page.
    pub more: bool,
}

/// One record of a find, with its values under the keys of the selection.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundRow(Vec<(String, FoundValue)>);

#[derive(Debug, Clone, PartialEq)]
enum FoundValue {
    Plain(Value),
    /// The records of a list, or of a relation.
    Rows(Vec<FoundRow>),
}

/// The first of several related records that there is.
pub(super) fn first<'r>(
    each: &'r [(usize, ObjectShape)],
    row: &'r dyn RowSource,
) -> Result<Option<(&'r ObjectShape, &'r str)>> {
    for (at, shape) in each {
        if let Some(text) = row.json(*at)? {
            return Ok(Some((shape, text)));
        }
    }
    Ok(None)
}

impl FoundRow {
    fn at(&self, key: &str) -> Option<&FoundValue> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The value under a key. None if it is null or not selected.
    pub fn value(&self, key: &str) -> Option<&Value> {
        match self.at(key)? {
            FoundValue::Plain(value) if !value.is_null() => Some(value),
            _ => None,
        }
    }

    /// The id under a key.
    pub fn id(&self, key: &str) -> Option<Uuid> {
        self.value(key)?.as_id()
    }

    /// The text or the picklist value under a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.value(key)?.as_text()
    }

    /// The values of the multi-picklist under a key.
    pub fn names(&self, key: &str) -> Vec<String> {
        match self.value(key) {
            Some(Value::Json(json)) => serde_json::from_str(json).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The related record under a key.
    pub fn one(&self, key: &str) -> Option<&Self> {
        self.many(key).first()
    }

    /// The records of the list under a key.
    pub fn many(&self, key: &str) -> &[Self] {
        match self.at(key) {
            Some(FoundValue::Rows(rows)) => rows,
            _ => &[],
        }
    }
}

impl Renderer<'_> {
    /// Reads a record from a row. `size` sums the lengths of all values.
    pub fn found(
        &self,
        shape: &ObjectShape,
        row: &dyn RowSource,
        size: &mut usize,
    ) -> Result<FoundRow> {
        bounded(*size)?;
        let mut values = Vec::with_capacity(shape.0.len());
        for (key, slot) in &shape.0 {
            if self.counts(slot, row)? {
                continue;
            }
            let value = match slot {
                Slot::Leaf(at, leaf) => {
                    let mut json = String::new();
                    row.leaf(*at, *leaf, &mut json)?;
                    *size += json.len();
                    FoundValue::Plain(plain(*leaf, json)?)
                }
                Slot::One(at, inner) => FoundValue::Rows(match row.json(*at)? {
                    Some(text) => vec![self.found_of(inner, text, size)?],
                    None => Vec::new(),
                }),
                Slot::OneOf(each) => FoundValue::Rows(match first(each, row)? {
                    Some((inner, text)) => vec![self.found_of(inner, text, size)?],
                    None => Vec::new(),
                }),
                Slot::Many(at, inner) if inner.fill.is_none() => {
                    let rows = row.json(*at)?.unwrap_or("[]");
                    FoundValue::Rows(self.found_below(inner, rows, size)?)
                }
                _ => return Err(Error::internal(format!("`{key}` is no value of a record"))),
            };
            values.push((key.clone(), value));
        }
        Ok(FoundRow(values))
    }

    /// Reads a record from the JSON text of its row.
    pub fn found_of(&self, shape: &ObjectShape, text: &str, size: &mut usize) -> Result<FoundRow> {
        self.found(shape, &JsonRow::new(text, self.dialect)?, size)
    }

    /// Reads a list below a record.
    fn found_below(
        &self,
        shape: &RowsShape,
        rows: &str,
        size: &mut usize,
    ) -> Result<Vec<FoundRow>> {
        let rows = split(rows)?;
        let most = shape.size.unwrap_or(rows.len());
        if rows.len() > most {
            self.beyond.add(&shape.way);
        }
        let rows = rows.into_iter().take(most);
        rows.map(|text| self.found_of(&shape.each, text, size)).collect()
    }

    /// Reads the `nodes` of a connection from its rows, which may be one more than the page.
    pub fn found_list(
        &self,
        shape: &ConnectionShape,
        rows: &[&dyn RowSource],
    ) -> Result<FoundRows> {
        let more = rows.len() > shape.size;
        if more {
            self.beyond.add(&shape.way);
        }
        let nodes = shape.parts.iter().find_map(|(_, slot)| match slot {
            ConnectionSlot::Nodes(inner) => Some(inner),
            _ => None,
        });
        let nodes = nodes.ok_or_else(|| Error::internal("a list without nodes"))?;
        let mut size = 0;
        let page = rows.iter().take(shape.size);
        let found = page.map(|row| self.found(nodes, *row, &mut size));
        let mut found = found.collect::<Result<Vec<_>>>()?;
        if shape.backward {
            found.reverse();
        }
        Ok(FoundRows { rows: found, more })
    }

    /// Reads the `nodes` of a connection from the JSON text of its rows.
    pub fn found_list_of(&self, shape: &ConnectionShape, rows: &str) -> Result<FoundRows> {
        let rows = split(rows)?
            .into_iter()
            .map(|text| JsonRow::new(text, self.dialect))
            .collect::<Result<Vec<_>>>()?;
        let rows: Vec<&dyn RowSource> = rows.iter().map(|row| row as &dyn RowSource).collect();
        self.found_list(shape, &rows)
    }

    /// Counts the records that a slot names, if it is there only for that. Returns whether it is.
    pub(super) fn counts(&self, slot: &Slot, row: &dyn RowSource) -> Result<bool> {
        match slot {
            Slot::Counted(at) => {
                if let (Some(reads), Some(id)) = (self.reads, row.id(*at)?) {
                    reads.add(id);
                }
            }
            Slot::Told(at) => {
                if let (Some(reads), Some(ids)) = (self.reads, row.json(*at)?) {
                    let ids = ids.trim_matches('"').split(',').filter_map(|id| id.parse().ok());
                    ids.for_each(|id| reads.add(id));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Reads a value from its JSON, which is the same for both databases.
fn plain(leaf: Leaf, json: String) -> Result<Value> {
    if json == "null" {
        return Ok(Value::Null);
    }
    if leaf == Leaf::Json {
        return Ok(Value::Json(json));
    }
    let text = || serde_json::from_str::<String>(&json).map_err(Error::internal);
    Ok(match leaf {
        Leaf::Text | Leaf::Json => Value::Text(text()?),
        Leaf::Id => Value::Id(text()?.parse().map_err(Error::internal)?),
        Leaf::Date => Value::Date(text()?.parse().map_err(Error::internal)?),
        Leaf::Time => Value::Time(text()?.parse().map_err(Error::internal)?),
        Leaf::DateTime => Value::DateTime(text()?.parse().map_err(Error::internal)?),
        Leaf::Decimal(_) | Leaf::Figure(_) => {
            Value::Decimal(text()?.parse().map_err(Error::internal)?)
        }
        Leaf::Int => Value::Int(json.parse().map_err(Error::internal)?),
        Leaf::Bool => Value::Bool(json == "true"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_back() {
        let id = Uuid::from_u128(7);
        for (leaf, json, value) in [
            (Leaf::Id, format!("\"{id}\""), Value::Id(id)),
            (Leaf::Text, "\"a\\\"b\"".to_owned(), Value::Text("a\"b".to_owned())),
            (Leaf::Int, "-5".to_owned(), Value::Int(-5)),
            (Leaf::Decimal(2), "\"12.30\"".to_owned(), Value::Decimal("12.30".parse().unwrap())),
            (Leaf::Bool, "true".to_owned(), Value::Bool(true)),
            (Leaf::Json, "[\"A\"]".to_owned(), Value::Json("[\"A\"]".to_owned())),
            (Leaf::Date, "null".to_owned(), Value::Null),
        ] {
            assert_eq!(plain(leaf, json).unwrap(), value, "{leaf:?}");
        }
    }
}

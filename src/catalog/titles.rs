//! The names of objects, fields and picklist values in messages, in both languages: their labels, else
//! their API names in words.
//!
//! Must not know who may see them.

use super::{
    field::{Field, Label},
    object::Object,
    snapshot::{Catalog, Picklist},
};
use crate::base::Message;

/// The names of system fields, which have no labels.
const SYSTEM: [(&str, &str, &str); 7] = [
    ("id", "ID", "标识"),
    ("version", "Version", "版本"),
    ("createdAt", "Created at", "创建时间"),
    ("createdBy", "Created by", "创建人"),
    ("updatedAt", "Updated at", "修改时间"),
    ("updatedBy", "Updated by", "修改人"),
    ("lineNo", "Line number", "行号"),
];

impl Label {
    /// The label. Without one: the API name in words, which is English; Chinese uses the
    /// English label before that.
    pub fn title(&self, name: &str) -> Message {
        let en = self.en.clone().unwrap_or_else(|| in_words(name));
        Message::new(en.clone(), self.zh.clone().unwrap_or(en))
    }

    fn is_empty(&self) -> bool {
        self.zh.is_none() && self.en.is_none()
    }
}

impl Object {
    /// The name of the object.
    pub fn title(&self) -> Message {
        self.label.title(&self.name)
    }

    /// The name within a sentence.
    pub fn noun(&self) -> Message {
        within(&self.title())
    }
}

impl Field {
    /// The name of the field, without regard to its object.
    pub fn title(&self) -> Message {
        if self.system
            && let Some((_, en, zh)) = SYSTEM.iter().find(|(name, ..)| *name == self.name)
        {
            return Message::new(*en, *zh);
        }
        self.label.title(self.place().1)
    }
}

impl Picklist {
    /// The name of a value.
    pub fn title(&self, value: &str) -> Message {
        let known = self.values.iter().find(|known| known.name == value);
        known.map_or_else(|| Message::same(value.to_owned()), |known| known.label.title(value))
    }
}

impl Catalog {
    /// The name of a field of an object. A line's reference to its document has the name of the document.
    pub fn title(&self, object: &Object, field: &Field) -> Message {
        let parent = object.parent.map(|parent| &object.field(parent).name);
        match field.target() {
            Some(target) if field.label.is_empty() && Some(&field.name) == parent => {
                self.object(target).title()
            }
            _ => match object.group_of(field) {
                Some(group) => of(&field.title(), &group.title()),
                None => field.title(),
            },
        }
    }

    /// The name of the value at the end of a path: `customer.owner.email` is the e-mail of the owner of the
    /// customer. `viewer` is the caller.
    pub fn title_of_path(&self, object: &Object, path: &[String]) -> Message {
        let (mut at, mut title) = (Some(object), None::<Message>);
        for name in path {
            let (step, next) = match (&title, name.as_str()) {
                (None, "viewer") => (Message::new("you", "您"), self.named("Employee")),
                _ => match at.and_then(|object| Some((object, object.named(name)?.1))) {
                    Some((object, field)) => {
                        let next = field.target().map(|target| self.object(target));
                        (self.title(object, field), next)
                    }
                    None => (Message::same(in_words(name)), None),
                },
            };
            title = Some(match title {
                None => step,
                Some(whole) if whole.en == "you" => {
                    Message::new(format!("your {}", within(&step).en), format!("您的{}", step.zh))
                }
                Some(whole) => of(&step, &whole),
            });
            at = next;
        }
        title.unwrap_or_else(|| Message::same(""))
    }
}

/// The title of a part of something: `Credit limit of customer`.
fn of(part: &Message, whole: &Message) -> Message {
    Message::new(
        format!("{} of {}", part.en, within(whole).en),
        format!("{}的{}", whole.zh, part.zh),
    )
}

/// A title within a sentence: in English it begins with a small letter, unless it is written in capitals.
pub fn within(title: &Message) -> Message {
    Message::new(small(&title.en), title.zh.clone())
}

/// An English title within a sentence.
pub fn small(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), title.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

/// An API name in words: `expectedCloseOn` -> `Expected close on`.
pub fn in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    let letters: Vec<char> = name.trim_start_matches('_').chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let starts = letter.is_uppercase() && before.is_some_and(|before| !before.is_uppercase());
        match letter {
            '_' => words.push(' '),
            letter if at == 0 => words.extend(letter.to_uppercase()),
            letter if starts => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            letter => words.push(*letter),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, words) in [
            ("expectedCloseOn", "Expected close on"),
            ("SampleLoan", "Sample loan"),
            ("_fieldStates", "Field states"),
            ("NET_30", "NET 30"),
        ] {
            assert_eq!(in_words(name), words);
        }
        assert_eq!(
            (small("Sales stage"), small("ID")),
            ("sales stage".to_owned(), "ID".to_owned())
        );
    }

    #[test]
    fn paths_read_from_their_end() {
        let catalog =
            super::super::resolve(&super::super::standard_sources(), 1).unwrap_or_default();
        let path = |object: &str, path: &str| {
            let path: Vec<_> = path.split('.').map(str::to_owned).collect();
            let title = catalog.title_of_path(catalog.named(object).unwrap(), &path);
            (title.en.into_owned(), title.zh.into_owned())
        };
        let told = |en: &str, zh: &str| (en.to_owned(), zh.to_owned());
        assert_eq!(path("Contact", "birthday"), told("Birthday", "生日"));
        assert_eq!(
            path("Contact", "customer.creditLimit"),
            told("Credit limit of customer", "所属客户的信用额度")
        );
        assert_eq!(path("Contact", "viewer.department"), told("your department", "您的所属部门"));
        assert_eq!(path("SalesOrderLine", "salesOrder"), told("Sales order", "销售订单"));
        assert_eq!(path("Customer", "createdAt"), told("Created at", "创建时间"));
    }
}

//! Texts for people in both languages: how they are made, and how the values in them read.
//!
//! No text exists in one language only: a [`Message`] is made of two texts, `messages!` of a table with two
//! columns. Must not know errors.

use std::borrow::Cow;

/// A language in which the server responds, chosen by `Accept-Language`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The language that an `Accept-Language` header requests: the first one in it that the
    /// server has, else English.
    pub fn from_header(header: Option<&str>) -> Self {
        for part in header.unwrap_or_default().split(',') {
            let tag = part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            if tag.starts_with("zh") {
                return Self::Zh;
            }
            if tag.starts_with("en") {
                return Self::En;
            }
        }
        Self::En
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    /// English.
    pub en: Cow<'static, str>,
    /// Simplified Chinese.
    pub zh: Cow<'static, str>,
}

impl Message {
    /// A message from its two texts.
    pub fn new(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// A text that reads the same in both languages, such as a name or a sign.
    pub fn same(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { en: text.clone(), zh: text }
    }

    /// The text in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// Joins several messages, with a separator for each language.
    pub fn joined(all: &[Self], between: (&str, &str)) -> Self {
        let texts = |lang| all.iter().map(|one| one.text(lang)).collect::<Vec<_>>();
        Self::new(texts(Lang::En).join(between.0), texts(Lang::Zh).join(between.1))
    }
}

impl From<(&'static str, &'static str)> for Message {
    fn from((en, zh): (&'static str, &'static str)) -> Self {
        Self::new(en, zh)
    }
}

/// A value that a message can contain.
pub trait Said {
    /// Its text in a language.
    fn said(&self, lang: Lang) -> Cow<'_, str>;
}

impl Said for Message {
    fn said(&self, lang: Lang) -> Cow<'_, str> {
        Cow::Borrowed(self.text(lang))
    }
}

impl<S: Said + ?Sized> Said for &S {
    fn said(&self, lang: Lang) -> Cow<'_, str> {
        (**self).said(lang)
    }
}

impl Said for str {
    fn said(&self, _: Lang) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Said for String {
    fn said(&self, _: Lang) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

macro_rules! numbers {
    ($($ty:ty),*) => {$(
        impl Said for $ty {
            fn said(&self, _: Lang) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }
        }
    )*};
}
numbers!(char, i32, i64, u8, u32, u64, usize);

/// A message with values in it: `message!("{n} records match", "有 {n} 条记录符合")`.
///
/// Values that read differently in each language follow the texts:
/// `message!("{label} is required", "{label}必填", label)`.
#[macro_export]
macro_rules! message {
    ($en:literal, $zh:literal $(, $said:ident)* $(,)?) => {
        $crate::base::Message::new(
            {
                $(let $said = $crate::base::Said::said(&$said, $crate::base::Lang::En);)*
                format!($en)
            },
            {
                $(let $said = $crate::base::Said::said(&$said, $crate::base::Lang::Zh);)*
                format!($zh)
            },
        )
    };
}

/// The messages of a room, one function for each: `unknown(name) = "there is no `{name}`", "没有 `{name}`";`.
#[macro_export]
macro_rules! messages {
    ($($name:ident($($value:ident),*) = $en:literal, $zh:literal;)*) => {$(
        pub(crate) fn $name($($value: impl $crate::base::Said),*) -> $crate::base::Message {
            $crate::message!($en, $zh $(, $value)*)
        }
    )*};
}

/// The part of a text that is in the other language, outside of names and values in quotes: two adjacent
/// Latin words in Chinese, a Chinese character in English. Tests apply it to all messages.
pub fn foreign(text: &str, lang: Lang) -> Option<String> {
    let mut plain = String::new();
    let mut until = None;
    for c in text.chars() {
        match (until, c) {
            (Some(end), c) if c == end => until = None,
            (Some(_), _) => {}
            (None, '`' | '"') => until = Some(c),
            (None, '\u{201c}') => until = Some('\u{201d}'),
            (None, c) => plain.push(c),
        }
    }
    let chinese = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    match lang {
        Lang::En => plain.chars().find(|c| chinese(*c)).map(String::from),
        Lang::Zh => {
            let word = |word: &&str| {
                word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'')
            };
            let parts: Vec<_> = plain.split([' ', ',', ';', '.', '\n']).collect();
            let pairs = parts.windows(2).filter(|pair| pair.iter().all(word));
            pairs.map(|pair| pair.join(" ")).next()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_language_is_noticed() {
        for (text, lang, found) in [
            ("此处应为 a date", Lang::Zh, None),
            ("此处应为 a date such as `x`", Lang::Zh, Some("date such")),
            ("请写 `date such as`", Lang::Zh, None),
            ("字段 \"no such field\" 的类型是 String", Lang::Zh, None),
            ("`分管部门` is required", Lang::En, None),
            ("分管部门 is required", Lang::En, Some("分")),
        ] {
            assert_eq!(foreign(text, lang).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn the_first_language_that_is_spoken_counts() {
        for (header, lang) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("fr, en;q=0.5, zh", Lang::En),
            ("de", Lang::En),
            ("", Lang::En),
        ] {
            assert_eq!(Lang::from_header(Some(header)), lang, "{header}");
        }
    }

    #[test]
    fn values_read_as_each_language_has_them() {
        let (what, most) = (Message::new("days", "天数"), 7_u32);
        let told = crate::message!("{what}: at most {most}", "{what}：至多 {most}", what);
        assert_eq!(told, Message::new("days: at most 7", "天数：至多 7"));
        let all = Message::joined(&[told, Message::same("x")], ("; ", "；"));
        assert_eq!((&*all.en, &*all.zh), ("days: at most 7; x", "天数：至多 7；x"));
    }
}

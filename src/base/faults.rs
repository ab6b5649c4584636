//! The table of a room's faults: code, texts and hint of each in one place.
//!
//! Owns the macro `faults!` and the entries that `docs/faults.md` is made from. Must not know when a fault is
//! reported, nor its path.

use super::Code;

/// One fault as it is written in the table of its room, with the placeholders of its texts.
#[derive(Debug, Clone, Copy)]
pub struct FaultText {
    /// The code.
    pub code: Code,
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
    /// The advice, in English and Chinese.
    pub hint: Option<(&'static str, &'static str)>,
}

/// The faults of a room, one function for each, and the constant `FAULTS` that lists them:
/// `too_many(most) = LimitRecords, "more than {most} match", "超过 {most} 条", hint "narrow it", "请缩小范围";`.
///
/// A function returns the `Error`; path and names are added by the caller. Texts may leave out values, as some are for
/// one language or the hint alone.
#[macro_export]
macro_rules! faults {
    ($(
        $name:ident $values:tt = $code:ident, $en:literal, $zh:literal
        $(, hint $hint_en:literal, $hint_zh:literal)?;
    )*) => {
        $($crate::faults!(@function $name $values $code, $en, $zh, ($($hint_en, $hint_zh)?));)*

        /// All faults of this table, in its order.
        pub(crate) const FAULTS: &[$crate::base::FaultText] = &[$(
            $crate::base::FaultText {
                code: $crate::base::Code::$code,
                en: $en,
                zh: $zh,
                hint: $crate::faults!(@pair ($($hint_en, $hint_zh)?)),
            },
        )*];
    };
    (@function $name:ident($($value:ident),*) $code:ident, $en:literal, $zh:literal, $hint:tt) => {
        #[doc = concat!("The fault\n\n```text\n", $en, "\n```")]
        pub(crate) fn $name($($value: impl $crate::base::Said),*) -> $crate::base::Error {
            $crate::base::Error::of(
                $crate::base::Code::$code,
                $crate::faults!(@message ($en, $zh) $($value)*),
            )
            .hinted($crate::faults!(@advice $hint $($value)*))
        }
    };
    (@advice () $($value:ident)*) => {
        None
    };
    (@advice $hint:tt $($value:ident)*) => {
        Some($crate::faults!(@message $hint $($value)*))
    };
    (@message ($en:literal, $zh:literal) $($value:ident)*) => {
        $crate::base::Message::new(
            {
                $(
                    let $value = $crate::base::Said::said(&$value, $crate::base::Lang::En);
                    let _ = &$value;
                )*
                format!($en)
            },
            {
                $(
                    let $value = $crate::base::Said::said(&$value, $crate::base::Lang::Zh);
                    let _ = &$value;
                )*
                format!($zh)
            },
        )
    };
    (@pair ()) => {
        None
    };
    (@pair ($en:literal, $zh:literal)) => {
        Some(($en, $zh))
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Message;

    faults! {
        plain() = InputPath, "there is nothing here", "此处没有内容";
        valued(most, verb) = LimitRecords, "you may {verb} {most} records", "最多 {most} 条记录",
            hint "ask for {most}", "请查询 {most} 条";
    }

    #[test]
    fn entries_become_functions_and_a_list() {
        assert_eq!(plain().hint, None);
        let fault = valued(7_u32, "print");
        assert_eq!(fault.code, Code::LimitRecords);
        assert_eq!(fault.message, Message::new("you may print 7 records", "最多 7 条记录"));
        assert_eq!(fault.hint, Some(Message::new("ask for 7", "请查询 7 条")));
        let listed: Vec<_> = FAULTS.iter().map(|entry| (entry.code, entry.en)).collect();
        let valued = (Code::LimitRecords, "you may {verb} {most} records");
        assert_eq!(listed, [(Code::InputPath, "there is nothing here"), valued]);
        assert_eq!(FAULTS[1].zh, "最多 {most} 条记录");
        assert_eq!(FAULTS[1].hint, Some(("ask for {most}", "请查询 {most} 条")));
    }
}

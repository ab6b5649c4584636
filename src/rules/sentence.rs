//! Checks as sentences: `closedOn >= openedOn` becomes "Closed on must not be before opened on", in both
//! languages and with labels.
//!
//! Of rules joined by `&&`, only those that do not hold are reported. Owns the grammar of these sentences;
//! evaluates nothing but the joined parts.

use super::record::RuleContext;
use crate::{
    base::{Message, Value},
    catalog::{Catalog, Object, PicklistIx, within},
    expr::{self, Arithmetic, Comparison, Expr, Function, ListQuantifier, Node, Quantified, Type},
    message,
};

/// The sentence that says what a broken check requires of a record.
pub(super) fn sentence(catalog: &Catalog, scope: &RuleContext<'_>, check: &Expr) -> Message {
    let teller = Teller { catalog, object: scope.object, over: None };
    let mut all = Vec::new();
    joined(check, &mut all);
    let broken: Vec<_> = all
        .iter()
        .copied()
        .filter(|part| matches!(expr::eval(part, scope), Ok(Value::Bool(false))))
        .collect();
    let broken = if broken.is_empty() { all.clone() } else { broken };
    let mut told: Vec<Message> = Vec::new();
    for part in broken {
        let sentence = teller.range(part, &all).unwrap_or_else(|| teller.claim(part, true, Must));
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    let told = Message::joined(&told, ("; ", "；"));
    Message::new(capital(&told.en), spaced(&told.zh))
}

/// The parts of `a && b && c`.
fn joined<'e>(check: &'e Expr, all: &mut Vec<&'e Expr>) {
    match check.node() {
        Node::And(a, b) => {
            joined(a, all);
            joined(b, all);
        }
        _ => all.push(check),
    }
}

/// The mood of a sentence.
#[derive(Debug, Clone, Copy)]
enum Mood {
    /// It requires something.
    Must,
    /// It states a condition.
    Is,
}
use Mood::{Is, Must};

struct Teller<'t> {
    catalog: &'t Catalog,
    object: &'t Object,
    /// The list that is looked through.
    over: Option<&'t Quantified>,
}

impl Teller<'_> {
    /// `0 <= x && x <= 365` as one range.
    fn range(&self, part: &Expr, all: &[&Expr]) -> Option<Message> {
        let bound = |part: &Expr| match part.node() {
            Node::Compare(how, a, b) if b.as_const().is_some() => {
                Some((*how, a.clone(), b.clone()))
            }
            _ => None,
        };
        let (_, subject, _) = bound(part)?;
        let end = |how: Comparison| {
            let mut bounds = all.iter().rev().filter_map(|part| bound(part));
            let found = bounds.find(|(is, of, _)| *is == how && *of == subject);
            found.map(|(_, _, end)| self.value(&end))
        };
        let (low, high) = (end(Comparison::GreaterOrEqual)?, end(Comparison::LessOrEqual)?);
        let what = self.value(&subject);
        Some(message!(
            "{what} must be between {low} and {high}",
            "{what}须在 {low} 到 {high} 之间",
            what,
            low,
            high,
        ))
    }

    /// The sentence that an expression holds, or that it does not.
    fn claim(&self, expr: &Expr, holds: bool, mood: Mood) -> Message {
        match expr.node() {
            Node::Not(inner) => self.claim(inner, !holds, mood),
            Node::And(a, b) if holds => self.both(a, b, true, mood),
            Node::Or(a, b) if !holds => self.both(a, b, false, mood),
            Node::And(a, b) => self.either(a, b, false, mood),
            Node::Or(a, b) => self.either(a, b, true, mood),
            Node::Compare(how, a, b) => self.comparison(*how, a, b, holds, mood),
            Node::IsNull(a) => empty(&self.value(a), holds, mood),
            Node::IsNotNull(a) => empty(&self.value(a), !holds, mood),
            Node::In(item, list) => self.among(item, list, holds, mood),
            // A branch that holds anyway requires nothing.
            Node::If(condition, a, b) if is_const(a, holds) || is_const(b, holds) => {
                let when = is_const(b, holds);
                let condition = self.claim(condition, when, Is);
                let then = self.claim(if when { a } else { b }, holds, mood);
                message!("if {condition}, {then}", "若{condition}，则{then}", condition, then)
            }
            Node::If(condition, a, b) => {
                let condition = self.claim(condition, true, Is);
                let (a, b) = (self.claim(a, holds, mood), self.claim(b, holds, mood));
                message!(
                    "if {condition}, {a}; otherwise {b}",
                    "若{condition}，则{a}；否则{b}",
                    condition,
                    a,
                    b,
                )
            }
            Node::Call(function, operands) => match (function, operands.as_slice()) {
                (Function::Contains | Function::StartsWith | Function::EndsWith, [text, part]) => {
                    let (text, part) = (self.value(text), self.value(part));
                    holding(*function, &text, &part, holds, mood)
                }
                // The sentence names the first operand only; the others replace it if it is empty.
                (Function::Coalesce, [first, ..]) => self.claim(first, holds, mood),
                (Function::Changed, [now, ..]) => changed(&self.value(now), holds, mood),
                _ => affirmed(&self.value(expr), holds, mood),
            },
            Node::Over(over) => self.over(over, holds, mood),
            _ => affirmed(&self.value(expr), holds, mood),
        }
    }

    fn both(&self, a: &Expr, b: &Expr, holds: bool, mood: Mood) -> Message {
        let parts = [self.claim(a, holds, mood), self.claim(b, holds, mood)];
        Message::joined(&parts, (" and ", "，且"))
    }

    fn either(&self, a: &Expr, b: &Expr, holds: bool, mood: Mood) -> Message {
        // `x == null || x > 0`: an empty value is not compared anyway, so the sentence omits it.
        for (one, other) in [(a, b), (b, a)] {
            if let (true, Node::IsNull(inner)) = (holds, one.node())
                && let Node::Path(path) = inner.node()
                && other.paths().contains(path)
            {
                return self.claim(other, holds, mood);
            }
        }
        let parts = [self.claim(a, holds, mood), self.claim(b, holds, mood)];
        Message::joined(&parts, (", or ", "，或"))
    }

    fn comparison(&self, how: Comparison, a: &Expr, b: &Expr, holds: bool, mood: Mood) -> Message {
        let how = if holds { how } else { opposite(how) };
        // The record's value comes first.
        let (how, a, b) = match (a.as_const(), b.as_const()) {
            (Some(_), None) => (mirrored(how), b, a),
            _ => (how, a, b),
        };
        let times = matches!(a.ty(), Type::Date | Type::DateTime | Type::Time);
        let end = self.value(b);
        let end = if b.as_const().is_some() { end } else { within(&end) };
        compared(how, &self.value(a), &end, times, mood)
    }

    fn among(&self, item: &Expr, list: &Expr, holds: bool, mood: Mood) -> Message {
        let (item, list) = (self.value(item), self.value(list));
        match (mood, holds) {
            (Must, true) => {
                message!("{item} must be one of {list}", "{item}须为 {list} 之一", item, list)
            }
            (Must, false) => {
                message!("{item} must not be one of {list}", "{item}不能为 {list} 之一", item, list)
            }
            (Is, true) => message!("{item} is one of {list}", "{item}为 {list} 之一", item, list),
            (Is, false) => {
                message!("{item} is not one of {list}", "{item}不为 {list} 之一", item, list)
            }
        }
    }

    /// The text for the value of an expression.
    fn value(&self, expr: &Expr) -> Message {
        match expr.node() {
            Node::Const(value) => self.constant(value, expr.ty()),
            Node::Path(path) => self.title(path),
            Node::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                Message::joined(&items, (", ", "、"))
            }
            Node::Widen(inner) => self.value(inner),
            Node::Negate(inner) => {
                let inner = self.operand(inner);
                message!("-{inner}", "-{inner}", inner)
            }
            Node::Arithmetic(operator, a, b) => {
                let sign = match operator {
                    Arithmetic::Add => '+',
                    Arithmetic::Subtract => '-',
                    Arithmetic::Multiply => '×',
                    Arithmetic::Divide => '÷',
                    Arithmetic::Remainder => '%',
                };
                let (a, b) = (self.operand(a), self.operand(b));
                message!("{a} {sign} {b}", "{a} {sign} {b}", a, b)
            }
            Node::Concat(a, b) => {
                let (a, b) = (self.operand(a), self.operand(b));
                message!("{a} + {b}", "{a} + {b}", a, b)
            }
            Node::If(condition, a, b) => {
                let condition = self.claim(condition, true, Is);
                let (a, b) = (self.value(a), self.value(b));
                message!(
                    "{a} (if not {condition}: {b})",
                    "{a}（若不满足“{condition}”则为{b}）",
                    a,
                    condition,
                    b,
                )
            }
            Node::Call(function, operands) => {
                let operands: Vec<_> = operands.iter().map(|one| self.operand(one)).collect();
                called(*function, &operands)
            }
            Node::Not(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::Compare(..)
            | Node::IsNull(_)
            | Node::IsNotNull(_)
            | Node::In(..) => self.claim(expr, true, Is),
            Node::Over(over) => self.over(over, true, Is),
        }
    }

    /// What people call what is at a path.
    fn title(&self, path: &[String]) -> Message {
        let over = self.over.and_then(|over| Some((over, over.of_each(path)?)));
        let of_each = over.and_then(|(over, rest)| Some((self.catalog.named(&over.object)?, rest)));
        match (of_each, path.split_first()) {
            (Some((object, rest)), _) => self.catalog.title_of_path(object, rest),
            (None, Some((first, rest))) if first == "old" && !rest.is_empty() => {
                let field = within(&self.catalog.title_of_path(self.object, rest));
                message!("the former {field}", "原{field}", field)
            }
            _ => self.catalog.title_of_path(self.object, path),
        }
    }

    /// The condition over a list, for one of its records.
    fn each(&self, over: &Quantified, holds: bool) -> Message {
        Teller { over: Some(over), ..*self }.claim(&over.condition, holds, Is)
    }

    fn counted(&self, over: &Quantified) -> Message {
        let (list, condition) = (within(&self.title(&over.list)), self.each(over, true));
        message!(
            "the number of {list} where {condition}",
            "满足“{condition}”的{list}数量",
            list,
            condition,
        )
    }

    fn over(&self, over: &Quantified, holds: bool, mood: Mood) -> Message {
        let list = within(&self.title(&over.list));
        let some = match over.quantifier {
            ListQuantifier::Exists => holds,
            ListQuantifier::All => !holds,
            // A number is compared, and never holds by itself.
            ListQuantifier::Count => return self.counted(over),
        };
        let met = self.each(over, holds);
        match (some, mood) {
            (true, Must) => {
                message!(
                    "for one of {list} must hold: {met}",
                    "{list}中须有一项满足“{met}”",
                    list,
                    met
                )
            }
            (true, Is) => {
                message!("for one of {list} holds: {met}", "{list}中有一项满足“{met}”", list, met)
            }
            (false, Must) => {
                message!(
                    "for each of {list} must hold: {met}",
                    "{list}中每一项都须满足“{met}”",
                    list,
                    met
                )
            }
            (false, Is) => {
                message!(
                    "for each of {list} holds: {met}",
                    "{list}中每一项都满足“{met}”",
                    list,
                    met
                )
            }
        }
    }

    /// The text for a value within another, in brackets if it has several parts.
    fn operand(&self, expr: &Expr) -> Message {
        let value = within(&self.value(expr));
        match expr.node() {
            Node::Arithmetic(..) | Node::Concat(..) | Node::If(..) => {
                message!("({value})", "（{value}）", value)
            }
            _ => value,
        }
    }

    fn constant(&self, value: &Value, ty: &Type) -> Message {
        match (value, ty) {
            (Value::Text(name), Type::Picklist(list)) => {
                let mut lists = self.catalog.picklists.iter().enumerate();
                let known = lists.find(|(_, known)| known.name == list.name);
                let known = known.map(|(ix, _)| self.catalog.picklist(PicklistIx(ix)));
                known.map_or_else(|| Message::same(name.clone()), |list| list.title(name))
            }
            (Value::Text(text), _) => Message::same(format!("“{text}”")),
            (Value::Null, _) => Message::new("empty", "空"),
            (Value::Bool(true), _) => Message::new("yes", "是"),
            (Value::Bool(false), _) => Message::new("no", "否"),
            (Value::Int(number), _) => Message::same(number.to_string()),
            (Value::Decimal(number), _) => Message::same(number.normalize().to_string()),
            (Value::Date(day), _) => Message::same(day.to_string()),
            (Value::DateTime(at), _) => Message::same(at.format("%Y-%m-%d %H:%M UTC").to_string()),
            (Value::Time(time), _) => Message::same(time.to_string()),
            (Value::Id(id), _) => Message::same(id.to_string()),
            (Value::Json(text), _) => Message::same(text.clone()),
            (Value::List(items), ty) => {
                let of = if let Type::List(of) = ty { of } else { ty };
                let items: Vec<_> = items.iter().map(|item| self.constant(item, of)).collect();
                Message::joined(&items, (", ", "、"))
            }
        }
    }
}

fn is_const(expr: &Expr, bool: bool) -> bool {
    expr.as_const() == Some(&Value::Bool(bool))
}

fn opposite(how: Comparison) -> Comparison {
    match how {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

/// The same comparison with its sides swapped.
fn mirrored(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

fn compared(how: Comparison, a: &Message, b: &Message, times: bool, mood: Mood) -> Message {
    use Comparison as C;
    match (mood, how, times) {
        (Must, C::Equal, _) => message!("{a} must be {b}", "{a}须为 {b}", a, b),
        (Must, C::NotEqual, _) => message!("{a} must not be {b}", "{a}不能为 {b}", a, b),
        (Must, C::Less, true) => message!("{a} must be before {b}", "{a}须早于 {b}", a, b),
        (Must, C::LessOrEqual, true) => {
            message!("{a} must not be after {b}", "{a}不能晚于 {b}", a, b)
        }
        (Must, C::Greater, true) => message!("{a} must be after {b}", "{a}须晚于 {b}", a, b),
        (Must, C::GreaterOrEqual, true) => {
            message!("{a} must not be before {b}", "{a}不能早于 {b}", a, b)
        }
        (Must, C::Less, false) => message!("{a} must be less than {b}", "{a}须小于 {b}", a, b),
        (Must, C::LessOrEqual, false) => {
            message!("{a} must not be more than {b}", "{a}不能大于 {b}", a, b)
        }
        (Must, C::Greater, false) => message!("{a} must be more than {b}", "{a}须大于 {b}", a, b),
        (Must, C::GreaterOrEqual, false) => {
            message!("{a} must not be less than {b}", "{a}不能小于 {b}", a, b)
        }
        (Is, C::Equal, _) => message!("{a} is {b}", "{a}为 {b}", a, b),
        (Is, C::NotEqual, _) => message!("{a} is not {b}", "{a}不为 {b}", a, b),
        (Is, C::Less, true) => message!("{a} is before {b}", "{a}早于 {b}", a, b),
        (Is, C::LessOrEqual, true) => message!("{a} is not after {b}", "{a}不晚于 {b}", a, b),
        (Is, C::Greater, true) => message!("{a} is after {b}", "{a}晚于 {b}", a, b),
        (Is, C::GreaterOrEqual, true) => message!("{a} is not before {b}", "{a}不早于 {b}", a, b),
        (Is, C::Less, false) => message!("{a} is less than {b}", "{a}小于 {b}", a, b),
        (Is, C::LessOrEqual, false) => message!("{a} is not more than {b}", "{a}不大于 {b}", a, b),
        (Is, C::Greater, false) => message!("{a} is more than {b}", "{a}大于 {b}", a, b),
        (Is, C::GreaterOrEqual, false) => {
            message!("{a} is not less than {b}", "{a}不小于 {b}", a, b)
        }
    }
}

fn empty(what: &Message, holds: bool, mood: Mood) -> Message {
    match (mood, holds) {
        (Must, true) => message!("{what} must be empty", "{what}须为空", what),
        (Must, false) => message!("{what} must not be empty", "{what}不能为空", what),
        (Is, true) => message!("{what} is empty", "{what}为空", what),
        (Is, false) => message!("{what} is not empty", "{what}不为空", what),
    }
}

fn affirmed(what: &Message, holds: bool, mood: Mood) -> Message {
    match (mood, holds) {
        (Must, true) => message!("{what} must be yes", "{what}须为“是”", what),
        (Must, false) => message!("{what} must be no", "{what}须为“否”", what),
        (Is, true) => message!("{what} is yes", "{what}为“是”", what),
        (Is, false) => message!("{what} is no", "{what}为“否”", what),
    }
}

fn changed(what: &Message, holds: bool, mood: Mood) -> Message {
    match (mood, holds) {
        (Must, true) => message!("{what} must change", "{what}须有变动", what),
        (Must, false) => message!("{what} must not change", "{what}不能变动", what),
        (Is, true) => message!("{what} changes", "{what}有变动", what),
        (Is, false) => message!("{what} does not change", "{what}没有变动", what),
    }
}

fn holding(how: Function, text: &Message, part: &Message, holds: bool, mood: Mood) -> Message {
    let (must, is, zh) = match how {
        Function::StartsWith => ("start with", "starts with", ("以", "开头")),
        Function::EndsWith => ("end with", "ends with", ("以", "结尾")),
        _ => ("contain", "contains", ("包含", "")),
    };
    let (before, after) = zh;
    match (mood, holds) {
        (Must, true) => {
            message!("{text} must {must} {part}", "{text}须{before}{part}{after}", text, part)
        }
        (Must, false) => {
            message!("{text} must not {must} {part}", "{text}不能{before}{part}{after}", text, part)
        }
        (Is, true) => message!("{text} {is} {part}", "{text}{before}{part}{after}", text, part),
        (Is, false) => {
            message!("{text} does not {must} {part}", "{text}不{before}{part}{after}", text, part)
        }
    }
}

fn called(function: Function, operands: &[Message]) -> Message {
    use Function as F;
    match (function, operands) {
        (F::Today, _) => Message::new("today", "今天"),
        (F::Now, _) => Message::new("now", "当前时间"),
        (F::Size, [a]) => message!("the length of {a}", "{a}的长度", a),
        (F::Upper, [a]) => message!("{a} in upper case", "{a}的大写", a),
        (F::Lower, [a]) => message!("{a} in lower case", "{a}的小写", a),
        (F::Trim | F::PlainText, [a]) => a.clone(),
        (F::Abs, [a]) => message!("the absolute value of {a}", "{a}的绝对值", a),
        (F::Round, [a, digits]) => {
            message!("{a} rounded to {digits} digits", "{a}（保留 {digits} 位小数）", a, digits)
        }
        (F::Floor, [a]) => message!("{a} rounded down", "{a}（向下取整）", a),
        (F::Ceil, [a]) => message!("{a} rounded up", "{a}（向上取整）", a),
        (F::Min, [a, b]) => message!("the lesser of {a} and {b}", "{a}与{b}中的较小值", a, b),
        (F::Max, [a, b]) => message!("the greater of {a} and {b}", "{a}与{b}中的较大值", a, b),
        (F::AddDays, [a, n]) => message!("{n} days after {a}", "{a}加 {n} 天", a, n),
        (F::AddMonths, [a, n]) => message!("{n} months after {a}", "{a}加 {n} 个月", a, n),
        (F::DaysBetween, [a, b]) => message!("the days from {a} to {b}", "{a}到{b}的天数", a, b),
        (F::Year, [a]) => message!("the year of {a}", "{a}的年份", a),
        (F::Month, [a]) => message!("the month of {a}", "{a}的月份", a),
        (F::Day, [a]) => message!("the day of {a}", "{a}的日", a),
        (F::Date, [a]) => message!("the day of {a}", "{a}的日期", a),
        (F::Coalesce, all) => Message::joined(all, (", or else ", "，若空则为")),
        (other, all) => {
            let (name, all) = (other.name(), Message::joined(all, (", ", "、")));
            message!("{name} ({all})", "{name}（{all}）", all)
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Puts a blank between Chinese and Latin characters, and removes blanks between Chinese
/// ones. Quoted text stays.
fn spaced(text: &str) -> String {
    let chinese = |c: char| c >= '\u{2e80}' && !('\u{ff01}'..='\u{ff5e}').contains(&c) || c == '，';
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut quoted = false;
    for (at, c) in letters.iter().enumerate() {
        quoted = (quoted || *c == '“') && *c != '”';
        let before = out.chars().next_back();
        let after = letters.get(at + 1).copied();
        if *c == ' ' && !quoted && before.is_some_and(chinese) && after.is_some_and(chinese) {
            continue;
        }
        let meets = |a: char, b: char| {
            chinese(a) && ('\u{3400}'..='\u{9fff}').contains(&a) && b.is_ascii_alphanumeric()
        };
        if !quoted && before.is_some_and(|before| meets(before, *c) || meets(*c, before)) {
            out.push(' ');
        }
        out.push(*c);
    }
    out
}

#[cfg(test)]
mod tests;

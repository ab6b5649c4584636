//! The checked expression: a small typed tree that is evaluated or translated.
//!
//! Owns the form of the tree. Must not know the syntax of the text or the evaluation.

use crate::base::Value;

use super::Type;

/// A checked expression.
///
/// Every operand has the type that its operator requires. Widening is explicit ([`Node::Widen`]), picklist
/// values are text constants, and `x == null` is [`Node::IsNull`].
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    node: Node,
    ty: Type,
}

/// The operation of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A constant.
    Const(Value),
    /// A field, or a field of a related record: the names from the root on.
    Path(Vec<String>),
    /// A list literal.
    List(Vec<Expr>),
    /// A whole number converted to a decimal.
    Widen(Box<Expr>),
    /// `!x`, three-valued.
    Not(Box<Expr>),
    /// `-x`.
    Negate(Box<Expr>),
    /// `x == null`: never null itself.
    IsNull(Box<Expr>),
    /// `x != null`: never null itself.
    IsNotNull(Box<Expr>),
    /// `a && b`, three-valued.
    And(Box<Expr>, Box<Expr>),
    /// `a || b`, three-valued.
    Or(Box<Expr>, Box<Expr>),
    /// A comparison; both sides have comparable types.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Arithmetic; both sides have the type of the result.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// Text joined to text.
    Concat(Box<Expr>, Box<Expr>),
    /// Whether the first is an item of the second, a list.
    In(Box<Expr>, Box<Expr>),
    /// `condition ? a : b`; a null condition selects `b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function of the language.
    Call(Function, Vec<Expr>),
    /// What is asked of the records of a list.
    Over(Quantified),
}

/// A condition over the records of a list, as in `lines.exists(l, l.quantity > 5)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantified {
    /// What is asked.
    pub quantifier: ListQuantifier,
    /// The path to the list, from the record on.
    pub list: Vec<String>,
    /// The object of the list's records, by API name.
    pub object: String,
    /// The name that a record of the list has in the condition.
    pub variable: String,
    /// The condition. Paths that begin with the variable lead on from a record of the list.
    pub condition: Box<Expr>,
}

impl Quantified {
    /// The paths that the condition reads from a record of the list on, each once.
    pub fn read_of_each(&self) -> Vec<Vec<String>> {
        let paths = self.condition.paths().into_iter();
        paths.filter_map(|path| self.of_each(&path).map(<[String]>::to_vec)).collect()
    }

    /// The rest of a path that begins with the variable.
    pub fn of_each<'p>(&self, path: &'p [String]) -> Option<&'p [String]> {
        let (first, rest) = path.split_first()?;
        (*first == self.variable).then_some(rest)
    }
}

/// What may be asked of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListQuantifier {
    /// Whether the condition holds for one record at least.
    Exists,
    /// Whether it holds for each.
    All,
    /// For how many it holds.
    Count,
}

impl ListQuantifier {
    /// Every quantifier.
    pub const ALL: [Self; 3] = [Self::Exists, Self::All, Self::Count];

    /// The quantifier's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::All => "all",
            Self::Count => "count",
        }
    }

    /// The quantifier with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// How the quantifier is written.
    pub fn usage(self) -> String {
        format!("list.{}(x, condition)", self.name())
    }
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, always decimal, rounded to ten digits; null when dividing by zero.
    Divide,
    /// `%`, with the sign of the left side; null when dividing by zero.
    Remainder,
}

macro_rules! functions {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $usage:literal;)*) => {
        /// The functions of the language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Function {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Function {
            /// Every function, in table order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The function's name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How the function is written.
            pub fn usage(self) -> &'static str {
                match self { $(Self::$variant => $usage,)* }
            }
        }
    };
}

functions! {
    /// Today in the business time zone.
    Today = "today", "today()";
    /// The current instant.
    Now = "now", "now()";
    /// Characters of a text, or items of a list.
    Size = "size", "size(text or list)";
    /// Whether a text contains another, case-sensitively.
    Contains = "contains", "text.contains(part)";
    /// Whether a text starts with another, case-sensitively.
    StartsWith = "startsWith", "text.startsWith(part)";
    /// Whether a text ends with another, case-sensitively.
    EndsWith = "endsWith", "text.endsWith(part)";
    /// Text in upper case.
    Upper = "upper", "upper(text)";
    /// Text in lower case.
    Lower = "lower", "lower(text)";
    /// The words of a rich text, without its marks.
    PlainText = "plainText", "plainText(rich text)";
    /// Text without white space at its ends.
    Trim = "trim", "trim(text)";
    /// A number without its sign.
    Abs = "abs", "abs(number)";
    /// A number rounded to so many digits, halves away from zero.
    Round = "round", "round(number, digits)";
    /// The greatest whole number not above a number.
    Floor = "floor", "floor(number)";
    /// The least whole number not below a number.
    Ceil = "ceil", "ceil(number)";
    /// The lesser of two; null if either is null.
    Min = "min", "min(a, b)";
    /// The greater of two; null if either is null.
    Max = "max", "max(a, b)";
    /// The first that is not null.
    Coalesce = "coalesce", "coalesce(a, b, ...)";
    /// A date so many days later.
    AddDays = "addDays", "addDays(date, days)";
    /// A date so many months later, kept within its month.
    AddMonths = "addMonths", "addMonths(date, months)";
    /// Days from the first date to the second.
    DaysBetween = "daysBetween", "daysBetween(from, to)";
    /// A date's year.
    Year = "year", "year(date)";
    /// A date's month, 1 to 12.
    Month = "month", "month(date)";
    /// A date's day of the month.
    Day = "day", "day(date)";
    /// The day of an instant in the business time zone.
    Date = "date", "date(instant)";
    /// Whether a field has another value than before the save. Its second argument is the value before.
    Changed = "changed", "changed(field)";
}

impl Function {
    /// The function with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// Whether the function is written after its first argument, as in `text.contains(part)`.
    pub fn is_method(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }
}

impl Expr {
    /// An expression of a type. The caller guarantees the types of the operands.
    pub(super) fn new(node: Node, ty: Type) -> Self {
        Self { node, ty }
    }

    /// A constant of a type.
    pub(super) fn constant(value: Value, ty: Type) -> Self {
        Self::new(Node::Const(value), ty)
    }

    /// The operation.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The type of the value, unless it is null.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// The same expression under another type with the same values.
    pub(super) fn retyped(self, ty: Type) -> Self {
        Self { node: self.node, ty }
    }

    /// The same expression, taken apart.
    pub(super) fn into_parts(self) -> (Node, Type) {
        (self.node, self.ty)
    }

    /// The constant, if the expression is one.
    pub fn as_const(&self) -> Option<&Value> {
        match &self.node {
            Node::Const(value) => Some(value),
            _ => None,
        }
    }

    /// The constants that the expression may come to, as they are written in it.
    pub fn outcomes(&self) -> Vec<&Value> {
        match &self.node {
            Node::Const(value) => vec![value],
            Node::If(_, a, b) => [a, b].into_iter().flat_map(|branch| branch.outcomes()).collect(),
            Node::List(items) | Node::Call(_, items) => {
                items.iter().flat_map(Self::outcomes).collect()
            }
            Node::Widen(inner) => inner.outcomes(),
            Node::Path(_)
            | Node::Not(_)
            | Node::Negate(_)
            | Node::IsNull(_)
            | Node::IsNotNull(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::Concat(..)
            | Node::In(..)
            | Node::Compare(..)
            | Node::Arithmetic(..)
            | Node::Over(_) => Vec::new(),
        }
    }

    /// Every path the expression reads, each once, in order of appearance.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        self.collect_paths(&mut found);
        found
    }

    fn collect_paths(&self, found: &mut Vec<Vec<String>>) {
        let mut add = |path: &Vec<String>| {
            if !found.contains(path) {
                found.push(path.clone());
            }
        };
        match &self.node {
            Node::Path(path) => add(path),
            Node::Over(over) => {
                add(&over.list);
                let inside = over.condition.paths();
                inside.iter().filter(|path| over.of_each(path).is_none()).for_each(add);
                return;
            }
            _ => {}
        }
        for operand in self.operands() {
            operand.collect_paths(found);
        }
    }

    /// The conditions over lists, in order of appearance.
    pub fn over_lists(&self) -> Vec<&Quantified> {
        let own = match &self.node {
            Node::Over(over) => Some(over),
            _ => None,
        };
        let inside = self.operands().into_iter().flat_map(Self::over_lists);
        own.into_iter().chain(inside).collect()
    }

    /// Whether a function is called anywhere in the expression.
    pub fn calls(&self, function: Function) -> bool {
        matches!(&self.node, Node::Call(called, _) if *called == function)
            || self.operands().into_iter().any(|operand| operand.calls(function))
    }

    /// The expressions directly inside this one, in order.
    pub fn operands(&self) -> Vec<&Self> {
        match &self.node {
            Node::Const(_) | Node::Path(_) => Vec::new(),
            Node::List(items) | Node::Call(_, items) => items.iter().collect(),
            Node::Widen(a)
            | Node::Not(a)
            | Node::Negate(a)
            | Node::IsNull(a)
            | Node::IsNotNull(a) => vec![a],
            Node::And(a, b)
            | Node::Or(a, b)
            | Node::Concat(a, b)
            | Node::In(a, b)
            | Node::Compare(_, a, b)
            | Node::Arithmetic(_, a, b) => vec![a, b],
            Node::If(condition, a, b) => vec![condition, a, b],
            Node::Over(over) => vec![&over.condition],
        }
    }
}

//! Filters on records as they were asked for, and their SQL.

use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Query, SelectStatement, Value as SqlValue,
};

use super::{aggregate::Having, compile::Compiler, employee_lines::Own, guard::GuardedParent};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldIx, FieldType, Junction, ObjectIx},
    sql::{
        Match, all_of, among, any_of, contains, encode,
        keys::{is_keyed, key_at, keyed},
        numbered, text_match,
    },
};

/// A condition on a record of some object.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Filter {
    /// All hold; true when empty.
    And(Vec<Filter>),
    /// One holds; false when empty.
    Or(Vec<Filter>),
    /// The inner filter does not hold. As in SQL, a comparison with NULL is neither true nor false.
    Not(Box<Filter>),
    /// A comparison of a field.
    Field(FieldIx, Compare),
    /// The related record exists and matches.
    One(FieldIx, Box<Filter>),
    /// A union field refers to no record, or to one.
    Unset(FieldIx, bool),
    /// Related records match, as many as the quantifier says.
    Many(FieldIx, Quantifier, Box<Filter>),
    /// Every word occurs in some field that is searched.
    Search(Vec<String>),
    /// A comparison of aggregates over the related records that match.
    Aggregate(FieldIx, Box<Filter>, Having),
    /// The record's lines name a given employee.
    Mine(Own),
}

/// How many related records must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// None.
    None,
    /// All; true if there are none.
    Every,
}

/// A comparison of a field's value.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Compare {
    /// Equal.
    Eq(Value),
    /// Not equal.
    Ne(Value),
    /// Greater.
    Gt(Value),
    /// Greater or equal.
    Gte(Value),
    /// Less.
    Lt(Value),
    /// Less or equal.
    Lte(Value),
    /// Between two values, both included.
    Between(Value, Value),
    /// One of; false when empty.
    In(Vec<Value>),
    /// None of; true when empty.
    NotIn(Vec<Value>),
    /// Has no value, or has one.
    IsNull(bool),
    /// True for every value, or for none. Like any comparison it is neither true nor false for NULL.
    Known(bool),
    /// The field contains a text, begins with it or the like, regardless of case.
    Text(Match, String),
    /// A multi-picklist contains the value.
    Has(Value),
}

impl Compare {
    /// Whether every value matches it: an empty list of exceptions, or an empty text.
    fn says_nothing(&self) -> bool {
        match self {
            Self::NotIn(values) => values.is_empty(),
            Self::Text(Match::Like, text) => text.chars().all(|c| c == '%'),
            Self::Text(_, text) => text.is_empty(),
            _ => false,
        }
    }

    /// Whether it depends on the order of values.
    fn orders(&self) -> bool {
        matches!(self, Self::Gt(_) | Self::Gte(_) | Self::Lt(_) | Self::Lte(_) | Self::Between(..))
    }
}

impl Filter {
    /// Joins conditions with AND; a single condition stays as it is.
    pub fn all(mut conditions: Vec<Self>) -> Self {
        match conditions.len() {
            1 => conditions.swap_remove(0),
            _ => Self::And(conditions),
        }
    }

    /// Whether it contains no comparison, only empty `And`s and an `every` of these, so
    /// that all records match it.
    pub fn says_nothing(&self) -> bool {
        match self {
            Self::And(all) => all.iter().all(Self::says_nothing),
            Self::Many(_, Quantifier::Every, inner) => inner.says_nothing(),
            _ => false,
        }
    }

    /// Whether it contains a condition without effect: one whose variable has no value, an empty list of
    /// exceptions, or an empty text. An empty input box of a page leads to such conditions. `some: {}` and
    /// `none: {}` count as well: they may be meant or be the rest of a condition, and nobody can tell.
    pub fn holds_nothing(&self) -> bool {
        self.empties(false)
    }

    /// The same under a negation: there an empty list of wanted values matches everything.
    fn empties(&self, negated: bool) -> bool {
        match self {
            Self::And(all) => all.is_empty() || all.iter().any(|inner| inner.empties(negated)),
            Self::Or(all) => {
                negated && all.is_empty() || all.iter().any(|inner| inner.empties(negated))
            }
            Self::Not(inner) => inner.empties(!negated),
            Self::One(_, inner) | Self::Many(_, Quantifier::Some, inner) => inner.empties(negated),
            Self::Many(_, _, inner) => inner.empties(false) || inner.empties(true),
            // The count of all related records is a condition, too; it needs no filter on them.
            Self::Aggregate(_, inner, having) => {
                having.holds_nothing() || **inner != Self::And(Vec::new()) && inner.empties(false)
            }
            Self::Field(_, Compare::In(values)) => negated && values.is_empty(),
            Self::Field(_, compare) => !negated && compare.says_nothing(),
            Self::Search(_) | Self::Mine(_) | Self::Unset(..) => false,
        }
    }

    /// Whether it was meant to exclude records. A condition without effect was not. Nor was an empty list of
    /// exceptions or an empty text, because an empty variable of a page leads to these.
    pub fn narrows(&self) -> bool {
        match self {
            Self::And(all) => all.iter().any(Self::narrows),
            Self::Or(all) => all.iter().all(Self::narrows),
            Self::Many(_, Quantifier::Every, inner) => inner.narrows(),
            Self::Field(_, compare) => !compare.says_nothing(),
            _ => true,
        }
    }
}

/// Below a relation: the caller sees no related record.
pub(super) fn absent() -> Filter {
    Filter::Field(FieldIx::ID, Compare::IsNull(true))
}

impl Filter {
    /// Below a relation: the result of the filter where no related record exists. A comparison
    /// is then neither true nor false (`None`), and so is its negation. Only the test whether
    /// the id is null has a result.
    fn of_none(&self) -> Option<bool> {
        match self {
            Self::Field(FieldIx::ID, Compare::IsNull(null)) => Some(*null),
            Self::Not(inner) => inner.of_none().map(|holds| !holds),
            Self::And(all) => decided(all, false),
            Self::Or(all) => decided(all, true),
            _ => None,
        }
    }
}

/// Combines the results of several filters, where one result `by` decides.
fn decided(all: &[Filter], by: bool) -> Option<bool> {
    let each: Vec<_> = all.iter().map(Filter::of_none).collect();
    match each.contains(&Some(by)) {
        true => Some(by),
        false if each.contains(&None) => None,
        false => Some(!by),
    }
}

impl Compiler<'_> {
    /// The SQL of a filter on the record at `alias`.
    pub(super) fn filter(
        &mut self,
        object: ObjectIx,
        alias: &str,
        filter: &Filter,
    ) -> Result<Expr> {
        match filter {
            Filter::And(all) => self.joined(object, alias, all, true),
            Filter::Or(all) => self.joined(object, alias, all, false),
            Filter::Not(inner) => {
                let above = std::mem::replace(&mut self.negated, true);
                let inner = self.filter(object, alias, inner);
                self.negated = above;
                Ok(inner?.not())
            }
            Filter::Field(ix, compare) => {
                let column = match self.newest.as_ref().and_then(|page| page.column(alias, *ix)) {
                    Some(column) => column,
                    None => self.read(object, alias, *ix)?,
                };
                self.told_apart(object, alias, *ix, column, compare)
            }
            Filter::One(field, inner) => self.one(object, alias, *field, inner),
            Filter::Unset(field, unset) => self.unset(object, alias, *field, *unset),
            Filter::Many(field, quantifier, inner) => {
                self.many(object, alias, *field, *quantifier, inner)
            }
            Filter::Search(words) => self.search(object, alias, words),
            Filter::Aggregate(field, narrowed, having) => {
                self.measured_many(object, alias, *field, narrowed, having)
            }
            Filter::Mine(own) => self.is_own(object, alias, own),
        }
    }

    fn joined(&mut self, object: ObjectIx, alias: &str, all: &[Filter], and: bool) -> Result<Expr> {
        let each = all.iter().map(|inner| self.filter(object, alias, inner));
        let each = each.collect::<Result<Vec<_>>>()?;
        let joined = if and { all_of(each) } else { any_of(each) };
        Ok(joined.unwrap_or_else(|| constant(and)))
    }

    /// `EXISTS (SELECT 1 FROM target t1 WHERE t1.id = t0.owner_id AND …)`: a visible related record exists
    /// and matches. If the caller sees all records, a filter on the id alone compares the reference itself.
    /// Under `NOT` it is written as `t0.owner_id IS NOT NULL AND t0.owner_id = $1`, which is always true or
    /// false. If the filter asks for a null id, it asks for records without a visible related record.
    /// Wherever the test occurs in the filter, such a record matches if the filter holds for it:
    /// `NOT EXISTS (…) OR EXISTS (…)`.
    fn one(&mut self, object: ObjectIx, alias: &str, ix: FieldIx, inner: &Filter) -> Result<Expr> {
        let none = absent();
        if *inner != none && inner.of_none() == Some(true) {
            let there = self.there(object, alias, ix, inner)?;
            return Ok(self.there(object, alias, ix, &none)?.or(there));
        }
        self.there(object, alias, ix, inner)
    }

    /// A related record exists and matches, or none exists if the filter asks only for that.
    pub(super) fn there(
        &mut self,
        object: ObjectIx,
        alias: &str,
        ix: FieldIx,
        inner: &Filter,
    ) -> Result<Expr> {
        if let Filter::And(all) | Filter::Or(all) = inner
            && let [only] = all.as_slice()
        {
            return self.there(object, alias, ix, only);
        }
        let field = self.catalog.object(object).field(ix);
        let reference = self.column(alias, field)?;
        let target = field.target().ok_or_else(|| Error::internal("not a relation"))?;
        if let Filter::Field(FieldIx::ID, compare) = inner
            && self.unrestricted(target)
        {
            let there = reference.clone().is_not_null();
            let all = *compare == Compare::NotIn(Vec::new());
            let fits = self.compare(reference, &field.ty, compare)?;
            let certain = all || matches!(compare, Compare::IsNull(_));
            return Ok(match (all, certain || !self.negated) {
                (true, _) => there,
                (false, true) => fits,
                (false, false) => there.and(fits),
            });
        }
        let next = self.alias();
        let mut select = self.from(target, &next)?;
        select.and_where(Expr::col((Alias::new(&next), Alias::new("id"))).eq(reference));
        if *inner == absent() {
            return Ok(Expr::exists(select).not());
        }
        let inner = self.filter(target, &next, inner)?;
        select.and_where(inner);
        Ok(Expr::exists(select))
    }

    /// `some`: EXISTS (…); `none`: NOT EXISTS (…); `every`: NOT EXISTS (… that does not match).
    fn many(
        &mut self,
        object: ObjectIx,
        alias: &str,
        field: FieldIx,
        quantifier: Quantifier,
        inner: &Filter,
    ) -> Result<Expr> {
        let next = self.alias();
        let (mut select, target) = self.related(object, alias, field, &next)?;
        let fits = self.filter(target, &next, inner)?;
        select.and_where(match quantifier {
            Quantifier::Some | Quantifier::None => fits,
            // For `every`, a record whose condition is neither true nor false does not match.
            Quantifier::Every => {
                let misfit: Expr = CaseStatement::new().case(fits, 0).finally(1).into();
                misfit.eq(1)
            }
        });
        Ok(match quantifier {
            Quantifier::Some => Expr::exists(select),
            Quantifier::None | Quantifier::Every => Expr::exists(select).not(),
        })
    }

    /// `SELECT 1 FROM target` under the rule of the object, at an alias.
    pub(super) fn from(&self, target: ObjectIx, alias: &str) -> Result<SelectStatement> {
        let mut select = self.unguarded(target, alias);
        self.restrict(target, alias, &mut select)?;
        Ok(select)
    }

    /// The same without the rule, for lines of a record that the caller may read.
    fn unguarded(&self, target: ObjectIx, alias: &str) -> SelectStatement {
        let mut select = Query::select();
        select.expr(Expr::val(1));
        self.put_from(target, alias, &mut select);
        select
    }

    /// Selects the records that a to-many field of the record at `alias` leads to, at the alias `next`.
    pub(super) fn related(
        &self,
        object: ObjectIx,
        alias: &str,
        field: FieldIx,
        next: &str,
    ) -> Result<(SelectStatement, ObjectIx)> {
        let own = (object, field);
        let field = self.catalog.object(object).field(field);
        let target = field.target().ok_or_else(|| Error::internal("not a relation"))?;
        let own_id = Expr::col((Alias::new(alias), Alias::new("id")));
        let mut select = match &field.ty {
            FieldType::Lines(_) => self.unguarded(target, next),
            // Lines are read through their document. Their own rule was not applied, so
            // `below` cannot build on it.
            FieldType::Inverse(inverse)
                if self.catalog.object(object).parent.is_none() && self.plan.past.is_none() =>
            {
                let above = GuardedParent {
                    object,
                    alias,
                    rule: self.rule(object),
                    below: next,
                    via: inverse.via,
                };
                let mut select = self.unguarded(target, next);
                let guard = self.guard().below(above);
                guard.restrict(target, next, self.rule(target), &mut select)?;
                select
            }
            _ => self.from(target, next)?,
        };
        let via = match &field.ty {
            FieldType::Lines(lines) => lines.via,
            FieldType::Inverse(inverse) => inverse.via,
            FieldType::ManyToMany(junction) => {
                let link = format!("{next}j");
                self.put_members(own, junction, &link, next, &mut select);
                select.and_where(
                    Expr::col((Alias::new(&link), Alias::new(Junction::OWNER))).eq(own_id),
                );
                return Ok((select, target));
            }
            _ => return Err(Error::internal("a to-many filter on a field that is not to-many")),
        };
        let reference = self.column(next, self.catalog.object(target).field(via))?;
        select.and_where(reference.eq(own_id));
        Ok((select, target))
    }

    /// The SQL of a comparison of a field. Texts of keys are equal if their key forms are equal.
    pub(super) fn told_apart(
        &self,
        object: ObjectIx,
        alias: &str,
        ix: FieldIx,
        column: Expr,
        compare: &Compare,
    ) -> Result<Expr> {
        let object = self.catalog.object(object);
        let ty = &object.field(ix).ty;
        let apart = match compare {
            Compare::In(values) | Compare::NotIn(values) => !values.is_empty(),
            Compare::Eq(_) | Compare::Ne(_) => true,
            _ => false,
        };
        let known = object.field(ix).column.as_deref();
        let Some(text) = known.filter(|_| apart && is_keyed(object, ix)) else {
            return self.compare(column, ty, compare);
        };
        let key = key_at(self.dialect, alias, text, self.plan.past.is_some());
        let bound = |value: &Value| encode(self.dialect, ty, &keyed(value));
        self.compare_as(key, compare, &bound)
    }

    /// The SQL of a comparison of a value of a type.
    pub(super) fn compare(&self, column: Expr, ty: &FieldType, compare: &Compare) -> Result<Expr> {
        if let (FieldType::AutoNumber(format), true) = (ty, compare.orders()) {
            let column = numbered::in_order(self.dialect, &column, format);
            let bound = |value: &Value| encode(self.dialect, ty, &numbered::placed(value, format));
            return self.compare_as(column, compare, &bound);
        }
        self.compare_as(column, compare, &|value| encode(self.dialect, ty, value))
    }

    /// The SQL of a comparison whose values are encoded by `bound`.
    pub(super) fn compare_as(
        &self,
        column: Expr,
        compare: &Compare,
        bound: &dyn Fn(&Value) -> Result<SqlValue>,
    ) -> Result<Expr> {
        let bind = |value: &Value| bound(value).map(Expr::val);
        let listed = |column: Expr, values: &[Value], not: bool| {
            let all = values.iter().map(bound).collect::<Result<Vec<_>>>()?;
            Ok::<_, Error>(match (among(self.dialect, column.clone(), &all, not), not) {
                (Some(among), _) => among,
                (None, false) => column.is_in(all),
                (None, true) => column.is_not_in(all),
            })
        };
        Ok(match compare {
            Compare::Eq(value) => column.eq(bind(value)?),
            Compare::Ne(value) => column.ne(bind(value)?),
            Compare::Gt(value) => column.gt(bind(value)?),
            Compare::Gte(value) => column.gte(bind(value)?),
            Compare::Lt(value) => column.lt(bind(value)?),
            Compare::Lte(value) => column.lte(bind(value)?),
            Compare::Between(low, high) => {
                column.clone().gte(bind(low)?).and(column.lte(bind(high)?))
            }
            Compare::In(values) if values.is_empty() => constant(false),
            Compare::NotIn(values) if values.is_empty() => constant(true),
            Compare::In(values) => listed(column, values, false)?,
            Compare::NotIn(values) => listed(column, values, true)?,
            Compare::IsNull(true) => column.is_null(),
            Compare::IsNull(false) => column.is_not_null(),
            Compare::Known(true) => column.clone().eq(column),
            Compare::Known(false) => column.clone().ne(column),
            Compare::Text(how, text) => text_match(self.dialect, column, *how, text),
            Compare::Has(value) => {
                // Stored as canonical JSON of ASCII names, so a match of the quoted name is exact.
                contains(
                    self.dialect,
                    column,
                    &format!("\"{}\"", value.as_text().unwrap_or_default()),
                )
            }
        })
    }
}

pub(super) fn constant(truth: bool) -> Expr {
    Expr::Constant(1.into()).eq(Expr::Constant(i32::from(truth).into()))
}

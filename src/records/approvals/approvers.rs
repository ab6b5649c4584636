//! Who decides on a step: the people whom its sources name, who may sign in and approve such records.

use std::sync::Arc;

use async_trait::async_trait;
use indexmap::IndexSet;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::rows::{ApprovalPlan, ApprovalRow};
use crate::{
    access::{Access, Action},
    base::{Error, Result, Value},
    catalog::{ApproverSource, Catalog, FieldIx, IfNone, Object, OwnDecision, PlannedStep},
    records::{
        Session,
        authorize::{self, no_such},
        draft::StoredRecord,
        faults,
        states::first_id,
    },
    sql::encode_as,
    storage::Tx,
};

/// Most managers on the way up.
const WAY: usize = 20;

/// Which people are meant.
#[derive(Debug, Clone, Copy)]
pub enum Sought<'s> {
    /// Those with a role.
    Role(&'s str),
    /// These employees.
    Employees(&'s [Uuid]),
}

/// An employee who may sign in, with what they may do now.
#[derive(Clone)]
pub struct StaffMember {
    /// The employee.
    pub employee: Uuid,
    /// Their access.
    pub access: Arc<Access>,
}

/// Who people are and what they may do: known to rooms above.
#[async_trait]
pub trait StaffLookup: Send + Sync {
    /// People who may sign in.
    async fn people(&self, catalog: &Arc<Catalog>, sought: Sought<'_>) -> Result<Vec<StaffMember>>;
}

/// What approvers are looked for.
pub(super) struct ApproverSearch<'s> {
    pub(super) session: &'s Session,
    pub(super) tx: &'s Tx,
    pub(super) object: &'s Object,
    pub(super) record: &'s StoredRecord,
    pub(super) approval: &'s ApprovalRow,
}

impl ApproverSearch<'_> {
    /// Who decides on a step: employees, or `None` for any administrator. Empty: nobody has to.
    pub(super) async fn approvers(&self, step: &PlannedStep) -> Result<Vec<Option<Uuid>>> {
        let mut found: IndexSet<Uuid> = IndexSet::new();
        for source in &step.by {
            found.extend(self.of_source(source).await?);
        }
        let submitter = self.approval.employee;
        let ApprovalPlan { oneself, .. } = self.approval.plan;
        let own = submitter.is_some_and(|own| found.contains(&own));
        if own && oneself != OwnDecision::Allow {
            found.retain(|who| Some(*who) != submitter);
            if oneself == OwnDecision::Next {
                found.extend(self.manager(submitter, &[]).await?);
            }
        }
        if !found.is_empty() {
            return Ok(found.into_iter().map(Some).collect());
        }
        Ok(match step.if_none {
            IfNone::Skip => Vec::new(),
            IfNone::Administrators => vec![None],
            IfNone::Manager => vec![self.manager(submitter, &[]).await?],
        })
    }

    async fn of_source(&self, source: &ApproverSource) -> Result<Vec<Uuid>> {
        match source {
            ApproverSource::Role { role, reach } => {
                let held = self.people(Sought::Role(role)).await?;
                let mut found = Vec::new();
                for member in held {
                    if !reach || self.reaches(&member.access).await? {
                        found.push(member.employee);
                    }
                }
                Ok(found)
            }
            ApproverSource::Path(path) => {
                let end = self.at_end(path).await?;
                self.among_staff(end).await
            }
            ApproverSource::Manager => {
                Ok(self.manager(self.approval.employee, &[]).await?.into_iter().collect())
            }
        }
    }

    /// People who may read and approve such records at all.
    async fn people(&self, sought: Sought<'_>) -> Result<Vec<StaffMember>> {
        let staff = self.session.staff()?;
        let mut people = staff.people(&self.session.catalog, sought).await?;
        people.retain(|member| {
            let may = |action| member.access.may(self.object, action);
            may(Action::Read) && may(Action::Approve)
        });
        people.sort_by_key(|member| member.employee);
        Ok(people)
    }

    /// Whether the record is within somebody's own rights.
    async fn reaches(&self, access: &Access) -> Result<bool> {
        let rule = |action| access.row_rule(self.object, action);
        let both = rule(Action::Read).both(rule(Action::Approve));
        match authorize::by_values(&both, &self.record.values) {
            Some(open) => Ok(open),
            None => {
                authorize::meets_now(self.session, self.tx, self.object, self.record.id, &both)
                    .await
            }
        }
    }

    /// Whether an employee can decide on the record as it is, with whom it has as employees.
    pub(super) async fn can_decide(&self, employee: Uuid) -> Result<bool> {
        for member in self.people(Sought::Employees(&[employee])).await? {
            if self.reaches(&member.access).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An employee, if they may approve.
    async fn among_staff(&self, employee: Option<Uuid>) -> Result<Vec<Uuid>> {
        let Some(employee) = employee else { return Ok(Vec::new()) };
        let found = self.people(Sought::Employees(&[employee])).await?;
        Ok(found.into_iter().take(1).map(|member| member.employee).collect())
    }

    /// The employee at the end of a path over relations of the record. A path that is no more leads to nobody.
    async fn at_end(&self, path: &[String]) -> Result<Option<Uuid>> {
        let mut at = self.object;
        let mut id = None;
        for (step, name) in path.iter().enumerate() {
            let Some((ix, field)) = at.named(name) else { return Ok(None) };
            let Some(target) = field.relation().map(|relation| relation.target) else {
                return Ok(None);
            };
            id = match (step, id) {
                (0, _) => self.record.values.get(&ix).and_then(Value::as_id),
                (_, Some(id)) => self.led(at, ix, id).await?,
                (_, None) => None,
            };
            if id.is_none() {
                return Ok(None);
            }
            at = self.session.catalog.object(target);
        }
        Ok(id)
    }

    /// `SELECT manager_id FROM employee WHERE id = $1`
    async fn led(&self, object: &Object, field: FieldIx, id: Uuid) -> Result<Option<Uuid>> {
        let column = object.field(field).column.as_deref();
        let column = column.ok_or_else(|| Error::internal("a relation without a column"))?;
        let select = Query::select()
            .column(Alias::new(column))
            .from(Alias::new(&object.table))
            .and_where(
                Expr::col(Alias::new("id")).eq(encode_as(self.tx.dialect(), &Value::Id(id))?),
            )
            .to_owned();
        first_id(self.tx, &select).await
    }

    /// The first above an employee who may approve, and is neither the submitter nor one of those who were asked.
    pub(super) async fn manager(
        &self,
        employee: Option<Uuid>,
        asked: &[Uuid],
    ) -> Result<Option<Uuid>> {
        let catalog = &self.session.catalog;
        let Some(object) = catalog.named("Employee") else { return Ok(None) };
        let Some((manager, _)) = object.named("manager") else { return Ok(None) };
        let mut at = employee;
        for _ in 0..WAY {
            let Some(below) = at else { return Ok(None) };
            at = self.led(object, manager, below).await?;
            if at != self.approval.employee
                && at.is_none_or(|who| !asked.contains(&who))
                && let [found] = self.among_staff(at).await?.as_slice()
            {
                return Ok(Some(*found));
            }
        }
        Ok(None)
    }

    /// Whether somebody may be given a task; the fault if not. Whom the caller does not see is as if absent.
    pub(super) async fn may_get(&self, employee: Uuid) -> Result<Option<Error>> {
        let catalog = &self.session.catalog;
        let Some(object) = catalog.named("Employee") else { return Ok(None) };
        let rule = self.session.access.row_rule(object, Action::Read);
        if !authorize::meets_now(self.session, self.tx, object, employee, rule).await? {
            return Ok(Some(no_such(object).at(["to"])));
        }
        let oneself = self.approval.employee == Some(employee)
            && self.approval.plan.oneself != OwnDecision::Allow;
        if oneself || self.among_staff(Some(employee)).await?.is_empty() {
            let fault = faults::cannot_approve(self.object.noun());
            return Ok(Some(fault.at(["to"])));
        }
        Ok(None)
    }
}

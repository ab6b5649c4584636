//! The related employees and members of dropped records, and what of them the record that is kept lacks. It reads
//! them; that the kept record gets them is a change like another.

use std::collections::HashSet;

use uuid::Uuid;

use crate::{
    base::{Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object},
    records::{
        Input, LineChange, MemberChange, Session,
        employees::{OWNER, RULE},
        members,
        store::{self, Values},
    },
    storage::Tx,
};

/// What the dropped records have that the kept one gets.
#[derive(Default)]
pub(super) struct Theirs {
    rows: Vec<Values>,
    members: Vec<(FieldIx, Vec<Uuid>)>,
}

impl Theirs {
    /// The related employees and members of the dropped records.
    pub(super) async fn load(
        session: &Session,
        tx: &Tx,
        object: &Object,
        dropped: &[Uuid],
    ) -> Result<Self> {
        let mut theirs = Self::default();
        for (ix, field) in object.each_field() {
            match &field.ty {
                FieldType::Lines(of) if object.responsible && field.name == EMPLOYEES => {
                    let line = session.catalog.object(of.target);
                    theirs.rows = store::load(tx, line, of.via, dropped).await?;
                }
                FieldType::ManyToMany(junction) => {
                    let found = members::load(tx, junction, dropped).await?;
                    let found = found.into_iter().map(|(_, member)| member);
                    theirs.members.push((ix, found.collect()));
                }
                _ => {}
            }
        }
        Ok(theirs)
    }

    /// What of these the kept record lacks. Nobody becomes an employee of a record, or gets more by being one, by merging
    /// records into it: rows of the caller and of those they stand in for are left out.
    pub(super) async fn lacking(
        self,
        session: &Session,
        tx: &Tx,
        object: &Object,
        keep: Uuid,
        dropped: &[Uuid],
    ) -> Result<Input> {
        let mut united = Input::default();
        if let Some((ix, field)) = object.named(EMPLOYEES).filter(|_| object.responsible)
            && let FieldType::Lines(of) = field.ty
        {
            let line = session.catalog.object(of.target);
            // Rows of rules follow from the record that is kept.
            let by_rule = |row: &Values| {
                let source = line.staff.source.and_then(|ix| row.get(&ix)?.as_text());
                source == Some(RULE)
            };
            let mut own = store::load(tx, line, of.via, &[keep]).await?;
            own.retain(|row| !by_rule(row));
            let mut change = LineChange::default();
            for row in self.rows.into_iter().filter(|row| !by_rule(row)) {
                let covered = own.iter().any(|known| covers(line, known, &row));
                if !covered && !of_oneself(session, line, &row) {
                    change.create.push(row_of(line, &row));
                    own.push(row);
                }
            }
            if !change.create.is_empty() {
                united.lines.push((ix, change));
            }
        }
        for (ix, members) in self.members {
            let FieldType::ManyToMany(junction) = &object.field(ix).ty else { continue };
            let own = members::load(tx, junction, &[keep]).await?;
            let own: HashSet<_> = own.into_iter().map(|(_, member)| member).collect();
            let itself =
                |id: &Uuid| junction.target == object.ix && (dropped.contains(id) || *id == keep);
            let mut add = members;
            add.retain(|id| !own.contains(id) && !itself(id));
            add.sort_unstable();
            add.dedup();
            if !add.is_empty() {
                united.members.push((ix, MemberChange { add, ..MemberChange::default() }));
            }
        }
        Ok(united)
    }
}

/// Whether a row is of the caller, or of somebody for whom they stand in.
fn of_oneself(session: &Session, line: &Object, row: &Values) -> bool {
    let access = &session.access;
    let who = line.staff.employee.and_then(|ix| row.get(&ix)?.as_id());
    !access.may_everything()
        && who.is_some_and(|who| access.viewer() == Some(who) || access.stands_for().contains(&who))
}

/// Whether one row of a related employee gives all that another gives.
fn covers(line: &Object, known: &Values, row: &Values) -> bool {
    let of = |row: &Values, field: Option<FieldIx>| -> Value {
        field.and_then(|ix| row.get(&ix)).cloned().unwrap_or(Value::Null)
    };
    let staff = line.staff;
    let yes = Value::Bool(true);
    let lasts = match (of(known, staff.until), of(row, staff.until)) {
        (Value::Null, _) => true,
        (Value::DateTime(known), Value::DateTime(other)) => known >= other,
        _ => false,
    };
    of(known, staff.employee) == of(row, staff.employee)
        && (of(known, staff.responsible) == yes || of(row, staff.responsible) != yes)
        && lasts
}

/// A new row for a related employee of a dropped record. Who owned that is related to the kept one.
fn row_of(line: &Object, row: &Values) -> Input {
    let mut input = Input::default();
    let staff = line.staff;
    let fields = [staff.employee, staff.responsible, staff.since, staff.until, staff.source];
    for ix in fields.into_iter().flatten() {
        let value = row.get(&ix).cloned().unwrap_or(Value::Null);
        let value = match value.as_text() {
            Some(OWNER) if staff.source == Some(ix) => Value::Text("MANUAL".to_owned()),
            _ => value,
        };
        input.values.push((ix, value));
    }
    input
}

/// The ids of the related employees' lines of a record, with their values.
pub(super) async fn employees(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
) -> Result<Vec<(Uuid, Values)>> {
    let known = object.named(EMPLOYEES).filter(|_| object.responsible);
    let Some(FieldType::Lines(of)) = known.map(|(_, field)| &field.ty) else {
        return Ok(Vec::new());
    };
    let line = session.catalog.object(of.target);
    let rows = store::load(tx, line, of.via, &[id]).await?;
    let id = |row: &Values| row.get(&FieldIx::ID).and_then(Value::as_id);
    Ok(rows.into_iter().filter_map(|row| Some((id(&row)?, row))).collect())
}

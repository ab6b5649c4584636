//! Confirming an employee at `/metadata`: creates their operator, without rights.

use async_graphql::{Context, ID, Object, Result};
use serde_json::json;
use uuid::Uuid;

use super::{
    administrator_check::administers,
    argument_lookup::id,
    audit::along,
    crm_systems::CrmSystem,
    faults,
    holders::{AccountInfo, account},
};
use crate::{
    base::{Error, Value},
    catalog::{FieldIx, Object as Known},
    graphql::reply::stored,
    identity::form,
    query::{Find, Item, Part, Selection, What},
    records::{Change, Input, Op, Saved, Session, find_rows, save},
    storage::audit::{self, AuditKind},
};

#[derive(Default)]
pub(super) struct OperatorMutation;

#[Object]
impl OperatorMutation {
    /// Confirms an employee as an operator: makes the account's record, which may enter the systems given and
    /// holds no role, so that nothing is open yet. The account signs in once it has a password: its owner sets
    /// one by the link of `createSignInLink`.
    async fn confirm_employee(
        &self,
        ctx: &Context<'_>,
        employee: ID,
        account: String,
        #[graphql(default)] systems: Vec<CrmSystem>,
    ) -> Result<AccountInfo> {
        let (company, session) = administers(ctx)?;
        let systems: Vec<_> = systems.into_iter().map(|system| system.name().to_owned()).collect();
        let made = async {
            let account = form(&account)?;
            audit::tell("account", json!(account));
            let operator = confirm(session, &employee, &account, &systems).await?;
            self::account(company, operator).await.map_err(stored)
        };
        let detail = json!({ "confirmEmployee": employee, "systems": systems });
        Box::pin(along(ctx, AuditKind::Rights, None, detail, made)).await
    }
}

async fn confirm(
    session: &Session,
    employee: &ID,
    account: &str,
    systems: &[String],
) -> crate::base::Result<Uuid> {
    let employee = id(employee).map_err(|error| error.at(["employee"]))?;
    let session = &session.as_system("making an operator of an employee");
    let object = |name: &str| {
        let known = session.catalog.named(name);
        known.ok_or_else(|| Error::internal(format!("there is no `{name}`")))
    };
    let name = name_of(session, object("Employee")?, employee).await?;
    let name = name.ok_or_else(|| faults::no_employee().at(["employee"]))?;
    let operator = object("Operator")?;
    let known = operator.named("allowedSystems").and_then(|(_, field)| field.ty.picklist());
    let known = known.map(|list| session.catalog.picklist(list).values.as_slice());
    let known: Vec<_> = known.into_iter().flatten().map(|value| value.name.as_str()).collect();
    if let Some(at) = systems.iter().position(|system| !known.contains(&system.as_str())) {
        let fault = faults::unknown_system(known.join(", "));
        return Err(fault.at(["systems".to_owned(), at.to_string()]));
    }
    let systems = systems.iter().cloned().map(Value::Text).collect();
    let given = [
        ("account", Value::Text(account.to_owned())),
        ("name", Value::Text(name)),
        ("employee", Value::Id(employee)),
        ("allowedSystems", Value::List(systems)),
    ];
    let mut input = Input::default();
    for (name, value) in given {
        input.values.extend(operator.named(name).map(|(ix, _)| (ix, value)));
    }
    let change = Change { object: operator.ix, op: Op::Create(input) };
    match save(session, &change).await? {
        Saved::Done(id) => Ok(id),
        Saved::Refused(faults) => {
            Err(faults.into_iter().next().unwrap_or_else(|| Error::internal("refused")))
        }
    }
}

async fn name_of(
    session: &Session,
    object: &Known,
    id: Uuid,
) -> crate::base::Result<Option<String>> {
    let Some((name, _)) = object.named("name") else { return Ok(None) };
    let selection = Selection(vec![Part { key: "name".to_owned(), what: Item::Field(name) }]);
    let key = vec![(FieldIx::ID, Value::Id(id))];
    let find_it = Find { object: object.ix, what: What::One { key, selection } };
    let found = find_rows(session, find_it).await?;
    Ok(found.rows.first().and_then(|row| row.text("name")).map(str::to_owned))
}

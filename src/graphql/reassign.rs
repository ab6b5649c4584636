//! The root field that hands records to another owner: arguments to a wish, the wish's outcome to a payload.

use async_graphql::{Value as Given, parser::types::Field as Asked};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    args::id,
    records::Run,
    schema::{reassigning, reassignment},
    select::{unknown, weight},
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, Object},
    query::{Compare, ConnectionPart, Filter, Find, Listing, Page, Part, What, render::quoted},
    records::{Reassign, SavedAll, reassign},
};

/// Most records handed over at once.
const MOST: u32 = 1_000;

impl<'r> Run<'r> {
    pub(super) async fn reassign(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<String> {
        let name = field.name.node.as_str();
        let catalog = &self.session.catalog;
        let named = |object: &&Object| {
            object.plural.as_deref().is_some_and(|plural| reassigning(plural) == name)
        };
        let object = catalog.objects.iter().find(named).ok_or_else(|| unknown("Mutation", name))?;
        let ty = reassignment(object);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let asked = self.reader.collect(&sets, &ty);
        let saved = match self.reassign_wish(object, field) {
            Ok(wish) => {
                // What would be too much to answer is refused before anything is written.
                for fields in asked.values().filter(|fields| named_nodes(fields)) {
                    let each = weight(&self.reader.record(object, fields)?);
                    self.bounded(each.saturating_mul(u64::from(wish.at_most)))?;
                }
                reassign(self.session, &wish).await?
            }
            // A value that does not fit is the user's to correct.
            Err(error) => SavedAll::Refused(vec![Error { code: Code::RecordValue, ..error }]),
        };
        let mut out = String::from("{");
        for (key, fields) in asked {
            let Some(first) = fields.first() else { continue };
            if out.len() > 1 {
                out.push(',');
            }
            quoted(&key, &mut out);
            out.push(':');
            match (first.name.node.as_str(), &saved) {
                ("__typename", _) => quoted(&ty, &mut out),
                ("count", SavedAll::Done(ids)) => out.push_str(&ids.len().to_string()),
                ("count", SavedAll::Refused(_)) => out.push('0'),
                ("nodes", SavedAll::Done(ids)) => {
                    out.push_str(&self.listed(object, ids, &fields).await?);
                }
                (_, SavedAll::Refused(faults)) if first.name.node == "userErrors" => {
                    let listed = faults.iter().map(|fault| self.user_error(fault, &fields));
                    out.push_str(&Json::Array(listed.collect()).to_string());
                }
                _ => out.push_str("[]"),
            }
        }
        out.push('}');
        Ok(out)
    }

    fn reassign_wish(&self, object: &Object, field: &Asked) -> Result<Reassign> {
        let given = self.reader.arguments(field);
        let argument = |name: &str| given.get(name).unwrap_or(&Given::Null);
        let filter = self.reader.args.filter(object.ix, argument("filter"));
        let at_most = match argument("atMost") {
            Given::Number(number) => number.as_u64().and_then(|most| u32::try_from(most).ok()),
            _ => None,
        };
        let fits = |most: &u32| (1..=MOST).contains(most);
        let at_most = at_most.filter(fits).ok_or_else(|| {
            Error::new(
                Code::RecordValue,
                format!("give a number from 1 to {MOST}"),
                format!("请填写 1 到 {MOST} 之间的数"),
            )
            .at(["atMost"])
        })?;
        Ok(Reassign {
            object: object.ix,
            filter: filter.map_err(|error| error.within("filter"))?,
            to: id(argument("to")).map_err(|error| error.within("to"))?,
            keep_former: *argument("keepFormer") == Given::Boolean(true),
            at_most,
            trial: *argument("dryRun") == Given::Boolean(true),
        })
    }

    /// Records by their ids, as far as the caller may read them.
    async fn listed(&self, object: &Object, ids: &[Uuid], fields: &[&'r Asked]) -> Result<String> {
        let selection = self.reader.record(object, fields)?;
        let size = u32::try_from(ids.len()).map_err(Error::internal)?;
        let ids = ids.iter().copied().map(Value::Id).collect();
        let listing = Listing {
            filter: Some(Filter::Field(FieldIx(0), Compare::In(ids))),
            page: Page { size: size.max(1), ..Page::default() },
            parts: vec![Part { key: "n".to_owned(), what: ConnectionPart::Nodes(selection) }],
            ..Listing::default()
        };
        let found = self.found(Find { object: object.ix, what: What::List(listing) }).await?;
        let nodes = found.strip_prefix("{\"n\":").and_then(|rest| rest.strip_suffix('}'));
        nodes.map(str::to_owned).ok_or_else(|| Error::internal("a list without nodes"))
    }
}

fn named_nodes(fields: &[&Asked]) -> bool {
    fields.first().is_some_and(|field| field.name.node == "nodes")
}

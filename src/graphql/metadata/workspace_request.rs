//! What requests on saved views and dashboards share: the caller, the names of owners, and the roles that exist.
//!
//! Must not know what is kept.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, Result, SimpleObject};
use uuid::Uuid;

use super::context::company;
use crate::{
    access::{ADMINISTRATOR, Principal, Visible},
    base::{Error, Value},
    catalog::FieldIx,
    company::Company,
    graphql::records::PublishedSchema,
    query::{Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What},
    records::{Session, find_rows},
    rights,
    workspace::{ViewAuthor, kept_object},
};

/// The owner of a view or a dashboard.
#[derive(SimpleObject, Clone)]
pub(super) struct ViewOwner {
    /// The operator.
    pub(super) id: ID,
    /// The name shown to people.
    pub(super) name: String,
}

/// What a request on views or dashboards is answered from.
#[derive(Clone, Copy)]
pub(super) struct WorkspaceRequest<'c> {
    pub(super) company: &'c Company,
    pub(super) session: &'c Session,
    pub(super) principal: &'c Principal,
    pub(super) published: &'c PublishedSchema,
}

impl<'c> WorkspaceRequest<'c> {
    pub(super) fn of(ctx: &Context<'c>) -> Result<Self> {
        Ok(Self {
            company: company(ctx)?,
            session: ctx.data::<Session>()?,
            principal: ctx.data::<Principal>()?,
            published: ctx.data::<Arc<PublishedSchema>>()?,
        })
    }

    pub(super) fn visible(self) -> Visible<'c> {
        Visible { catalog: &self.session.catalog, access: &self.session.access }
    }

    pub(super) fn author(self) -> ViewAuthor<'c> {
        ViewAuthor { visible: self.visible(), principal: self.principal }
    }

    /// The names of owners other than the caller, as far as the caller sees them as records.
    pub(super) async fn names(
        self,
        owners: impl Iterator<Item = Uuid>,
    ) -> crate::base::Result<HashMap<Uuid, String>> {
        let visible = self.visible();
        let Some(object) = kept_object(visible, "Operator") else { return Ok(HashMap::new()) };
        let name = visible.compared(object).find(|(_, field)| field.name == "name");
        let mut ids: Vec<_> = owners.filter(|owner| *owner != self.principal.operator).collect();
        ids.sort_unstable();
        ids.dedup();
        let Some((name, _)) = name.filter(|_| !ids.is_empty()) else { return Ok(HashMap::new()) };
        let part = |key: &str, what| Part { key: key.to_owned(), what };
        let selection =
            Selection(vec![part("id", Item::Field(FieldIx::ID)), part("name", Item::Field(name))]);
        let size = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let ids = Compare::In(ids.into_iter().map(Value::Id).collect());
        let listing = Listing {
            filter: Some(Filter::Field(FieldIx::ID, ids)),
            page: Page { size, ..Page::default() },
            parts: vec![Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(selection) }],
            ..Listing::default()
        };
        let find = Find { object: object.ix, what: What::List(listing) };
        let found = find_rows(self.session, find).await?;
        let named =
            |row: &crate::query::FoundRow| Some((row.id("id")?, row.text("name")?.to_owned()));
        Ok(found.rows.iter().filter_map(named).collect())
    }

    /// An owner as the caller may know them.
    pub(super) fn owner(self, owner: Uuid, names: &HashMap<Uuid, String>) -> Option<ViewOwner> {
        let name = match owner == self.principal.operator {
            true => &self.principal.name,
            false => names.get(&owner)?,
        };
        Some(ViewOwner { id: owner.to_string().into(), name: name.clone() })
    }

    /// Refuses codes of roles that there are not, for administrators: others name only their own.
    pub(super) async fn known_roles(
        self,
        codes: &[String],
        at: &[&str],
    ) -> crate::base::Result<Vec<Error>> {
        if !self.session.access.may_everything() || codes.is_empty() {
            return Ok(Vec::new());
        }
        let roles = self.company.rights.roles().await?;
        let is_known = |code: &String| {
            code == ADMINISTRATOR || roles.iter().any(|known| known.role.code == *code)
        };
        let path = |ix: usize| {
            let steps = at.iter().map(|&step| step.to_owned());
            steps.chain((at.len() > 1).then(|| ix.to_string())).collect::<Vec<_>>()
        };
        let each = codes.iter().enumerate().filter(|(_, code)| !is_known(code));
        Ok(each.map(|(ix, code)| rights::faults::no_role(code).at(path(ix))).collect())
    }
}

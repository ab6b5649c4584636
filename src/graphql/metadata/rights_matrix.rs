//! Rights of roles side by side at `/metadata`: role by object by action, and what two roles say differently.

use std::sync::Arc;

use async_graphql::{Context, Json, Object, Result, SimpleObject};
use serde_json::Value as Plain;
use strum::IntoEnumIterator;

use super::{
    administrator_check::administers,
    context::raised,
    faults,
    forms::RecordAction,
    reach_values::{DimensionLevel, DimensionValue, values},
    role_info::RoleCaps,
    scalars::Word,
};
use crate::{
    access::{
        ADMINISTRATOR, Action, FieldRight, Level, Mask, RightDifference, RightLevel, Role,
        RoleCapability, compare_roles,
    },
    base::Error,
    catalog::{Catalog, Object as Known, ObjectKind},
    company::Company,
    rights::{self, Rights},
};

/// What one role grants on one object.
#[derive(SimpleObject)]
struct MatrixRow {
    /// The role's code.
    role: String,
    object: String,
    /// Whether the role keeps to other lines of business, so that whoever holds it has nothing of the object.
    walled: bool,
    /// The business lines that the role keeps to; all where there is none.
    lines: Vec<String>,
    /// What the role opens beside records.
    may: Vec<Word<RoleCapability>>,
    /// The role's caps, where they count: for records that rights go by.
    caps: Option<RoleCaps>,
    /// One for each action.
    cells: Vec<MatrixCell>,
}

/// How much an action opens.
#[derive(SimpleObject)]
struct MatrixCell {
    action: RecordAction,
    level: Word<RightLevel>,
    /// The numbers of the grants in the role's text that it comes from, from 1.
    from: Vec<usize>,
}

/// What two roles say differently. Codes and labels do not count.
#[derive(SimpleObject)]
struct RoleComparison {
    grants: Vec<GrantDifference>,
    fields: Vec<FieldDifference>,
    dimensions: Vec<DimensionDifference>,
    /// `lines`, `customize`, `may`, `caps.print`, `caps.export`, `caps.read`.
    others: Vec<OtherDifference>,
}

/// An action that opens different records.
#[derive(SimpleObject)]
struct GrantDifference {
    object: String,
    action: RecordAction,
    a: Word<RightLevel>,
    b: Word<RightLevel>,
}

/// A field of which different things are said.
#[derive(SimpleObject)]
struct FieldDifference {
    object: String,
    field: String,
    a: Word<FieldRight>,
    b: Word<FieldRight>,
    mask_a: Option<Word<Mask>>,
    mask_b: Option<Word<Mask>>,
}

/// A dimension that is opened differently.
#[derive(SimpleObject)]
struct DimensionDifference {
    dimension: String,
    a: DimensionLevel,
    b: DimensionLevel,
    ticked_a: Vec<DimensionValue>,
    ticked_b: Vec<DimensionValue>,
}

/// Another setting that differs.
#[derive(SimpleObject)]
struct OtherDifference {
    name: String,
    a: Json<Plain>,
    b: Json<Plain>,
}

#[derive(Default)]
pub(super) struct RightsMatrixQuery;

#[Object]
impl RightsMatrixQuery {
    /// What roles grant, by role and object: all roles and all objects unless told. Lines of documents have no rights of
    /// their own.
    async fn rights_matrix(
        &self,
        ctx: &Context<'_>,
        roles: Option<Vec<String>>,
        objects: Option<Vec<String>>,
    ) -> Result<Vec<MatrixRow>> {
        let (company, session) = administers(ctx)?;
        let rows = async {
            let roles = chosen(company, roles.as_deref()).await?;
            let objects = listed(&session.catalog, objects.as_deref())?;
            let of = |role: &Arc<Role>| -> Vec<MatrixRow> {
                objects.iter().map(|object| row(role, object)).collect()
            };
            Ok(roles.iter().flat_map(of).collect())
        };
        rows.await.map_err(|error: Error| raised(ctx, &error))
    }

    /// What two roles say differently; without `b` what of a role differs from how it comes with the program.
    async fn compare_roles(
        &self,
        ctx: &Context<'_>,
        a: String,
        b: Option<String>,
    ) -> Result<RoleComparison> {
        let (company, _) = administers(ctx)?;
        let compared = async {
            let one = role(company, &a).await.map_err(|error| error.at(["a"]))?;
            let other = match &b {
                Some(b) => role(company, b).await.map_err(|error| error.at(["b"]))?,
                None => {
                    let standard = Rights::standard_role(&a)?;
                    Arc::new(standard.ok_or_else(|| faults::role_not_standard().at(["a"]))?)
                }
            };
            Ok(comparison(&one, &other))
        };
        compared.await.map_err(|error: Error| raised(ctx, &error))
    }
}

async fn role(company: &Company, code: &str) -> crate::base::Result<Arc<Role>> {
    let known = company.rights.role(code).await?.map(|known| known.role);
    known.ok_or_else(|| no_role(code))
}

fn no_role(code: &str) -> Error {
    match code == ADMINISTRATOR {
        true => rights::faults::fixed_role(code),
        false => rights::faults::no_role(code),
    }
}

/// The roles that are asked for, or all of them by code.
async fn chosen(
    company: &Company,
    codes: Option<&[String]>,
) -> crate::base::Result<Vec<Arc<Role>>> {
    let mut all: Vec<_> = company.rights.roles().await?.into_iter().map(|one| one.role).collect();
    all.sort_by(|one, other| one.code.cmp(&other.code));
    let Some(codes) = codes else { return Ok(all) };
    let of = |(at, code): (usize, &String)| {
        let known = all.iter().find(|role| role.code == *code).map(Arc::clone);
        known.ok_or_else(|| no_role(code).at(["roles".to_owned(), at.to_string()]))
    };
    once(codes).map(of).collect()
}

/// The objects that are asked for, or all that have rights.
fn listed<'c>(
    catalog: &'c Catalog,
    names: Option<&[String]>,
) -> crate::base::Result<Vec<&'c Known>> {
    let Some(names) = names else {
        let own = catalog.objects.iter().filter(|object| object.kind != ObjectKind::Line);
        return Ok(own.collect());
    };
    let of = |(at, name): (usize, &String)| {
        let path = ["objects".to_owned(), at.to_string()];
        let object = catalog.named(name);
        let object = object.ok_or_else(|| rights::faults::no_object(name).at(path.clone()))?;
        let head = catalog.head(object);
        match head.ix == object.ix {
            true => Ok(object),
            false => Err(rights::faults::line_has_no_rights(&object.name, &head.name).at(path)),
        }
    };
    once(names).map(of).collect()
}

/// Each of some names once, with its place.
fn once(names: &[String]) -> impl Iterator<Item = (usize, &String)> {
    names.iter().enumerate().filter(|(at, name)| !names.iter().take(*at).any(|one| one == *name))
}

fn row(role: &Role, object: &Known) -> MatrixRow {
    let cell = |action: Action| {
        let (level, from) = role.granted(&object.name, action);
        MatrixCell { action: RecordAction::of(action), level: Word(level), from }
    };
    MatrixRow {
        role: role.code.clone(),
        object: object.name.clone(),
        walled: !role.keeps_to(object.business_line.as_deref()),
        lines: role.lines.clone(),
        may: role.may.iter().copied().map(Word).collect(),
        caps: object.guarded().then(|| RoleCaps::of(role)),
        cells: Action::iter().map(cell).collect(),
    }
}

fn comparison(a: &Role, b: &Role) -> RoleComparison {
    let told = compare_roles(a, b);
    let grant = |found: RightDifference<RightLevel>| GrantDifference {
        action: RecordAction::of(found.part.parse().unwrap_or(Action::Read)),
        object: found.of,
        a: Word(found.a),
        b: Word(found.b),
    };
    let field = |found: RightDifference<(FieldRight, Option<Mask>)>| FieldDifference {
        object: found.of,
        field: found.part,
        a: Word(found.a.0),
        b: Word(found.b.0),
        mask_a: found.a.1.map(Word),
        mask_b: found.b.1.map(Word),
    };
    let dimension = |found: RightDifference<(Level, Vec<String>)>| DimensionDifference {
        a: DimensionLevel::of(found.a.0),
        b: DimensionLevel::of(found.b.0),
        ticked_a: values(&found.of, &found.a.1),
        ticked_b: values(&found.of, &found.b.1),
        dimension: found.of,
    };
    let other = |found: RightDifference<Plain>| OtherDifference {
        name: found.of,
        a: Json(found.a),
        b: Json(found.b),
    };
    RoleComparison {
        grants: told.grants.into_iter().map(grant).collect(),
        fields: told.fields.into_iter().map(field).collect(),
        dimensions: told.dimensions.into_iter().map(dimension).collect(),
        others: told.others.into_iter().map(other).collect(),
    }
}

//! A role as `/metadata` tells it: its text, where it comes from, who holds it, and its rights beside the matrix.

use async_graphql::{Context, SimpleObject};

use super::{
    reach_values::{DimensionLevel, DimensionValue, values},
    scalars::Word,
};
use crate::{
    access::{Caps, FieldRight, Mask, Role},
    base::Lang,
    company::Company,
    graphql::exchange::Caller,
    records::Session,
    rights::{KnownRole, RoleOrigin},
};

/// A set of rights.
#[derive(SimpleObject)]
pub(super) struct RoleInfo {
    /// What it is assigned by.
    code: String,
    label: String,
    label_en: String,
    /// Comes with the program, unchanged.
    standard: bool,
    /// Stands in place of a role that comes with the program; `resetRole` puts that back.
    replaces_standard: bool,
    /// Where it comes from.
    origin: Word<RoleOrigin>,
    /// The version that brought it, for `expectedVersion`; 0 as it comes with the program.
    version: i64,
    /// May define objects, roles and rights.
    customize: bool,
    /// What it opens beside records.
    may: Vec<String>,
    /// The business lines that it keeps to; all where there is none.
    lines: Vec<String>,
    /// The most records of guarded objects at once.
    caps: RoleCaps,
    /// How much of each dimension it opens; a dimension that is not among them is closed.
    dimensions: Vec<RoleDimension>,
    /// The fields that it does not show as they are, or that it keeps.
    fields: Vec<RoleField>,
    /// Its text, as `saveRole` takes it.
    definition: String,
    /// Accounts that hold it.
    held_by: Vec<String>,
    /// What of it opens nothing, and what it keeps from being created.
    warnings: Vec<String>,
}

/// The most records of guarded objects that a role opens at once; none where there is no cap.
#[derive(SimpleObject)]
pub(super) struct RoleCaps {
    /// Of one operation that prints.
    print: Option<u32>,
    /// Of one operation that exports.
    export: Option<u32>,
    /// Different records that are read in a window of time; the server's setting where there is none.
    read: Option<u32>,
}

impl RoleCaps {
    /// The caps of a role.
    pub(super) fn of(role: &Role) -> Self {
        let Caps { print, export, read } = role.caps;
        Self { print, export, read }
    }
}

/// How much of a dimension a role opens.
#[derive(SimpleObject)]
struct RoleDimension {
    dimension: String,
    level: DimensionLevel,
    /// The values that are ticked on the role.
    ticked: Vec<DimensionValue>,
}

/// What a role says of a field.
#[derive(SimpleObject)]
struct RoleField {
    object: String,
    field: String,
    right: Word<FieldRight>,
    /// What is left of a masked one.
    mask: Option<Word<Mask>>,
}

/// Tells of a role.
pub(super) async fn info(
    company: &Company,
    session: &Session,
    lang: Lang,
    known: &KnownRole,
) -> crate::base::Result<RoleInfo> {
    let role = &known.role;
    let warnings = company.rights.warnings(&session.catalog, role);
    Ok(RoleInfo {
        code: role.code.clone(),
        label: role.label.clone(),
        label_en: role.label_en.clone(),
        standard: known.origin == RoleOrigin::Standard,
        replaces_standard: known.origin == RoleOrigin::Changed,
        origin: Word(known.origin),
        version: known.version,
        customize: role.customize,
        may: role.may.iter().map(|may| may.as_ref().to_owned()).collect(),
        lines: role.lines.clone(),
        caps: RoleCaps::of(role),
        dimensions: dimensions(role),
        fields: fields(role),
        definition: known.text.clone(),
        held_by: company.identity.holders_of(&role.code).await?,
        warnings: warnings.iter().map(|told| told.message.text(lang).to_owned()).collect(),
    })
}

fn dimensions(role: &Role) -> Vec<RoleDimension> {
    let of = |(dimension, level): (&String, &_)| RoleDimension {
        dimension: dimension.clone(),
        level: DimensionLevel::of(*level),
        ticked: values(dimension, role.ticked.get(dimension).map_or(&[], Vec::as_slice)),
    };
    role.dimensions.iter().map(of).collect()
}

fn fields(role: &Role) -> Vec<RoleField> {
    let of = |(object, field): (&str, &str)| {
        let (right, mask) = role.field_right(object, field);
        let (object, field) = (object.to_owned(), field.to_owned());
        RoleField { object, field, right: Word(right), mask: mask.map(Word) }
    };
    role.named_fields().into_iter().map(of).collect()
}

/// The language of a request.
pub(super) fn lang(ctx: &Context<'_>) -> Lang {
    ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default()
}

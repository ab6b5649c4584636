//! Values of dimensions as people read them: what is set on persons and ticked on roles, each with its title.

use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use dataloader::{BatchFn, non_cached::Loader};

use super::context::raised;
use crate::{
    access::Level,
    base::{Error, Message},
    graphql::exchange::Caller,
    records::Session,
    rights::titles,
};

/// How much of a dimension a role opens.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum DimensionLevel {
    /// Nothing.
    None,
    /// The person's own department.
    Own,
    /// The person's own department with all below it; of another tree what is ticked with all below.
    Below,
    /// What is ticked.
    Set,
    /// Everything.
    All,
    /// What is set on the person.
    Person,
}

const LEVELS: [(Level, DimensionLevel); 6] = [
    (Level::None, DimensionLevel::None),
    (Level::Own, DimensionLevel::Own),
    (Level::Below, DimensionLevel::Below),
    (Level::Set, DimensionLevel::Set),
    (Level::All, DimensionLevel::All),
    (Level::Person, DimensionLevel::Person),
];

impl DimensionLevel {
    /// Converts to the level of roles.
    pub(super) fn level(self) -> Level {
        let known = LEVELS.iter().find(|(_, known)| *known == self);
        known.map_or(Level::None, |(level, _)| *level)
    }

    /// Converts from the level of roles.
    pub(super) fn of(level: Level) -> Self {
        let known = LEVELS.iter().find(|(known, _)| *known == level);
        known.map_or(Self::None, |(_, known)| *known)
    }
}

/// A value of a dimension.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub(super) struct DimensionValue {
    #[graphql(skip)]
    dimension: String,
    /// The id of a record, or the name of a picklist's value.
    value: String,
}

/// Values of a dimension, in their order.
pub(super) fn values(dimension: &str, values: &[String]) -> Vec<DimensionValue> {
    let of =
        |value: &String| DimensionValue { dimension: dimension.to_owned(), value: value.clone() };
    values.iter().map(of).collect()
}

#[ComplexObject]
impl DimensionValue {
    /// What it is called; none where it is gone, or hidden from the caller.
    async fn title(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let key = (self.dimension.clone(), self.value.clone());
        let found = ctx.data::<Titles>()?.try_load(key).await;
        let none = |cause| raised(ctx, &Error::internal(cause));
        let title = found.map_err(none)?.map_err(|error| raised(ctx, &error))?;
        let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
        Ok(title.map(|title| title.text(lang).to_owned()))
    }
}

type Title = std::result::Result<Option<Message>, Error>;

/// A loader of titles that combines those of a request.
pub(super) type Titles = Loader<(String, String), Title, Titling>;

pub(super) struct Titling(pub(super) Session);

impl BatchFn<(String, String), Title> for Titling {
    async fn load(&mut self, keys: &[(String, String)]) -> HashMap<(String, String), Title> {
        let mut asked: HashMap<String, Vec<String>> = HashMap::new();
        for (dimension, value) in keys {
            asked.entry(dimension.clone()).or_default().push(value.clone());
        }
        let asked: Vec<_> = asked.into_iter().collect();
        let found = titles(&self.0, &asked).await;
        let of = |key: &(String, String)| match &found {
            Ok(titles) => Ok(titles.get(key).cloned()),
            Err(error) => Err(error.clone()),
        };
        keys.iter().map(|key| (key.clone(), of(key))).collect()
    }
}

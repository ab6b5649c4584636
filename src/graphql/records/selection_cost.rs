//! How many records a selection may touch at most.

use crate::query::{
    AggregatePart, Aggregation, ConnectionPart, EdgePart, Item, Listing, Page, Selection,
};

/// The most records that a selection may touch: page sizes multiply along the path. This is the worst case;
/// real pages may be smaller.
pub(super) fn weight(selection: &Selection) -> u64 {
    selection.0.iter().fold(1, |sum, part| {
        sum.saturating_add(match &part.what {
            Item::One(_, inner) | Item::Group(inner) => weight(inner),
            // One of them is there at most.
            Item::OneOf(_, each) => each.iter().map(|(_, inner)| weight(inner)).max().unwrap_or(0),
            Item::Many(_, listing) | Item::Responsible(_, _, listing) => listing_weight(&Listing {
                page: Page { size: listing.page.size.min(50), ..Page::default() },
                ..(**listing).clone()
            }),
            Item::Connection(_, listing) => listing_weight(listing),
            Item::Aggregate(_, aggregation) => aggregation_weight(aggregation),
            Item::History(listing) => listing.size.into(),
            Item::Field(_)
            | Item::Title(_)
            | Item::Typename(_)
            | Item::Can(_)
            | Item::Moves(_)
            | Item::States(..) => 0,
        })
    })
}

/// The same for a list.
pub(super) fn listing_weight(listing: &Listing) -> u64 {
    let each = listing.parts.iter().fold(0_u64, |sum, part| {
        sum.saturating_add(match &part.what {
            ConnectionPart::Nodes(selection) => weight(selection),
            ConnectionPart::Edges(parts) => parts.iter().fold(0, |sum, part| {
                sum + match &part.what {
                    EdgePart::Node(selection) => weight(selection),
                    _ => 0,
                }
            }),
            _ => 0,
        })
    });
    u64::from(listing.page.size).saturating_mul(each.max(1))
}

/// The most groups and records that an aggregate returns; see [`weight`].
pub(super) fn aggregation_weight(aggregation: &Aggregation) -> u64 {
    let groups = if aggregation.groups.is_empty() { 1 } else { aggregation.size.into() };
    let each = aggregation.parts.iter().fold(1_u64, |sum, part| match &part.what {
        AggregatePart::Top(listing) => sum.saturating_add(listing_weight(listing)),
        _ => sum,
    });
    each.saturating_mul(groups)
}

//! The records that the demo's further objects refer to, and how those pick among them.
//!
//! Owns the choice of customers, so that every account of the demo finds some of each object.

use chrono::NaiveDate;

use super::customer::Customer;
use super::order::SalesOrder;
use super::sales::Opportunity;
use super::seed::Seed;
use super::supply::InventoryItem;

/// What is there before the further objects.
pub(super) struct MadeRecords<'a> {
    pub(super) today: NaiveDate,
    pub(super) customers: &'a [Customer],
    pub(super) items: &'a [InventoryItem],
    pub(super) opportunities: &'a [Opportunity],
    pub(super) orders: &'a [SalesOrder],
    /// The seeds of the orders, in the same order.
    pub(super) order_seeds: &'a [Seed],
}

impl<'a> MadeRecords<'a> {
    /// Returns this many active customers, every second one in Tianjin, without the first ones of either.
    pub(super) fn spread(&self, skip: usize, count: usize) -> Vec<(usize, &'a Customer)> {
        let active = self.customers.iter().enumerate().filter(|(_, c)| c.lifecycle == "ACTIVE");
        let (near, far): (Vec<_>, Vec<_>) = active.partition(|(_, c)| c.region == "TJ");
        let pairs = near.into_iter().skip(skip).zip(far.into_iter().skip(skip));
        pairs.flat_map(|(near, far)| [near, far]).take(count).collect()
    }

    /// Returns the seeds of orders whose goods have left, newest first, from Tianjin and from elsewhere in turn.
    pub(super) fn shipped(&self, count: usize) -> Vec<(&'a SalesOrder, &'a Seed, &'a Customer)> {
        let left = self.orders.iter().zip(self.order_seeds).rev().filter_map(|(order, seed)| {
            let gone = matches!(seed.text("status"), "SHIPPED" | "CLOSED");
            let customer = self.customers.get(order.customer).filter(|_| gone)?;
            Some((order, seed, customer))
        });
        let (near, far): (Vec<_>, Vec<_>) = left.partition(|(.., c)| c.region == "TJ");
        near.into_iter().zip(far).flat_map(|(near, far)| [near, far]).take(count).collect()
    }

    /// Returns the newest order of a customer.
    pub(super) fn order_of(&self, customer: usize) -> Option<&'a SalesOrder> {
        self.orders.iter().rev().find(|order| order.customer == customer)
    }

    /// Returns an opportunity of a customer.
    pub(super) fn opportunity_of(&self, customer: usize) -> Option<&'a Opportunity> {
        self.opportunities.iter().find(|opportunity| opportunity.customer == customer)
    }
}

impl Customer {
    /// Returns the key of the first contact.
    pub(super) fn first_contact(&self) -> Option<&str> {
        self.contacts.first().map(|contact| contact.key.as_str())
    }

    /// Returns who of the service people looks after the customer.
    pub(super) fn served_by(&self) -> &'static str {
        if self.region == "TJ" { "zheng" } else { "dong" }
    }
}

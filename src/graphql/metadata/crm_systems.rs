//! The front systems that objects and operators are in.

use async_graphql::Enum;

/// A front system.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum CrmSystem {
    /// Sales.
    Sales,
    /// Service.
    Service,
    /// Sales and service.
    SalesService,
}

impl CrmSystem {
    /// The stored value of the system.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sales => "SALES",
            Self::Service => "SERVICE",
            Self::SalesService => "SALES_SERVICE",
        }
    }
}

/// The system with a stored value.
pub(super) fn front(system: &str) -> Option<CrmSystem> {
    Some(match system {
        "SALES" => CrmSystem::Sales,
        "SERVICE" => CrmSystem::Service,
        "SALES_SERVICE" => CrmSystem::SalesService,
        _ => return None,
    })
}

//! One request of a workload, for whoever wants to look at what the server makes of it.

use super::{accounts, load::loaded, server::Part, workload::Workload};
use crate::{base::Result, company::Company, demo::random::Random};

/// The body of a request of a workload on a database made by [`super::load()`], and the access token of the
/// person it is asked as.
pub async fn sample(company: &Company, workload: Workload) -> Result<(String, String)> {
    let world = loaded(company).await?;
    let token = accounts::sign_in(company, workload.person()).await?;
    let (_, body) = workload.draw(world, &mut Random::new(1), "P").of(Part::Ours);
    Ok((body, token))
}

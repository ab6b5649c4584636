//! One request of a workload, for inspecting what the server does with it.

use super::{accounts, load::loaded, server::BenchServer, workload::Workload};
use crate::{base::Result, company::Company, demo::random::Random};

/// Returns the body of a request of a workload, and the access token of its person. The database must be one
/// of [`super::load()`].
pub async fn sample(company: &Company, workload: Workload) -> Result<(String, String)> {
    let world = loaded(company).await?;
    let token = accounts::sign_in(company, workload.person()).await?;
    let (_, body) = workload.draw(world, &mut Random::new(1), "P").of(BenchServer::Ours);
    Ok((body, token))
}

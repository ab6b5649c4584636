//! What a further shape of access costs: memory kept and time taken, on a catalog of about seventy objects.
//!
//! `cargo bench --bench shapes`

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::{sync::Arc, time::Instant};

use tradewind::{
    access::{Access, Action, Employees, Grant, Person, standard_roles},
    base::Error,
    catalog::{DefinitionPart, Origin, resolve, standard_sources},
    graphql::records::PublishedSchema,
};
use uuid::Uuid;

/// Memory of the process in bytes; 0 where the system does not tell.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok());
    pages.unwrap_or_default() * 4_096
}

/// Objects as a company would add them, on top of the standard ones.
fn custom() -> DefinitionPart {
    let fields: Vec<_> = (0..20).map(|at| format!("field{at}: String")).collect();
    let objects: Vec<_> = (0..40)
        .map(|at| {
            format!(
                "type Thing{at} @object(kind: MASTER, label: \"x\", plural: \"thing{at}s\") @responsible @dimension(name: DEPARTMENT, path: \"department\") {{ department: Department! {} }}",
                fields.join(" ")
            )
        })
        .collect();
    DefinitionPart::objects("custom.graphql".to_owned(), objects.join("\n"), Origin::Custom)
}

fn main() -> Result<(), Error> {
    let mut sources = standard_sources();
    sources.push(custom());
    let catalog = Arc::new(resolve(&sources, 1).map_err(|faults| Error::internal(faults.len()))?);
    let published = PublishedSchema::new(Arc::clone(&catalog))?;
    let person = Person {
        systems: vec!["SALES".to_owned()],
        employee: Some(Uuid::nil()),
        department: Some(Uuid::nil()),
        ..Person::default()
    };
    let mut shapes = 0;
    let (start, begun) = (resident(), Instant::now());
    for round in 0..30 {
        for mut role in standard_roles()? {
            role.grants.push(Grant {
                objects: vec![format!("Thing{round}")],
                actions: vec![Action::Read],
                employees: Employees::Related,
                ..Grant::default()
            });
            published.prepare(&Access::new(&catalog, &[Arc::new(role)], &person));
            shapes += 1;
        }
    }
    let kept = resident().saturating_sub(start) / shapes;
    let each = begun.elapsed() / u32::try_from(shapes).map_err(Error::internal)?;
    println!(
        "{} objects, {shapes} shapes: {} KiB and {each:.1?} each",
        catalog.objects.len(),
        kept / 1024
    );
    Ok(())
}

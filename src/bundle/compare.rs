//! Three sides of one bundle compared: what it wants, what a system has, and what that system is known to have had. So it
//! is told apart who has changed a text.

use super::{Bundle, BundlePart, Digests, digest};
use crate::catalog::PartKind;

/// How a text differs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString, strum::VariantNames,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DifferenceKind {
    /// The bundle has a text that the system does not have.
    Added,
    /// The two have different texts.
    Changed,
    /// The bundle does not have the text any more.
    Removed,
}

/// A text that the bundle and the system do not have alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartDifference {
    /// The path of the file.
    pub path: String,
    /// What it defines.
    pub kind: PartKind,
    /// Its name among those of its kind.
    pub name: String,
    /// How it differs.
    pub how: DifferenceKind,
    /// Whether the system has changed it since it gave or got the bundle, so that nobody knows which side is meant.
    pub conflict: bool,
    /// Whether the system's side stays: in a conflict, or because it was chosen.
    pub stays: bool,
}

/// Which side counts where both have changed a text: paths, or `*` for all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'c> {
    /// Those for which the bundle counts.
    pub overwrite: &'c [String],
    /// Those for which the system counts.
    pub keep: &'c [String],
}

impl Choice<'_> {
    fn has(paths: &[String], path: &str) -> bool {
        paths.iter().any(|known| known == path || known == "*")
    }
}

/// A bundle compared with what a system has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleComparison {
    /// The differences, in the order of the bundle; what only the system has comes behind.
    pub differences: Vec<PartDifference>,
    /// The texts of objects as they are to be, in order.
    pub objects: Vec<BundlePart>,
    /// What this bundle brings, for the next comparison.
    pub brought: Digests,
}

impl Bundle {
    /// Compares it with the texts of a system. `brought` is what the last bundle brought there.
    pub fn compared(
        &self,
        system: &[BundlePart],
        brought: &Digests,
        choice: Choice<'_>,
    ) -> BundleComparison {
        let same = |part: &BundlePart, other: &&BundlePart| {
            (part.kind, &part.name) == (other.kind, &other.name)
        };
        let mut told = BundleComparison {
            differences: Vec::new(),
            objects: Vec::new(),
            brought: Digests::new(),
        };
        for mine in &self.parts {
            let theirs = system.iter().find(|other| same(mine, other));
            let stays = told.add(mine, Some(mine), theirs, (&self.base, brought), choice);
            let path = mine.path();
            let earlier = brought.get(&path).cloned();
            let known = if stays { earlier } else { Some(digest(&mine.text)) };
            told.brought.extend(known.map(|known| (path, known)));
            if mine.kind == PartKind::Objects {
                told.objects.extend(if stays { theirs } else { Some(mine) }.cloned());
            }
        }
        for theirs in
            system.iter().filter(|theirs| !self.parts.iter().any(|mine| same(mine, theirs)))
        {
            let path = theirs.path();
            // What no bundle has ever known is the system's own.
            let own = !self.base.contains_key(&path) && !brought.contains_key(&path);
            let stays = own || told.add(theirs, None, Some(theirs), (&self.base, brought), choice);
            if stays && theirs.kind == PartKind::Objects {
                told.objects.push(theirs.clone());
            }
            let earlier = brought.get(&path).filter(|_| stays).cloned();
            told.brought.extend(earlier.map(|known| (path, known)));
        }
        told
    }
}

impl BundleComparison {
    /// Adds a text if the sides differ. Returns whether the system's side stays.
    fn add(
        &mut self,
        part: &BundlePart,
        mine: Option<&BundlePart>,
        theirs: Option<&BundlePart>,
        (base, brought): (&Digests, &Digests),
        choice: Choice<'_>,
    ) -> bool {
        let path = part.path();
        if mine.map(|part| &part.text) == theirs.map(|part| &part.text) {
            return false;
        }
        let mine_now = mine.map(|part| digest(&part.text));
        // Whoever edits a text goes by what they had before them. A text as it was exported may come from another
        // system, where what the last bundle brought from there is what it follows.
        let edited = base.get(&path).is_some_and(|was| mine_now.as_ref() != Some(was));
        let known = match theirs {
            // Nobody has taken it away that is known to have had it.
            None => !brought.contains_key(&path),
            Some(theirs) => {
                let now = Some(digest(&theirs.text));
                base.get(&path) == now.as_ref() || (!edited && brought.get(&path) == now.as_ref())
            }
        };
        let keep = Choice::has(choice.keep, &path);
        let conflict = !known && !keep && !Choice::has(choice.overwrite, &path);
        let stays = conflict || keep;
        let how = match (mine, theirs) {
            (None, _) => DifferenceKind::Removed,
            (_, None) => DifferenceKind::Added,
            _ => DifferenceKind::Changed,
        };
        let (kind, name) = (part.kind, part.name.clone());
        self.differences.push(PartDifference { path, kind, name, how, conflict, stays });
        stays
    }

    /// The differences that an apply carries out.
    pub fn wanted(&self) -> impl Iterator<Item = &PartDifference> {
        self.differences.iter().filter(|one| !one.stays)
    }

    /// Whether something is to be decided first.
    pub fn has_conflicts(&self) -> bool {
        self.differences.iter().any(|one| one.conflict)
    }
}

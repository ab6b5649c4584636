//! The records that a subscriber knows, with a log of recent changes. The log allows returning to the
//! position at which a connection was lost.

use std::collections::{HashSet, VecDeque};

use uuid::Uuid;

use crate::storage::outbox::Position;

/// Most changes in the log.
const LOG: usize = 1_000;

/// The records that the subscriber knows from messages, or sees in the list.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// None: all records of the object.
    ids: Option<HashSet<Uuid>>,
    /// Changes: position, record, whether it entered (true) or left, and whether it had no event at that
    /// position.
    log: VecDeque<(Position, Uuid, bool, bool)>,
    /// Changes up to this position are dropped from the log.
    floor: Position,
    /// A dropped change at the floor position had no event.
    torn: bool,
}

impl Known {
    /// Starts at a position with all records of an object, or with these.
    pub(super) fn new(ids: Option<HashSet<Uuid>>, at: Position) -> Self {
        Self { ids, log: VecDeque::new(), floor: at, torn: false }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.ids.is_none()
    }

    pub(super) fn has(&self, id: Uuid) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(&id))
    }

    pub(super) fn enter(&mut self, at: Position, id: Uuid) {
        if self.ids.as_mut().is_some_and(|ids| ids.insert(id)) {
            self.note(at, id, true);
        }
    }

    pub(super) fn leave(&mut self, at: Position, id: Uuid) {
        if self.ids.as_mut().is_some_and(|ids| ids.remove(&id)) {
            self.note(at, id, false);
        }
    }

    fn note(&mut self, at: Position, id: Uuid, came: bool) {
        self.log.push_back((at, id, came, false));
        if self.log.len() > LOG
            && let Some((oldest, _, _, loose)) = self.log.pop_front()
        {
            (self.floor, self.torn) = (oldest, loose);
        }
    }

    /// Marks the last `noted` changes as having no event: a client with a cursor of their position may not
    /// have received them.
    pub(super) fn without_event(&mut self, noted: usize) {
        for entry in self.log.iter_mut().rev().take(noted) {
            entry.3 = true;
        }
    }

    /// Returns the known ids that are not in `now`, and the ids in `now` that are not known.
    pub(super) fn against(&self, now: &HashSet<Uuid>) -> (Vec<Uuid>, Vec<Uuid>) {
        let Some(ids) = &self.ids else { return Default::default() };
        let mut gone: Vec<_> = ids.difference(now).copied().collect();
        let mut come: Vec<_> = now.difference(ids).copied().collect();
        gone.sort_unstable();
        come.sort_unstable();
        (gone, come)
    }

    /// Returns the state at an earlier position. None if the log does not reach it.
    pub(super) fn at(&self, position: Position) -> Option<Self> {
        if position < self.floor || (position == self.floor && self.torn) {
            return None;
        }
        let mut ids = self.ids.clone();
        if let Some(ids) = &mut ids {
            let later = |(at, _, _, loose): &&(Position, Uuid, bool, bool)| {
                *at > position || (*loose && *at == position)
            };
            for (_, id, came, _) in self.log.iter().rev().take_while(later) {
                if *came {
                    ids.remove(id)
                } else {
                    ids.insert(*id)
                };
            }
        }
        Some(Self::new(ids, position))
    }

    /// The number of ids in memory.
    pub(super) fn len(&self) -> usize {
        self.ids.as_ref().map_or(0, HashSet::len) + self.log.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(seq: i64) -> Position {
        Position { tx: 0, seq }
    }

    #[test]
    fn winds_back_to_where_it_was() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let mut known = Known::new(Some([a, b].into()), place(10));
        known.leave(place(11), a);
        known.leave(place(11), c);
        known.enter(place(12), c);
        known.enter(place(13), a);
        known.enter(place(13), b);
        let at = |seq| known.at(place(seq)).map(|known| [a, b, c].map(|id| known.has(id)));
        assert_eq!(at(13), Some([true, true, true]));
        assert_eq!(at(12), Some([false, true, true]));
        assert_eq!(at(11), Some([false, true, false]));
        assert_eq!(at(10), Some([true, true, false]));
        assert_eq!(at(9), None);
        assert_eq!(known.against(&[a].into()), (vec![b, c], vec![]));
    }

    #[test]
    fn takes_back_what_no_cursor_stands_behind() {
        let [a, b] = [1, 2].map(Uuid::from_u128);
        let mut known = Known::new(Some([a].into()), place(10));
        known.enter(place(11), b);
        known.leave(place(11), a);
        known.without_event(1);
        let at = |seq| known.at(place(seq)).map(|known| [a, b].map(|id| known.has(id)));
        assert_eq!(at(11), Some([true, true]));
        assert_eq!(at(10), Some([true, false]));
        assert_eq!(at(12), Some([false, true]));
    }

    #[test]
    fn forgets_what_is_long_ago() {
        let mut known = Known::new(Some(HashSet::new()), place(0));
        for seq in 1..=1_005 {
            known.enter(place(seq), Uuid::from_u128(u128::try_from(seq).unwrap()));
        }
        assert!(known.at(place(4)).is_none());
        assert_eq!(known.at(place(5)).unwrap().len(), 5);
    }

    #[test]
    fn all_of_an_object_are_known() {
        let mut known = Known::new(None, place(0));
        known.leave(place(1), Uuid::nil());
        assert!(known.has(Uuid::nil()) && known.is_whole() && known.len() == 0);
        assert_eq!(known.against(&[Uuid::nil()].into()), (vec![], vec![]));
    }
}

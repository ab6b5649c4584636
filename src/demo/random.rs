//! A small seeded random generator, so that the demo company never changes.
//!
//! SplitMix64: good enough for natural-looking data, not for secrets.

/// A stream of numbers that depends only on its seed.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// Starts the stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a whole number from `low` to `high`, both included. Returns `low` if `high` is smaller.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// Returns true with this probability in percent.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// Returns an element of a list that is not empty.
    pub(crate) fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        let last = i64::try_from(list.len()).unwrap_or(i64::MAX) - 1;
        &list[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }

    /// Returns an element of a list, or none if it is empty.
    pub(crate) fn any<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        if list.is_empty() { None } else { Some(self.pick(list)) }
    }

    /// Returns this many digits. The first may be zero.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.between(0, 9).to_string()).collect()
    }
}

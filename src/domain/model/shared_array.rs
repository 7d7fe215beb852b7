//! Collections that are cheap to copy: a copy shares everything with its original, and a change copies only the part that it touches.

use std::num::NonZeroU64;
use std::sync::Arc;

/// The bits of an index that each level takes.
const BITS: usize = 6;
const WIDTH: usize = 1 << BITS;

type Leaf<T> = Arc<Vec<T>>;
type Branch<T> = Arc<Vec<Leaf<T>>>;

/// A growing array, as a tree of two levels below its root.
#[derive(Debug, Clone)]
pub struct SharedArray<T> {
    branches: Arc<Vec<Branch<T>>>,
    len: usize,
}

impl<T> Default for SharedArray<T> {
    fn default() -> Self {
        Self { branches: Arc::default(), len: 0 }
    }
}

impl<T: Clone> SharedArray<T> {
    /// An array with this many copies of a value.
    pub fn filled(value: T, len: usize) -> Self {
        let mut array = Self::default();
        (0..len).for_each(|_| array.push(value.clone()));
        array
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        self.branches.get(index >> (2 * BITS))?.get((index >> BITS) % WIDTH)?.get(index % WIDTH)
    }

    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let branch = Arc::make_mut(&mut self.branches).get_mut(index >> (2 * BITS))?;
        let leaf = Arc::make_mut(branch).get_mut((index >> BITS) % WIDTH)?;
        Arc::make_mut(leaf).get_mut(index % WIDTH)
    }

    pub fn push(&mut self, value: T) {
        let branches = Arc::make_mut(&mut self.branches);
        let leaf = last_with_room(branches, |branch| branch.len() < WIDTH || branch[WIDTH - 1].len() < WIDTH);
        Arc::make_mut(last_with_room(Arc::make_mut(leaf), |leaf| leaf.len() < WIDTH)).push(value);
        self.len += 1;
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.branches.iter().flat_map(|branch| branch.iter()).flat_map(|leaf| leaf.iter())
    }
}

/// The last part, or a new one after it if it has no room.
fn last_with_room<P: Default>(parts: &mut Vec<P>, has_room: impl Fn(&P) -> bool) -> &mut P {
    if !parts.last().is_some_and(has_room) {
        parts.push(P::default());
    }
    let last = parts.len() - 1;
    &mut parts[last]
}

/// A hash table from numbers to values, with several values for a number where they were inserted. Nothing is ever removed.
#[derive(Debug, Clone)]
pub struct SharedTable<V> {
    /// Without a zero a slot needs no room to say that it is empty.
    slots: SharedArray<Option<(NonZeroU64, V)>>,
    used: usize,
}

impl<V> Default for SharedTable<V> {
    fn default() -> Self {
        Self { slots: SharedArray::default(), used: 0 }
    }
}

impl<V: Copy> SharedTable<V> {
    /// The values of a key, in no order.
    pub fn get(&self, key: u64) -> impl Iterator<Item = V> {
        let mask = self.slots.len().wrapping_sub(1);
        let (key, first) = (nonzero(key), place(key));
        let probe = move |step: usize| self.slots.get(first.wrapping_add(step) & mask).copied().flatten();
        (0..self.slots.len()).map_while(probe).filter(move |(known, _)| *known == key).map(|(_, value)| value)
    }

    pub fn insert(&mut self, key: u64, value: V) {
        // At most three quarters are used, so that a search ends soon.
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let slots = SharedArray::filled(None, (self.slots.len() * 2).max(8));
            let old = std::mem::replace(self, Self { slots, used: 0 });
            old.slots.iter().flatten().for_each(|(key, value)| self.put(key.get(), *value));
        }
        self.put(key, value);
    }

    fn put(&mut self, key: u64, value: V) {
        let mask = self.slots.len() - 1;
        let mut at = place(key) & mask;
        while self.slots.get(at).is_some_and(Option::is_some) {
            at = (at + 1) & mask;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Some((nonzero(key), value));
            self.used += 1;
        }
    }
}

/// Zero and one are the same key.
fn nonzero(key: u64) -> NonZeroU64 {
    NonZeroU64::new(key).unwrap_or(NonZeroU64::MIN)
}

/// Spreads keys that are close to each other.
fn place(key: u64) -> usize {
    let product = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (product ^ (product >> 32)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_an_array_does_not_see_later_changes() {
        let mut array = SharedArray::default();
        (0..10_000).for_each(|number| array.push(number));
        let copy = array.clone();
        array.push(10_000);
        *array.get_mut(5_000).expect("an element") = 1;
        assert_eq!((array.len(), copy.len()), (10_001, 10_000));
        assert_eq!((array.get(5_000), copy.get(5_000)), (Some(&1), Some(&5_000)));
        assert_eq!((array.get(10_000), copy.get(10_000)), (Some(&10_000), None));
        assert!(copy.iter().copied().eq(0..10_000));
    }

    #[test]
    fn a_table_finds_all_values_of_a_key_and_its_copies_stay_as_they_were() {
        let mut table = SharedTable::default();
        (0..5_000u64).for_each(|key| table.insert(key * 64 + 64, key as u32));
        let copy = table.clone();
        table.insert(64, 7);
        let all = |table: &SharedTable<u32>, key| {
            let mut found: Vec<u32> = table.get(key).collect();
            found.sort_unstable();
            found
        };
        assert_eq!((all(&table, 64), all(&copy, 64)), (vec![0, 7], vec![0]));
        assert_eq!((all(&table, 5_000 * 64), all(&table, 1)), (vec![4_999], Vec::<u32>::new()));
        assert!(all(&SharedTable::default(), 0).is_empty());
    }
}

//! Many short texts in one, so that one pass finds a part in any of them.

use super::row::CatalogError;
use memchr::memmem::Finder;

/// Stands behind each text. It must be in none of them.
pub(super) const END: u8 = 0;

#[derive(Debug, Default)]
pub(super) struct Texts {
    all: Vec<u8>,
    /// Where each text begins, in order.
    starts: Vec<u32>,
}

impl Texts {
    /// Adds a text and answers with its number, counted from 0.
    pub fn push(&mut self, text: &[u8]) -> Result<u32, CatalogError> {
        let number = u32::try_from(self.starts.len()).map_err(|_| CatalogError::TooManyNames)?;
        let start = u32::try_from(self.all.len()).map_err(|_| CatalogError::TooManyNames)?;
        self.all.extend_from_slice(text);
        self.all.push(END);
        self.starts.push(start);
        Ok(number)
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The text of a number that was told.
    pub fn get(&self, number: u32) -> &[u8] {
        let number = number as usize;
        &self.all[self.starts[number] as usize..self.end(number) - 1]
    }

    /// Behind the sign that ends a text.
    fn end(&self, number: usize) -> usize {
        self.starts.get(number + 1).map_or(self.all.len(), |next| *next as usize)
    }

    /// Calls with the place of each text that contains a part. The part is not empty and has no end
    /// sign.
    pub fn each_containing(&self, part: &[u8], mut visit: impl FnMut(usize)) {
        let finder = Finder::new(part);
        let (mut number, mut at) = (0, 0);
        while let Some(hit) = finder.find(&self.all[at..]) {
            number = self.number_at(at + hit, number);
            visit(number);
            // One hit is enough for a text.
            at = self.end(number);
        }
    }

    /// The text around a place, at or behind one that is known to begin before it. Hits are often
    /// close to one another, so the steps grow from there.
    fn number_at(&self, at: usize, known: usize) -> usize {
        let mut step = 1;
        let mut low = known;
        while low + step < self.starts.len() && self.starts[low + step] as usize <= at {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(self.starts.len());
        low + self.starts[low..high].partition_point(|start| *start as usize <= at) - 1
    }

    /// Bytes on the heap.
    pub fn memory(&self) -> usize {
        self.all.capacity() + self.starts.capacity() * size_of::<u32>()
    }
}

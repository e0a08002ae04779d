//! What documents share with one another: an index of their blocks, and what it says of one document.
//!
//! Each document gives a [`Digest`], which knows nothing of the others; digests make an [`Index`], and indexes are merged
//! into larger ones. All of it is a function of the *set* of documents: in whatever order and in however many parts they
//! were read, the index has the same bytes.

mod around;
mod digest;
mod file;
mod index;
mod merge;
mod narrow;
mod near;
mod query;
mod sketch;

pub use around::Known;
pub use digest::{BlockDigest, Digest, Key, Order};
pub use file::FileError;
pub use index::{Clash, Entry, Index};
pub use merge::{MergeError, Size, merge};
pub use near::BlockSketch;
pub use query::{First, Likeness, Shared, Sighting};
pub use sketch::{Overlap, Sketch};

#[cfg(test)]
mod tests;

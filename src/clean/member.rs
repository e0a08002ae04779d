//! A file of records in an archive on its way to the versions: its header tells its size, so that it waits beside them until it is whole.

use super::Verdict;
use super::output::{Folder, Growing};
use crate::input::{Compression, Shape};
use serde::{Deserialize, Serialize};
use std::io;

/// The name of the version that holds a packed file as it was.
pub(super) const PACKED: &str = "packed";

/// What is known of a file of records before its pieces come.
pub(super) struct Opening {
    /// What stands before it in the archive.
    pub head: Vec<u8>,
    pub shape: Shape,
    pub packing: Compression,
}

/// What is committed of a member that is not whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// Bytes of what goes into each version, and of the member as it is packed.
    versions: [Option<u64>; 3],
    packed: Option<u64>,
    is_changed: bool,
}

pub(super) struct Member {
    folder: Folder,
    /// Of the archive.
    path: String,
    pub opening: Opening,
    /// What goes into each version.
    pub versions: [Option<Growing>; 3],
    /// Where it is packed: as it is.
    pub packed: Option<Growing>,
    /// Some record of it was mended, or does not go with the clean ones.
    pub is_changed: bool,
    /// A part ended in it.
    pub has_waited: bool,
}

impl Member {
    /// Opens one that is to be gone on with where `waiting` says.
    pub fn open(folder: &Folder, path: &str, opening: Opening, waiting: Option<Waiting>) -> io::Result<Self> {
        let Waiting { versions, packed, is_changed } = waiting.unwrap_or_default();
        let is_packed = opening.packing != Compression::None;
        let mut member = Self {
            folder: folder.clone(),
            path: path.to_string(),
            opening,
            versions: [None, None, None],
            packed: None,
            is_changed,
            has_waited: waiting.is_some(),
        };
        if is_packed {
            member.packed = Some(Growing::open(&folder.waiting(PACKED, path), Compression::None, packed.unwrap_or(0))?);
        }
        for verdict in Verdict::ALL {
            // The clean one is there in any case.
            let length = versions[verdict as usize].or((verdict == Verdict::Clean).then_some(0));
            member.versions[verdict as usize] = length.map(|length| member.version(verdict, length)).transpose()?;
        }
        Ok(member)
    }

    pub fn version(&self, verdict: Verdict, length: u64) -> io::Result<Growing> {
        Growing::open(&self.folder.waiting(verdict.name(), &self.path), self.opening.packing, length)
    }

    /// Puts on the disk what was added.
    pub fn commit(&mut self) -> io::Result<Waiting> {
        self.has_waited = true;
        let mut waiting = Waiting { is_changed: self.is_changed, ..Waiting::default() };
        for (version, length) in self.versions.iter_mut().zip(&mut waiting.versions) {
            if let Some(version) = version {
                version.commit()?;
                *length = Some(version.length());
            }
        }
        if let Some(packed) = &mut self.packed {
            packed.commit()?;
            waiting.packed = Some(packed.length());
        }
        Ok(waiting)
    }
}

//! Coordinates and paths of the C2SP tlog-tiles layout: <https://c2sp.org/tlog-tiles>.

use crate::{Hash, Node, TreeError};

/// Hashes in a full tile, entries in a full bundle.
pub const FULL_WIDTH: u16 = 256;
/// A tile holds this many levels of the tree.
const HEIGHT: u8 = 8;
const HIGHEST_LEVEL: u8 = 63;
const HASH_BYTES: usize = 32;

/// A tile: `width` consecutive hashes of level 8 × `level` of the tree, from `index` × 256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// The tile level: 0 holds leaf hashes, each one above holds roots of full tiles below.
    pub level: u8,
    /// Position among the tiles of its level, from the left.
    pub index: u64,
    /// How many hashes: 256, or fewer at the right edge of the tree.
    pub width: u16,
}

impl Tile {
    /// The tile as it is in a tree of `size` leaves: full, partial, or `None` if the tree has not reached it.
    #[must_use]
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        let beyond = hashes_at(level, size).checked_sub(index.checked_mul(u64::from(FULL_WIDTH))?)?;
        let width = u16::try_from(beyond).map_or(FULL_WIDTH, |width| width.min(FULL_WIDTH));
        (width > 0).then_some(Self { level, index, width })
    }

    /// Whether it is at the right edge, with fewer than 256 hashes.
    #[must_use]
    pub const fn is_partial(self) -> bool {
        self.width < FULL_WIDTH
    }

    /// Its path under the log's address: `tile/0/x001/067`, `tile/1/000.p/17`.
    #[must_use]
    pub fn path(self) -> String {
        format!("tile/{}/{}", self.level, self.tail())
    }

    fn tail(self) -> String {
        let number = group_digits(self.index);
        if self.is_partial() { format!("{number}.p/{}", self.width) } else { number }
    }

    /// The hashes of this tile out of stored bytes. A wider tile of the same place is accepted and cut: a tile only
    /// ever grows at its end, so a store may keep the widest alone.
    ///
    /// # Errors
    /// [`TreeError::TornTile`] if the bytes are too few, too many, or not a whole number of hashes.
    pub fn hashes(self, bytes: &[u8]) -> Result<Vec<Hash>, TreeError> {
        let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
        let width = usize::from(self.width);
        let sound = rest.is_empty() && hashes.len() >= width && hashes.len() <= usize::from(FULL_WIDTH);
        if sound { Ok(hashes[..width].to_vec()) } else { Err(TreeError::TornTile { tile: self, bytes: bytes.len() }) }
    }

    /// The tile of a tree of `size` leaves that answers for `node`, and which of its hashes lie under the node.
    pub(crate) fn holding(node: Node, size: u64) -> Option<(Self, std::ops::Range<usize>)> {
        let within = node.level % HEIGHT;
        let first = node.index.checked_shl(u32::from(within)).filter(|first| first >> within == node.index)?;
        let tile = Self::in_tree(node.level / HEIGHT, first / u64::from(FULL_WIDTH), size)?;
        // A remainder of 256, and at most 2^7 hashes from there.
        let start = (first % u64::from(FULL_WIDTH)) as usize;
        let end = start + (1 << within);
        (end <= usize::from(tile.width)).then_some((tile, start..end))
    }
}

/// How many hashes tile level `level` has in a tree of `size` leaves.
pub(crate) fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0)
}

/// What a path of the log's address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// `tile/<L>/<N>[.p/<W>]`: hashes.
    Tile(Tile),
    /// `tile/entries/<N>[.p/<W>]`: the entries whose hashes are the tile of level 0 with this index and width.
    Entries(Tile),
}

impl Resource {
    /// Reads a path strictly: exactly the text that [`Resource::path`] writes, or `None`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (level, tail) = path.strip_prefix("tile/")?.split_once('/')?;
        let (number, width) = match tail.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok().filter(|width| *width > 0 && *width < FULL_WIDTH)?),
            None => (tail, FULL_WIDTH),
        };
        let index = digits(number).parse().ok()?;
        let resource = if level == "entries" {
            Self::Entries(Tile { level: 0, index, width })
        } else {
            let level = level.parse().ok().filter(|level| *level <= HIGHEST_LEVEL)?;
            Self::Tile(Tile { level, index, width })
        };
        (resource.path() == path).then_some(resource)
    }

    /// The path under the log's address.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Tile(tile) => tile.path(),
            Self::Entries(tile) => format!("tile/entries/{}", tile.tail()),
        }
    }
}

/// `x001/x234/067` → `001234067`. Strictness comes from writing the path again.
fn digits(number: &str) -> String {
    number.replace(['x', '/'], "")
}

/// 1234067 → `x001/x234/067`: groups of three digits, all but the last marked, so that a folder is never a file.
fn group_digits(mut number: u64) -> String {
    let mut text = format!("{:03}", number % 1000);
    while number >= 1000 {
        number /= 1000;
        text = format!("x{:03}/{text}", number % 1000);
    }
    text
}

//! All the SQL of this room.

use std::collections::BTreeMap;

use base::Timestamp;
use database::{Error, Result, Row, Tx, params};
use proofs::Tile;

/// A checkpoint as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// How many leaves.
    pub size: u64,
    /// The root over them: 32 bytes, unless somebody changed it.
    pub root: Vec<u8>,
    /// The signed note.
    pub note: String,
}

/// Bytes of tiles by level and index, each as wide as it is stored.
pub(crate) type StoredTiles = BTreeMap<(u8, u64), Vec<u8>>;

/// The size of the stored tree. The row stays locked until the transaction ends: one process grows the log at a time.
pub(crate) async fn lock_head(tx: &mut Tx) -> Result<u64> {
    let row = tx.row("UPDATE log_head SET size = size WHERE one = 1 RETURNING size", params![]).await?;
    row.map_or(Ok(0), |row| whole(row.int("size")?, "size"))
}

/// The size of the stored tree, for reading.
pub(crate) async fn head(tx: &mut Tx) -> Result<u64> {
    whole(tx.number("SELECT size AS n FROM log_head WHERE one = 1", params![]).await?, "size")
}

pub(crate) async fn move_head(tx: &mut Tx, size: u64) -> Result<()> {
    tx.execute("UPDATE log_head SET size = $1 WHERE one = 1", params![number(size)]).await.map(drop)
}

/// The stored bytes of a tile's place; they may be of a wider, later tile.
pub(crate) async fn tile(tx: &mut Tx, tile: Tile) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM log_tiles WHERE level = $1 AND idx = $2";
    tx.row(sql, params![tile.level, number(tile.index)]).await?.map(|row| row.blob("bytes")).transpose()
}

pub(crate) async fn tiles(tx: &mut Tx, wanted: impl IntoIterator<Item = Tile>) -> Result<StoredTiles> {
    let mut found = StoredTiles::new();
    for wanted in wanted {
        if let Some(bytes) = tile(tx, wanted).await? {
            found.insert((wanted.level, wanted.index), bytes);
        }
    }
    Ok(found)
}

/// How many tiles there are.
pub(crate) async fn count_tiles(tx: &mut Tx) -> Result<i64> {
    tx.number("SELECT count(*) AS n FROM log_tiles", params![]).await
}

pub(crate) async fn put_tile(tx: &mut Tx, tile: Tile, bytes: &[u8]) -> Result<()> {
    let sql = "INSERT INTO log_tiles (level, idx, bytes) VALUES ($1, $2, $3) \
               ON CONFLICT (level, idx) DO UPDATE SET bytes = excluded.bytes";
    tx.execute(sql, params![tile.level, number(tile.index), bytes]).await.map(drop)
}

/// The checkpoint that was signed last, if there is one.
///
/// # Errors
/// What the database refuses.
pub async fn newest_checkpoint(tx: &mut Tx) -> Result<Option<SignedCheckpoint>> {
    let sql = "SELECT size, root, note FROM log_checkpoints ORDER BY size DESC LIMIT 1";
    tx.row(sql, params![]).await?.map(|row| checkpoint(&row)).transpose()
}

/// Checkpoints of more than `size` leaves, smallest first, at most `limit`.
pub(crate) async fn checkpoints_after(tx: &mut Tx, size: u64, limit: i64) -> Result<Vec<SignedCheckpoint>> {
    let sql = "SELECT size, root, note FROM log_checkpoints WHERE size > $1 ORDER BY size LIMIT $2";
    tx.rows(sql, params![number(size), limit]).await?.iter().map(checkpoint).collect()
}

pub(crate) async fn put_checkpoint(tx: &mut Tx, checkpoint: &SignedCheckpoint, signed_at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO log_checkpoints (size, root, note, signed_at) VALUES ($1, $2, $3, $4)";
    let SignedCheckpoint { size, root, note } = checkpoint;
    tx.execute(sql, params![number(*size), root.as_slice(), note, signed_at]).await.map(drop)
}

fn checkpoint(row: &Row) -> Result<SignedCheckpoint> {
    Ok(SignedCheckpoint { size: whole(row.int("size")?, "size")?, root: row.blob("root")?, note: row.text("note")? })
}

/// Positions are counted by the book of acts in `i64`: larger numbers name nothing.
fn number(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn whole(number: i64, column: &'static str) -> Result<u64> {
    u64::try_from(number).map_err(|_| Error::Column(column, format!("{number} is negative")))
}

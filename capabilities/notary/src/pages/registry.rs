//! The log as C2SP tlog-tiles wants it served: <https://c2sp.org/tlog-tiles>.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use proofs::{FULL_WIDTH, Resource, Tile, encode_entries};
use web::{Answer, Failure};

use crate::{LogError, Notary, log::newest, store};

/// A checkpoint may be this old when it is read, so that many readers cost one query.
const CHECKPOINT_SECONDS: u32 = 2;
const KEY_SECONDS: u32 = 3600;

/// The newest signed checkpoint.
pub(crate) async fn checkpoint(State(notary): State<Notary>) -> Answer {
    let mut tx = notary.web.database().read().await?;
    let checkpoint = newest(&notary, &mut tx).await?;
    Ok(web::cacheable(CHECKPOINT_SECONDS, checkpoint.note))
}

/// The key with which checkpoints are checked.
pub(crate) async fn key(State(notary): State<Notary>) -> Response {
    web::cacheable(KEY_SECONDS, format!("{}\n", notary.verifier()))
}

/// A tile of hashes or a bundle of entries. Partial ones stay available after the tree has outgrown them.
pub(crate) async fn tile(State(notary): State<Notary>, Path(path): Path<String>) -> Answer {
    let resource = Resource::parse(&format!("tile/{path}")).ok_or(Failure::NotFound)?;
    let mut tx = notary.web.database().read().await?;
    let (Resource::Tile(tile) | Resource::Entries(tile)) = resource;
    let size = newest(&notary, &mut tx).await?.size;
    let reached = Tile::in_tree(tile.level, tile.index, size).is_some_and(|now| now.width >= tile.width);
    if !reached {
        return Err(Failure::NotFound);
    }
    let bytes = match resource {
        Resource::Tile(tile) => {
            let stored = store::tile(&mut tx, tile).await?.unwrap_or_default();
            tile.hashes(&stored).map_err(LogError::from)?.concat()
        }
        Resource::Entries(tile) => entries(&mut tx, tile).await?,
    };
    Ok(forever(bytes))
}

/// Entries are the digests of acts, taken from the book when somebody asks.
async fn entries(tx: &mut database::Tx, tile: Tile) -> Result<Vec<u8>, Failure> {
    let first = i64::try_from(tile.index * u64::from(FULL_WIDTH)).map_err(Failure::internal)?;
    let digests = acts::digests(tx, first, first + i64::from(tile.width)).await?;
    if digests.len() != usize::from(tile.width) {
        return Err(LogError::Disagreement(format!("the book lacks entries of {}", tile.path())).into());
    }
    encode_entries(digests).map_err(Failure::internal)
}

/// What stands under the path of a tile never changes.
fn forever(bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, bytes).into_response()
}

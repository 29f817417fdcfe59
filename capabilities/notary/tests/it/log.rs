//! The log as a stranger sees it: checkpoint, tiles and entries over HTTP, and nothing else.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use proofs::{
    Checkpoint, Hash, Resource, Tile, TileReader, VerifierKey, consistency_proof, decode_entries, inclusion_proof,
    leaf_hash, tiles_for_consistency, tiles_for_inclusion, verify_consistency, verify_inclusion,
};

use crate::house::House;

/// The newest checkpoint, believed only if the published key signed it.
async fn checkpoint(house: &House) -> Checkpoint {
    let reply = house.get("/registro/checkpoint").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    let key = VerifierKey::parse(house.get("/registro/chiave").await.text().trim_end()).unwrap();
    Checkpoint::open(&reply.text(), &[key]).unwrap()
}

async fn fetch(house: &House, tiles: impl IntoIterator<Item = Tile>) -> BTreeMap<Tile, Vec<u8>> {
    let mut fetched = BTreeMap::new();
    for tile in tiles {
        let reply = house.get(&format!("/registro/{}", Resource::Tile(tile).path())).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", tile.path());
        assert_eq!(reply.header("content-type"), "application/octet-stream");
        assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(reply.body.len(), usize::from(tile.width) * 32);
        fetched.insert(tile, reply.body.to_vec());
    }
    fetched
}

async fn is_included(house: &House, digest: &Hash, position: u64, under: &Checkpoint) -> bool {
    let tiles = fetch(house, tiles_for_inclusion(position, under.size).unwrap()).await;
    let reader = TileReader::new(under.size, |tile| tiles.get(&tile).cloned());
    let proof = inclusion_proof(&reader, position, under.size).unwrap();
    verify_inclusion(&leaf_hash(digest), position, under.size, &proof, &under.root)
}

#[tokio::test]
async fn a_stranger_can_check_inclusion_and_that_history_was_not_rewritten() {
    let house = House::new().await;
    let mut written = house.write_acts(300).await;
    assert_eq!(house.follow().await, 300);
    let old = checkpoint(&house).await;
    assert_eq!((old.size, old.origin.as_str()), (300, crate::house::ORIGIN));

    written.extend(house.write_acts(412).await);
    house.follow().await;
    let new = checkpoint(&house).await;
    assert_eq!(new.size, 712);
    let tiles = fetch(&house, tiles_for_consistency(old.size, new.size).unwrap()).await;
    let reader = TileReader::new(new.size, |tile| tiles.get(&tile).cloned());
    let proof = consistency_proof(&reader, old.size, new.size).unwrap();
    assert!(verify_consistency(old.size, new.size, &proof, &old.root, &new.root));

    for position in [0, 255, 256, 299, 300, 711] {
        let digest = &written[position].digest;
        assert!(is_included(&house, digest, position as u64, &new).await, "{position}");
        let another = &written[(position + 1) % 712].digest;
        assert!(!is_included(&house, another, position as u64, &new).await, "{position}");
    }
    // The old checkpoint's tiles are still there, although the tree has outgrown them.
    assert!(is_included(&house, &written[299].digest, 299, &old).await);
}

#[tokio::test]
async fn entries_are_the_digests_of_the_book() {
    let house = House::new().await;
    let written = house.write_acts(260).await;
    house.follow().await;
    for (path, range) in [("entries/000", 0..256), ("entries/001.p/4", 256..260), ("entries/000.p/3", 0..3)] {
        let reply = house.get(&format!("/registro/tile/{path}")).await;
        let expected: Vec<_> = written[range].iter().map(|act| act.digest.as_slice()).collect();
        assert_eq!(decode_entries(&reply.body).unwrap(), expected, "{path}");
    }
}

#[tokio::test]
async fn only_paths_of_the_specification_and_of_the_signed_tree_are_served() {
    let house = House::new().await;
    house.write_acts(3).await;
    let nothing = house.get("/registro/tile/0/000.p/1").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND, "written, but not yet signed");
    house.follow().await;
    assert_eq!(house.get("/registro/tile/0/000.p/3").await.status, StatusCode::OK);
    for path in [
        "0/000",
        "0/000.p/4",
        "0/000.p/0",
        "0/000.p/03",
        "0/0",
        "0/x000/000",
        "1/000.p/1",
        "0/001.p/1",
        "64/000",
        "0/x999/x999/x999/x999/x999/x999/999",
        "entries/000",
        "entries/000.p/4",
        "entries",
        "..%2f..%2fchiave",
    ] {
        let status = house.get(&format!("/registro/tile/{path}")).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_empty_log_has_a_checkpoint_too() {
    let house = House::new().await;
    let empty = checkpoint(&house).await;
    assert_eq!(empty.size, 0);
    assert_eq!(house.audit().await, Vec::<String>::new());
}

#[tokio::test]
async fn stopping_between_writing_and_signing_loses_nothing() {
    let house = House::new().await;
    house.write_acts(5).await;
    house.follow().await;
    house.write_acts(5).await;
    // A follower that dies before its commit leaves neither tile nor checkpoint.
    let mut tx = house.database.begin().await.unwrap();
    let batch = acts::after(&mut tx, 5, 200).await.unwrap();
    acts::Follower::follow(&house.notary, &mut tx, &batch).await.unwrap();
    drop(tx);
    assert_eq!(checkpoint(&house).await.size, 5);
    assert_eq!(house.follow().await, 5);
    assert_eq!(checkpoint(&house).await.size, 10);
    assert_eq!(house.audit().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_batch_that_another_process_took_in_is_not_taken_in_twice() {
    let house = House::new().await;
    let written = house.write_acts(5).await;
    house.follow().await;
    let more = house.write_acts(2).await;
    let again: Vec<_> = written.into_iter().chain(more).collect();
    let mut tx = house.database.begin().await.unwrap();
    acts::Follower::follow(&house.notary, &mut tx, &again[3..]).await.unwrap();
    acts::Follower::follow(&house.notary, &mut tx, &again[3..]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(checkpoint(&house).await.size, 7);
    assert_eq!(house.audit().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_log_stops_when_what_is_stored_was_changed() {
    for (change, zeros) in [
        ("UPDATE log_tiles SET bytes = $1 WHERE level = 0", Some(5 * 32)),
        ("UPDATE acts SET digest = $1 WHERE position = 4", Some(32)),
        ("DELETE FROM log_checkpoints", None),
        ("UPDATE log_checkpoints SET root = $1", Some(32)),
        ("UPDATE log_head SET size = size - 1", None),
        ("UPDATE act_followers SET next = next + 1 WHERE name = 'notary'", None),
    ] {
        let house = House::new().await;
        house.write_acts(5).await;
        house.follow().await;
        let zeros: Vec<_> = zeros.map(|many| vec![0u8; many].into()).into_iter().collect();
        house.tamper_with(change, &zeros).await;
        house.write_acts(2).await;
        let refused = acts::catch_up(&house.database, &house.notary).await;
        assert!(matches!(refused, Err(acts::FollowError::Other(_))), "{change}: {refused:?}");
    }
}

#[tokio::test]
async fn the_book_and_the_engine_digest_alike() {
    let house = House::new().await;
    for act in house.write_acts(3).await {
        let body = act.body.unwrap();
        assert_eq!(acts::digest(&body.salt, &body.content), proofs::act_digest(&body.salt, &body.content));
        assert_eq!(act.digest, proofs::act_digest(&body.salt, &body.content));
    }
}

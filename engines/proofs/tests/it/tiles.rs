//! The route through tiles equals the direct route.

use std::{cell::RefCell, collections::BTreeMap, collections::BTreeSet};

use proofs::{
    EntriesError, FULL_WIDTH, Hash, HashReader as _, LeafHashes, Node, Resource, Tile, TileReader, TreeError, append,
    consistency_proof, decode_entries, encode_entries, inclusion_proof, leaf_hash, right_edge, root,
    tiles_for_consistency, tiles_for_inclusion, tiles_for_root,
};
use proptest::prelude::*;

/// A store that keeps one row for each place, the widest: as a table would.
#[derive(Default)]
struct Store {
    size: u64,
    rows: BTreeMap<(u8, u64), Vec<u8>>,
}

impl Store {
    fn get(&self, tile: Tile) -> Option<Vec<u8>> {
        self.rows.get(&(tile.level, tile.index)).cloned()
    }

    fn append(&mut self, leaves: &[Hash]) -> Hash {
        let appended = append(self.size, leaves, |tile| self.get(tile)).unwrap();
        self.size = appended.size;
        let rows = appended.tiles.into_iter().map(|(tile, bytes)| {
            assert_eq!(bytes.len(), usize::from(tile.width) * 32);
            ((tile.level, tile.index), bytes)
        });
        self.rows.extend(rows);
        appended.root
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

#[test]
fn paths_are_those_of_the_specification() {
    let path = |level, index, width| Tile { level, index, width }.path();
    assert_eq!(path(0, 1_234_067, FULL_WIDTH), "tile/0/x001/x234/067");
    assert_eq!(path(1, 0, 17), "tile/1/000.p/17");
    assert_eq!(
        Resource::parse("tile/entries/x001/067.p/8"),
        Some(Resource::Entries(Tile { level: 0, index: 1067, width: 8 }))
    );
    let strange = [
        "",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/00/001",
        "tile/64/001",
        "tile/0/001/",
        "tile/0/x001",
        "tile/0/0001",
        "tile/0/x000/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001.p/",
        "tile/-1/001",
        "tile/0/+01",
        "tile/entries/1",
        "/tile/0/001",
        "tile/0/../001",
        "tile/0/001.p/8/..",
        "tile/0/x001/x067",
    ];
    for path in strange {
        assert_eq!(Resource::parse(path), None, "{path}");
    }
}

#[test]
fn a_tree_of_70000_has_the_tiles_of_the_specification() {
    let edge: Vec<_> = right_edge(70_000).into_iter().map(|tile| (tile.level, tile.index, tile.width)).collect();
    assert_eq!(edge, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
    assert_eq!(right_edge(256).into_iter().map(Tile::path).collect::<Vec<_>>(), ["tile/1/000.p/1"]);
    assert_eq!(right_edge(0), []);

    let mut store = Store::default();
    let leaves = leaves(70_000);
    let first = store.append(&leaves);
    assert_eq!(store.rows.len(), 274 + 2 + 1);
    assert_eq!(first, root(&LeafHashes(&leaves), 70_000).unwrap());
    let tiles = TileReader::new(70_000, |tile| store.get(tile));
    for index in [0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999] {
        let direct = inclusion_proof(&LeafHashes(&leaves), index, 70_000);
        assert_eq!(inclusion_proof(&tiles, index, 70_000), direct, "leaf {index}");
    }
}

#[test]
fn missing_and_torn_tiles_are_named() {
    let mut store = Store::default();
    store.append(&leaves(300));
    let edge = Tile { level: 0, index: 1, width: 44 };
    assert_eq!(append(300, &[[0; 32]], |_| None), Err(TreeError::MissingTile(edge)));
    let torn = |bytes: usize| append(300, &[[0; 32]], move |_| Some(vec![0; bytes]));
    for bytes in [0, 43 * 32, 44 * 32 + 1, 257 * 32] {
        assert_eq!(torn(bytes), Err(TreeError::TornTile { tile: edge, bytes }));
    }
    let reader = TileReader::new(300, |tile| store.get(tile));
    assert!(reader.hash(Node { level: 0, index: 300 }).is_err());
    assert!(reader.hash(Node { level: 8, index: 1 }).is_err());
    assert!(reader.hash(Node { level: 200, index: u64::MAX }).is_err());
    assert!(append(u64::MAX, &[[0; 32]], |_| None).is_err());
}

#[test]
fn bundles_come_back_as_they_went() {
    let entries: [&[u8]; 3] = [b"", &[1; 32], &[2; 65_535]];
    let bytes = encode_entries(entries).unwrap();
    assert_eq!(bytes[..2], [0, 0]);
    assert_eq!(bytes[2..4], [0, 32]);
    assert_eq!(decode_entries(&bytes).unwrap(), entries);
    assert_eq!(decode_entries(&bytes[..bytes.len() - 1]), Err(EntriesError::Torn));
    assert_eq!(decode_entries(&[0]), Err(EntriesError::Torn));
    assert_eq!(encode_entries([vec![0; 65_536]]), Err(EntriesError::TooLong(0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn tiles_grown_in_any_steps_give_the_direct_proofs(
        steps in prop::collection::vec(0_u64..700, 1..8), picks in prop::array::uniform4(any::<prop::sample::Index>()),
    ) {
        let all = leaves(steps.iter().sum::<u64>() + 1);
        let (tree, mut store) = (LeafHashes(&all), Store::default());
        for step in steps.into_iter().chain([1]) {
            let from = store.size as usize;
            let grown = store.append(&all[from..from + step as usize]);
            prop_assert_eq!(grown, root(&tree, store.size).unwrap());
        }
        let size = store.size;
        let asked = RefCell::new(BTreeSet::new());
        let tiles = TileReader::new(size, |tile| {
            asked.borrow_mut().insert(tile);
            store.get(tile)
        });
        for pick in picks {
            let at = pick.index(size as usize) as u64;
            asked.take();
            prop_assert_eq!(inclusion_proof(&tiles, at, size), inclusion_proof(&tree, at, size));
            prop_assert_eq!(asked.take(), tiles_for_inclusion(at, size).unwrap());
            prop_assert_eq!(consistency_proof(&tiles, at, size), consistency_proof(&tree, at, size));
            prop_assert_eq!(asked.take(), tiles_for_consistency(at, size).unwrap());
            // An older size is read out of the wider tiles that the store has now.
            let older = TileReader::new(at, |tile| store.get(tile));
            prop_assert_eq!(root(&older, at), root(&tree, at));
        }
        prop_assert_eq!(root(&tiles, size), root(&tree, size));
        prop_assert_eq!(asked.take(), tiles_for_root(size));
    }

    #[test]
    fn every_tile_path_is_read_back(level in 0_u8..64, index: u64, width in 1_u16..=256) {
        let tile = Tile { level, index, width };
        prop_assert_eq!(Resource::parse(&tile.path()), Some(Resource::Tile(tile)));
        let entries = Resource::Entries(Tile { level: 0, ..tile });
        prop_assert_eq!(Resource::parse(&entries.path()), Some(entries));
    }

    #[test]
    fn reading_never_panics(path in ".{0,40}", bytes: Vec<u8>, level: u8, index: u64, size: u64) {
        let _ = Resource::parse(&path);
        let _ = Resource::parse(&format!("tile/{path}"));
        let _ = decode_entries(&bytes);
        let reader = TileReader::new(size, |_| Some(bytes.clone()));
        let _ = reader.hash(Node { level, index });
        let _ = Tile::in_tree(level, index, size);
        let _ = right_edge(size);
        let _ = tiles_for_inclusion(index, size);
    }
}

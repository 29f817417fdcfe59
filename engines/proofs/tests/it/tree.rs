//! Properties of proofs on random trees.

use proofs::{
    Hash, LeafHashes, TreeError, consistency_proof, inclusion_proof, leaf_hash, root, verify_consistency,
    verify_inclusion,
};
use proptest::prelude::*;

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// Every proof that differs by one bit, one hash less or one hash more.
fn mutations(proof: &[Hash]) -> impl Iterator<Item = Vec<Hash>> {
    let flipped = (0..proof.len() * 256).map(|bit| {
        let mut proof = proof.to_vec();
        proof[bit / 256][bit / 8 % 32] ^= 1 << (bit % 8);
        proof
    });
    let dropped = (0..proof.len()).map(|place| [&proof[..place], &proof[place + 1..]].concat());
    let added = (0..=proof.len()).map(|place| [&proof[..place], &[[7; 32]], &proof[place..]].concat());
    flipped.chain(dropped).chain(added)
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_nowhere_else() {
    for size in 1..=40 {
        let leaves = leaves(size);
        let tree = LeafHashes(&leaves);
        let root = root(&tree, size).unwrap();
        for index in 0..size {
            let proof = inclusion_proof(&tree, index, size).unwrap();
            for (claimed, leaf) in (0..).zip(&leaves) {
                assert_eq!(verify_inclusion(leaf, index, size, &proof, &root), claimed == index);
                assert_eq!(verify_inclusion(&leaves[index as usize], claimed, size, &proof, &root), claimed == index);
            }
        }
    }
}

#[test]
fn every_small_tree_begins_every_larger_one() {
    let leaves = leaves(40);
    let tree = LeafHashes(&leaves);
    for size in 0..=40 {
        for old in 0..=size {
            let proof = consistency_proof(&tree, old, size).unwrap();
            let [before, after] = [old, size].map(|size| root(&tree, size).unwrap());
            assert!(verify_consistency(old, size, &proof, &before, &after), "{old} in {size}");
            assert!(!verify_consistency(old, size, &proof, &[9; 32], &after), "{old} in {size}, other old root");
            // Every tree extends the empty one, so there the new root is not constrained.
            assert!(old == 0 && size > 0 || !verify_consistency(old, size, &proof, &before, &[9; 32]));
        }
    }
}

#[test]
fn what_is_outside_the_tree_is_refused() {
    let leaves = leaves(3);
    let tree = LeafHashes(&leaves);
    assert_eq!(inclusion_proof(&tree, 3, 3), Err(TreeError::OutsideTree { asked: 3, size: 3 }));
    assert_eq!(consistency_proof(&tree, 4, 3), Err(TreeError::OutsideTree { asked: 4, size: 3 }));
    assert!(root(&tree, 4).is_err());
    assert!(!verify_inclusion(&leaves[0], 0, 0, &[], &leaves[0]));
    assert!(!verify_consistency(4, 3, &[], &leaves[0], &leaves[0]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_mutated_inclusion_proof_fails(size in 1_u64..2000, pick in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let (tree, index) = (LeafHashes(&leaves), pick.index(size as usize));
        let root = root(&tree, size).unwrap();
        let proof = inclusion_proof(&tree, index as u64, size).unwrap();
        prop_assert!(verify_inclusion(&leaves[index], index as u64, size, &proof, &root));
        for wrong in mutations(&proof) {
            prop_assert!(!verify_inclusion(&leaves[index], index as u64, size, &wrong, &root));
        }
    }

    #[test]
    fn a_mutated_consistency_proof_fails(size in 2_u64..2000, pick in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let (tree, old) = (LeafHashes(&leaves), 1 + pick.index(size as usize - 1) as u64);
        let [before, after] = [old, size].map(|size| root(&tree, size).unwrap());
        let proof = consistency_proof(&tree, old, size).unwrap();
        prop_assert!(verify_consistency(old, size, &proof, &before, &after));
        for wrong in mutations(&proof) {
            prop_assert!(!verify_consistency(old, size, &wrong, &before, &after));
        }
    }

    #[test]
    fn verifying_never_panics(
        index: u64, size: u64, old: u64, proof in prop::collection::vec(any::<Hash>(), 0..70), leaf: Hash, root: Hash,
    ) {
        prop_assert!(!verify_inclusion(&leaf, index, size, &proof, &root));
        prop_assert!(!verify_consistency(old, size, &proof, &leaf, &root));
    }
}

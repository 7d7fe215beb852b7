//! Snapshots from others: the input is the content, for which any good checksum could be made. It is put back, or refused; what is put
//! back can be taken again, and has no call that ends in an error of ours.
#![no_main]

use std::sync::Arc;

use graphdouble::internals::archive::SnapshotFile;
use graphdouble::internals::engine::{Engine, IdChoice};
use graphdouble_fuzz::{block_on, json_mutator};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    json_mutator::mutate(data, size, max_size, seed)
});

fuzz_target!(|input: &[u8]| {
    assert!(SnapshotFile::read(input).is_err(), "nobody makes a checksum by chance");
    let Ok(file) = serde_json::from_slice::<SnapshotFile>(input) else { return };
    let Ok(restored) = SnapshotFile::read(&file.write().expect("a small file")).expect("what is written can be read").replay() else { return };
    block_on(async {
        let engine = Arc::new(Engine::new(None));
        let Ok(world) = engine.add("default", restored.config, restored.mode) else { return };
        engine.put(&world, restored.replayed, restored.answers, IdChoice::Same);
        if let Ok(snapshot) = world.snapshot() {
            SnapshotFile::of(&world, &snapshot).expect("it was made of a text").write().expect("a small world");
        }
    });
});

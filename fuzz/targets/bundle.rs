//! Bundles from others: the input is the content, for which any good checksum could be made. It is replayed, or refused.
#![no_main]

use graphdouble::internals::archive::Bundle;
use graphdouble::internals::runner::replay;
use graphdouble_fuzz::{block_on, json_mutator};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    json_mutator::mutate(data, size, max_size, seed)
});

fuzz_target!(|input: &[u8]| {
    assert!(Bundle::read(input).is_err(), "nobody makes a checksum by chance");
    let Ok(bundle) = serde_json::from_slice::<Bundle>(input) else { return };
    let bundle = Bundle::read(&bundle.write().expect("a small bundle")).expect("what is written can be read");
    bundle.transcript();
    let Ok((scenario, recorded)) = bundle.open() else { return };
    block_on(async {
        let (report, _world) = replay(&scenario, recorded).await;
        Bundle::transcript_of(&report);
    });
});

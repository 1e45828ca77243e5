//! Inputs that fuzzing found, and the seeds it starts from: what each target promises holds for them.
//!
//! The promises are those of `fuzz/`, whose commands stand in `fuzz/README.md`; a finding is kept as
//! `tests/data/fuzz/TARGET/NAME`.

#[path = "../fuzz/src/lib.rs"]
mod promises;

use std::path::Path;

fn hold(folder: &str) -> usize {
    let mut held = 0;
    for (target, _) in promises::TARGETS {
        let Ok(files) = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(target).read_dir() else { continue };
        for file in files {
            let path = file.unwrap().path();
            eprintln!("{}", path.display());
            promises::run(target, &std::fs::read(&path).unwrap());
            held += 1;
        }
    }
    held
}

#[test]
fn findings_stay_mended() {
    hold("tests/data/fuzz");
}

#[test]
fn seeds_hold() {
    assert!(hold("fuzz/seeds") > 10);
}

/// What fuzzing has collected in this folder, where the promises or the code have changed since: cheaper than a build for
/// fuzzing.
#[test]
#[ignore = "takes as long as the corpus is large"]
fn what_fuzzing_collected_holds() {
    eprintln!("{} inputs", hold("fuzz/corpus"));
}

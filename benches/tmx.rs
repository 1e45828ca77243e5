//! Reading and writing TMX, in bytes a second: the memory in `tmx/`, as often as makes a file of some size.

use dhakira::memory::Memory;
use dhakira::tmx::{Header, Reader, Writer};
use divan::counter::BytesCount;
use std::path::Path;

fn main() {
    divan::main();
}

fn file() -> Vec<u8> {
    let memory = Memory::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx")).expect("tmx/ is there");
    let snapshot = memory.snapshot().expect("tmx/ can be listed");
    let mut writer = Writer::new(Vec::new(), &Header::new("ar")).expect("a vector takes everything");
    for _ in 0..20 {
        for (_, unit) in snapshot.units() {
            writer.write_unit(&unit).expect("a vector takes everything");
        }
    }
    writer.finish().expect("a vector takes everything")
}

#[divan::bench]
fn read(bencher: divan::Bencher) {
    let file = file();
    bencher.counter(BytesCount::of_slice(&file)).bench(|| {
        let reader = Reader::from_bytes(divan::black_box(&file), "bench.tmx").expect("our own file");
        reader.flatten().count()
    });
}

#[divan::bench]
fn write(bencher: divan::Bencher) {
    let file = file();
    let units: Vec<_> =
        Reader::from_bytes(&file, "bench.tmx").expect("our own file").flatten().map(|e| e.unit).collect();
    bencher.counter(BytesCount::of_slice(&file)).bench(|| {
        let mut writer = Writer::new(Vec::with_capacity(file.len()), &Header::new("ar")).expect("a vector");
        units.iter().for_each(|unit| writer.write_unit(unit).expect("a vector takes everything"));
        writer.finish().expect("a vector takes everything").len()
    });
}

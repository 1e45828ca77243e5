//! Import of one large TMX file and export of the memory that it makes: ours with one and two threads, lxml's iterparse and
//! expat in the same run.
//!
//! `cargo bench --bench import` makes 200 MB and prints the table of `benches/results/import.md`; `-- --megabytes 5000` makes
//! 5 GB; `-- --rounds 9` takes nine rounds, in each of which every program runs once, and medians of them. Every program is a process
//! of its own, so that its peak memory is its own.

mod generator;

use dhakira::memory::{Memory, Moment};
use dhakira::task::{ExportOptions, ImportOptions, Known, Workers, export, import, stream};
use dhakira::tmx::{Blocks, Line, Reader, Reject};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What one process measured of itself.
#[derive(Clone)]
struct Measure {
    units: u64,
    wall: f64,
    cpu: f64,
    peak_kib: u64,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [work, file, target, threads] = &arguments[..]
        && ["read", "import", "prepare", "export"].contains(&work.as_str())
    {
        return child(work, file.as_ref(), target.as_ref(), threads.parse()?);
    }
    let number = |name: &str, default: u64| -> Outcome<u64> {
        let at = arguments.iter().position(|a| a == name);
        Ok(at.and_then(|at| arguments.get(at + 1)).map_or(Ok(default), |n| n.parse())?)
    };
    let (megabytes, rounds) = (number("--megabytes", 200)?, number("--rounds", 5)?);
    let folder = std::env::temp_dir().join(format!("dhakira-import-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = table(&folder, megabytes, rounds.max(1));
    fs::remove_dir_all(&folder)?;
    result
}

/// All programs on the same file, `rounds` times in turn: the median of each, and of how they compare within one round.
fn table(folder: &Path, megabytes: u64, rounds: u64) -> Outcome<()> {
    let file = folder.join("foreign.tmx");
    let units = generator::write(&file, megabytes * 1_000_000)?;
    let size = fs::metadata(&file)?.len() as f64 / 1e6;
    let here = std::env::current_exe()?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/import");
    let expat = folder.join("expat");
    let compiled =
        Command::new("cc").arg("-O2").arg("-o").arg(&expat).arg(source.join("expat.c")).arg("-lexpat").status();
    let python = ["python3", "python"].map(String::from).into_iter().find(|python| {
        Command::new(python).args(["-c", "import lxml.etree"]).output().is_ok_and(|output| output.status.success())
    });
    let memory = folder.join("memory");
    let ours = |work: &str, threads: usize| {
        let mut command = Command::new(&here);
        let from = if work == "export" { &memory } else { &file };
        let to = if work == "prepare" { memory.clone() } else { folder.join(format!("{work}-{threads}.tmx")) };
        command.arg(work).arg(from).arg(to).arg(threads.to_string());
        command
    };
    let kept = run("prepare", &mut ours("prepare", 2))?.units;
    let out = Memory::open(&memory)?.files()?.iter().map(|file| Ok(fs::metadata(file)?.len())).sum::<Outcome<u64>>()?;
    let mut commands: Vec<(&str, Command)> = vec![
        (READ_1, ours("read", 1)),
        (READ_2, ours("read", 2)),
        (IMPORT_1, ours("import", 1)),
        (IMPORT_2, ours("import", 2)),
        (EXPORT_1, ours("export", 1)),
        (EXPORT_2, ours("export", 2)),
    ];
    match compiled {
        Ok(status) if status.success() => {
            let mut command = Command::new(&expat);
            command.arg(&file);
            commands.push((EXPAT, command));
        }
        _ => eprintln!("skipped: expat (needs cc and libexpat's headers)"),
    }
    match python {
        Some(python) => {
            let mut command = Command::new(python);
            command.arg(source.join("iterparse.py")).arg(&file);
            commands.push((LXML, command));
        }
        None => eprintln!("skipped: lxml (python3 -m pip install lxml)"),
    }
    let mut measures: Vec<Vec<Measure>> = vec![Vec::new(); commands.len()];
    for _ in 0..rounds {
        for ((name, command), measures) in commands.iter_mut().zip(&mut measures) {
            let measure = run(name, command)?;
            let expected = if name.starts_with("export") { kept } else { units };
            if measure.units != expected {
                return Err(format!("{name}: {} units of {expected}", measure.units).into());
            }
            measures.push(measure);
        }
    }
    let out = out as f64 / 1e6;
    println!("{size:.0} MB, {units} units; the memory {out:.0} MB, {kept} units; medians of {rounds} rounds\n");
    println!("| | wall s | CPU s | MB/s wall | MB/s CPU | peak MiB |\n| --- | ---: | ---: | ---: | ---: | ---: |");
    for ((name, _), measures) in commands.iter().zip(&measures) {
        let of = |value: fn(&Measure) -> f64| median(measures.iter().map(value));
        let (wall, cpu, peak) = (of(|m| m.wall), of(|m| m.cpu), of(|m| m.peak_kib as f64 / 1024.0));
        let size = if name.starts_with("export") { out } else { size };
        println!("| {name} | {wall:.3} | {cpu:.3} | {:.0} | {:.0} | {peak:.0} |", size / wall, size / cpu);
    }
    println!("\n| as fast as | wall, median (least to most) |\n| --- | ---: |");
    for (ours, theirs) in PAIRS {
        let of = |name: &str| commands.iter().position(|(n, _)| *n == name).map(|at| &measures[at]);
        let (Some(own), Some(other)) = (of(ours), of(theirs)) else { continue };
        let mut ratios: Vec<f64> = own.iter().zip(other).map(|(own, other)| other.wall / own.wall).collect();
        ratios.sort_by(f64::total_cmp);
        let (least, most) = (ratios[0], ratios[ratios.len() - 1]);
        println!("| {ours} / {theirs} | {:.2} ({least:.2} to {most:.2}) |", median(ratios.into_iter()));
    }
    Ok(())
}

const READ_1: &str = "only reading, 1 thread";
const READ_2: &str = "only reading, 2 threads";
const IMPORT_1: &str = "import, 1 thread";
const IMPORT_2: &str = "import, 2 threads";
const EXPORT_1: &str = "export, 1 thread";
const EXPORT_2: &str = "export, 2 threads";
const EXPAT: &str = "expat in C, only reading";
const LXML: &str = "lxml iterparse, only reading";

/// What is compared within one round.
const PAIRS: [(&str, &str); 8] = [
    (READ_1, EXPAT),
    (READ_2, LXML),
    (IMPORT_1, EXPAT),
    (IMPORT_1, LXML),
    (IMPORT_2, EXPAT),
    (IMPORT_2, LXML),
    (EXPORT_1, IMPORT_1),
    (EXPORT_2, IMPORT_2),
];

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn run(name: &str, command: &mut Command) -> Outcome<Measure> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let [units, wall, cpu, peak] = words[..] else { return Err(format!("{name}: {text}").into()) };
    Ok(Measure { units: units.parse()?, wall: wall.parse()?, cpu: cpu.parse()?, peak_kib: peak.parse()? })
}

/// One of our own runs, in its own process.
fn child(work: &str, file: &Path, target: &Path, threads: usize) -> Outcome<()> {
    let workers = Workers::new(threads);
    let wall = Instant::now();
    let before = cpu_seconds()?;
    let units = match work {
        "read" => read_only(file, &workers)?,
        "import" => import_into(file, target, &workers)?.0,
        "prepare" => import_into(file, target, &workers)?.1,
        _ => export_to(file, target, &workers)?,
    };
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds()? - before);
    println!("{units} {wall:.4} {cpu:.4} {}", peak_kib()?);
    if work == "prepare" {
        return Ok(());
    } else if target.is_dir() {
        fs::remove_dir_all(target)?;
    } else if target.exists() {
        fs::remove_file(target)?;
    }
    Ok(())
}

/// Into a new memory: every check, duplicates found, the file brought to disk.
fn import_into(file: &Path, folder: &Path, workers: &Workers) -> Outcome<(u64, u64)> {
    let memory = Memory::create(folder)?;
    let mut writer = memory.writer()?;
    let writer = Some((&mut writer, Moment::new("20260101T090000Z").expect("a date")));
    let mut known = Known::default();
    let imported = workers.run(|| import(file, &ImportOptions::default(), writer, &mut known))?;
    Ok(((imported.read + imported.set_aside.len()) as u64, imported.new as u64))
}

/// Every unit read and checked, nothing written: what the others do.
fn read_only(file: &Path, workers: &Workers) -> Outcome<u64> {
    let mut blocks = Blocks::new(Reader::open(file)?);
    let mut size = 0;
    let take = |item: Result<Line<'_>, Reject>| {
        size += item.map_err(|reject| reject.error)?.xml().len();
        Ok::<(), dhakira::Error>(())
    };
    workers.run(|| stream(&mut blocks, take))?;
    Ok(blocks.report().read)
}

/// Out of a memory into one file, brought to disk.
fn export_to(memory: &Path, target: &Path, workers: &Workers) -> Outcome<u64> {
    let memory = Memory::open(memory)?;
    let said = |error: &dhakira::Error| eprintln!("{error}");
    let delivered = workers.run(|| export(&memory, &ExportOptions::default(), target, said))?;
    Ok(delivered.map_or(0, |delivered| delivered.units))
}

/// CPU time of this process with all threads that it had, to a hundredth of a second (`proc(5)`, fields 14 and 15 of `stat`,
/// which count in hundredths on every Linux).
fn cpu_seconds() -> Outcome<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 =
        fields.get(11..13).ok_or("too few fields")?.iter().map(|n| n.parse::<u64>()).sum::<Result<_, _>>()?;
    Ok(ticks as f64 / 100.0)
}

fn peak_kib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.split_whitespace().next().unwrap_or("0").parse()?)
}

//! Import and export of one large TMX file: ours with one and two threads, lxml's iterparse and expat in the same run.
//!
//! `cargo bench --bench import` makes 200 MB and prints the table of `benches/results/import.md`; `-- --megabytes 5000` makes
//! 5 GB; `-- --rounds 5` takes the best of five. Every reader is a process of its own, so that its peak memory is its own.

mod generator;

use dhakira::file;
use dhakira::memory::{Memory, Moment};
use dhakira::task::{ImportOptions, Known, Workers, import, stream};
use dhakira::tmx::{Blocks, Header, Line, Reader, Reject, Writer};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What one process measured of itself.
#[derive(Clone, Copy)]
struct Measure {
    units: u64,
    wall: f64,
    cpu: f64,
    peak_kib: u64,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [work, file, target, threads] = &arguments[..]
        && ["read", "import", "export"].contains(&work.as_str())
    {
        return child(work, file.as_ref(), target.as_ref(), threads.parse()?);
    }
    let number = |name: &str, default: u64| -> Outcome<u64> {
        let at = arguments.iter().position(|a| a == name);
        Ok(at.and_then(|at| arguments.get(at + 1)).map_or(Ok(default), |n| n.parse())?)
    };
    let (megabytes, rounds) = (number("--megabytes", 200)?, number("--rounds", 3)?);
    let folder = std::env::temp_dir().join(format!("dhakira-import-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = table(&folder, megabytes, rounds.max(1));
    fs::remove_dir_all(&folder)?;
    result
}

/// All readers on the same file, `rounds` times in turn, the best of each.
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
    let ours = |work: &str, threads: usize| {
        let mut command = Command::new(&here);
        command.arg(work).arg(&file).arg(folder.join(format!("{work}-{threads}"))).arg(threads.to_string());
        command
    };
    let mut commands: Vec<(&str, Command)> = vec![
        ("only reading, 1 thread", ours("read", 1)),
        ("only reading, 2 threads", ours("read", 2)),
        ("import, 1 thread", ours("import", 1)),
        ("import, 2 threads", ours("import", 2)),
        ("export, 1 thread", ours("export", 1)),
        ("export, 2 threads", ours("export", 2)),
    ];
    match compiled {
        Ok(status) if status.success() => {
            let mut command = Command::new(&expat);
            command.arg(&file);
            commands.push(("expat in C, only reading", command));
        }
        _ => eprintln!("skipped: expat (needs cc and libexpat's headers)"),
    }
    match python {
        Some(python) => {
            let mut command = Command::new(python);
            command.arg(source.join("iterparse.py")).arg(&file);
            commands.push(("lxml iterparse, only reading", command));
        }
        None => eprintln!("skipped: lxml (python3 -m pip install lxml)"),
    }
    let mut best: Vec<Option<Measure>> = vec![None; commands.len()];
    for _ in 0..rounds {
        for ((name, command), best) in commands.iter_mut().zip(&mut best) {
            let measure = run(name, command)?;
            if measure.units != units {
                return Err(format!("{name}: {} units of {units}", measure.units).into());
            }
            if best.is_none_or(|b| measure.cpu < b.cpu) {
                *best = Some(measure);
            }
        }
    }
    println!("{size:.0} MB, {units} units, best of {rounds} by CPU time\n");
    println!("| | wall s | CPU s | MB/s wall | MB/s CPU | peak MiB |\n| --- | ---: | ---: | ---: | ---: | ---: |");
    for ((name, _), measure) in commands.iter().zip(best) {
        let Some(Measure { wall, cpu, peak_kib, .. }) = measure else { continue };
        let peak = peak_kib as f64 / 1024.0;
        println!("| {name} | {wall:.2} | {cpu:.2} | {:.0} | {:.0} | {peak:.0} |", size / wall, size / cpu);
    }
    Ok(())
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
        "import" => import_into(file, target, &workers)?,
        _ => export_to(file, target, &workers)?,
    };
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds()? - before);
    println!("{units} {wall:.4} {cpu:.4} {}", peak_kib()?);
    if target.is_dir() {
        fs::remove_dir_all(target)?;
    } else if target.exists() {
        fs::remove_file(target)?;
    }
    Ok(())
}

/// Into a new memory: every check, duplicates found, the file brought to disk.
fn import_into(file: &Path, folder: &Path, workers: &Workers) -> Outcome<u64> {
    let memory = Memory::create(folder)?;
    let mut writer = memory.writer()?;
    let writer = Some((&mut writer, Moment::new("20260101T090000Z").expect("a date")));
    let mut known = Known::default();
    let imported = workers.run(|| import(file, &ImportOptions::default(), writer, &mut known))?;
    Ok((imported.read + imported.set_aside.len()) as u64)
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

/// Out of a memory's file into another.
fn export_to(file: &Path, target: &Path, workers: &Workers) -> Outcome<u64> {
    let mut blocks = Blocks::new(Reader::open(file)?);
    let mut written = 0;
    file::replace(target, |file| {
        let mut writer = Writer::new(file, &Header::new("ar"))?;
        let mut take = |item: Result<Line<'_>, Reject>| {
            writer.write_line(&item.map_err(|reject| reject.error)?)?;
            Ok::<(), file::WriteError>(())
        };
        workers.run(|| stream(&mut blocks, &mut take))?;
        written = writer.units();
        writer.finish()?;
        Ok(())
    })?;
    Ok(written)
}

/// CPU time of all threads of this process, in nanoseconds as the scheduler counts them.
fn cpu_seconds() -> Outcome<f64> {
    let mut total = 0u64;
    for thread in fs::read_dir("/proc/self/task")? {
        let line = fs::read_to_string(thread?.path().join("schedstat"))?;
        total += line.split_whitespace().next().unwrap_or("0").parse::<u64>()?;
    }
    Ok(total as f64 / 1e9)
}

fn peak_kib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.split_whitespace().next().unwrap_or("0").parse()?)
}

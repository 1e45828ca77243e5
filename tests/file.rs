//! Files that are there whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use dhakira::Error;
use dhakira::file::{NewFile, replace};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_fails_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ذاكرة\nبسطرين.tmx");
    fs::write(&path, "قديم").unwrap();
    let failed = replace(&path, |file| -> Result<(), _> {
        file.write_all(&vec![b'x'; 1 << 20])?;
        assert_eq!(names(folder.path()).len(), 2, "the partial stands beside the old file");
        Err(io::Error::other("the source ended").into())
    });
    assert!(failed.unwrap_err().to_string().contains("the source ended"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "قديم");
    assert_eq!(names(folder.path()).len(), 1);
    // Dropped without commit, as when a thread panics.
    let mut file = NewFile::create(&path).unwrap();
    file.write_all("نصف".as_bytes()).unwrap();
    file.flush().unwrap();
    drop(file);
    assert_eq!(fs::read_to_string(&path).unwrap(), "قديم");
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn the_name_appears_with_commit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tmx");
    let mut first = NewFile::create(&path).unwrap();
    let mut second = NewFile::create(&path).unwrap();
    first.write_all(b"first").unwrap();
    second.write_all(b"second").unwrap();
    assert!(names(folder.path()).iter().all(|n| n.ends_with(".partial")));
    first.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"first");
    second.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"second");
    assert_eq!(names(folder.path()), ["a.tmx"]);
}

#[test]
fn places_where_nothing_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("none/a.tmx"), folder.path().to_path_buf(), folder.path().join("a\0.tmx")] {
        let error = NewFile::create(&path).err().unwrap();
        assert!(matches!(&error, Error::Io { doing: "write", path: p, .. } if *p == path), "{error}");
    }
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    let real = folder.path().join("real/a.tmx");
    fs::write(&real, "old").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("a.tmx");
    symlink(&real, &link).unwrap();
    replace(&link, |file| Ok(file.write_all(b"new")?)).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&real).unwrap(), b"new");
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(names(&folder.path().join("real")), ["a.tmx"]);
    // Links in a circle are an error, not a hang.
    let circle = folder.path().join("circle");
    symlink(&circle, &circle).unwrap();
    assert!(NewFile::create(&circle).is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: no /dev/full");
        return;
    }
    let error = replace("/dev/full", |file| Ok(file.write_all(b"x")?)).err().unwrap();
    assert!(matches!(&error, Error::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull), "{error}");
    replace("/dev/null", |file| Ok(file.write_all(b"x")?)).unwrap();
}

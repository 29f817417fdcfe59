//! The disk after a power cut: what was fsynced is there; of what came later, anything may be.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::journal::{
    Record,
    format::{
        CREATED, FOLDER_MADE, FOLDER_SYNCED, FOUND, LINKED, REMOVED, RENAMED, SIZED, SYNC_FAILED, SYNCED, WRITTEN,
    },
};
use crate::dice::Dice;

/// What a disk writes as a whole, in bytes.
const SECTOR: usize = 512;

/// When a name is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// When its folder was fsynced: all that POSIX promises.
    WithTheirFolder,
    /// When the file was: what ext4 and XFS do besides, and PostgreSQL before version 17 takes for granted where it makes the
    /// files of tables.
    WithTheirFile,
}

type FileId = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Folder,
    File(FileId),
}

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Size(usize),
}

#[derive(Debug, Default)]
struct Content {
    durable: Vec<u8>,
    /// In their order, each with its place in the journal.
    pending: Vec<(u64, Change)>,
    /// What an `fsync` that failed was about: no later one makes it durable.
    forgotten: Vec<Change>,
}

/// What names become, at once or not at all.
#[derive(Debug)]
struct Renaming {
    at: u64,
    sets: Vec<(PathBuf, Option<Node>)>,
}

/// The disk, as the program sees it and as it is.
#[derive(Debug)]
pub struct Disk {
    rule: Names,
    files: Vec<Content>,
    by_inode: HashMap<u64, FileId>,
    seen: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
    pending: Vec<Renaming>,
}

impl Disk {
    /// What is in a folder while nothing runs: all of it is on the disk.
    pub fn of(folder: &Path, rule: Names) -> anyhow::Result<Self> {
        let mut disk = Self {
            rule,
            files: Vec::new(),
            by_inode: HashMap::new(),
            seen: BTreeMap::new(),
            durable: BTreeMap::new(),
            pending: Vec::new(),
        };
        disk.read(folder, Path::new(""))?;
        disk.seen = disk.durable.clone();
        Ok(disk)
    }

    fn read(&mut self, root: &Path, below: &Path) -> anyhow::Result<()> {
        for entry in fs::read_dir(root.join(below))? {
            let (entry, path) = entry.map(|entry| (entry.file_type(), below.join(entry.file_name())))?;
            let node = if entry?.is_dir() {
                self.read(root, &path)?;
                Node::Folder
            } else {
                self.files.push(Content { durable: fs::read(root.join(&path))?, ..Content::default() });
                Node::File(self.files.len() - 1)
            };
            if !path.to_string_lossy().ends_with("-shm") {
                self.durable.insert(path, node);
            }
        }
        Ok(())
    }

    /// Does what a record says.
    pub fn apply(&mut self, record: &Record<'_>) {
        let (head, path) = (record.head, || PathBuf::from(String::from_utf8_lossy(record.body).as_ref()));
        match head.kind {
            CREATED => self.create(record.at, head.file, path()),
            FOUND => {
                if let Some(Node::File(id)) = self.seen.get(&path()) {
                    self.by_inode.insert(head.file, *id);
                }
            }
            WRITTEN => self.change(record, Change::Write(place(head.place), record.body.to_vec())),
            SIZED => self.change(record, Change::Size(place(head.place))),
            SYNCED => self.sync(head.file, head.place),
            SYNC_FAILED => self.forget(head.file, head.place),
            FOLDER_SYNCED => self.sync_folder(&path(), head.place),
            RENAMED | LINKED => self.rename(record),
            REMOVED => self.rename_to(record.at, vec![(path(), None)]),
            FOLDER_MADE => self.rename_to(record.at, vec![(path(), Some(Node::Folder))]),
            _ => {}
        }
    }

    fn create(&mut self, at: u64, inode: u64, path: PathBuf) {
        self.files.push(Content::default());
        let id = self.files.len() - 1;
        self.by_inode.insert(inode, id);
        self.rename_to(at, vec![(path, Some(Node::File(id)))]);
    }

    fn rename_to(&mut self, at: u64, sets: Vec<(PathBuf, Option<Node>)>) {
        set(&mut self.seen, &sets);
        self.pending.push(Renaming { at, sets });
    }

    fn rename(&mut self, record: &Record<'_>) {
        let mut paths = record.body.split(|byte| *byte == 0).map(|path| String::from_utf8_lossy(path).into_owned());
        let (Some(from), Some(to)) = (paths.next(), paths.next()) else { return };
        let (from, to) = (PathBuf::from(from), PathBuf::from(to));
        let mut sets = Vec::new();
        // A folder takes what is in it along.
        for (path, node) in self.seen.range(from.clone()..).take_while(|(path, _)| path.starts_with(&from)) {
            let new = path.strip_prefix(&from).map_or_else(|_| to.clone(), |rest| join(&to, rest));
            sets.push((new, Some(*node)));
            if record.head.kind == RENAMED {
                sets.push((path.clone(), None));
            }
        }
        self.rename_to(record.at, sets);
    }

    fn change(&mut self, record: &Record<'_>, change: Change) {
        if let Some(id) = self.by_inode.get(&record.head.file) {
            self.files[*id].pending.push((record.at, change));
        }
    }

    fn sync(&mut self, inode: u64, before: u64) {
        let Some(id) = self.by_inode.get(&inode).copied() else { return };
        let file = &mut self.files[id];
        let (done, open): (Vec<_>, Vec<_>) = file.pending.drain(..).partition(|(at, _)| *at < before);
        file.pending = open;
        for (_, change) in done {
            write(&mut file.durable, &change);
        }
        if self.rule == Names::WithTheirFile {
            self.make_names_durable(before, |_| true);
        }
    }

    fn forget(&mut self, inode: u64, before: u64) {
        let Some(id) = self.by_inode.get(&inode) else { return };
        let file = &mut self.files[*id];
        let (lost, open): (Vec<_>, Vec<_>) = file.pending.drain(..).partition(|(at, _)| *at < before);
        file.forgotten.extend(lost.into_iter().map(|(_, change)| change));
        file.pending = open;
    }

    fn sync_folder(&mut self, folder: &Path, before: u64) {
        self.make_names_durable(before, |path| path.parent() == Some(folder));
    }

    fn make_names_durable(&mut self, before: u64, of: impl Fn(&Path) -> bool) {
        let concerned = |one: &Renaming| one.at < before && one.sets.iter().any(|(path, _)| of(path));
        let (done, open): (Vec<_>, Vec<_>) = self.pending.drain(..).partition(concerned);
        self.pending = open;
        for one in done {
            set(&mut self.durable, &one.sets);
        }
    }

    /// Writes into an empty folder what is left after the cut. Tells how many changes were not durable.
    pub fn remains(mut self, folder: &Path, dice: &mut Dice) -> anyhow::Result<usize> {
        let not_durable = self.files.iter().map(|file| file.pending.len() + file.forgotten.len()).sum::<usize>();
        let not_durable = not_durable + self.pending.len();
        let kept = Kept::of_chance(dice, self.pending.len());
        for (at, one) in self.pending.iter().enumerate() {
            if kept.keeps(at, dice) {
                set(&mut self.durable, &one.sets);
            }
        }
        for (path, node) in &self.durable {
            let target = folder.join(path);
            match node {
                // A name whose folder is not there is not there either.
                _ if !target.parent().is_some_and(Path::is_dir) => {}
                Node::Folder => fs::create_dir_all(target)?,
                Node::File(id) => write_private(&target, &self.files[*id].remains(dice))?,
            }
        }
        Ok(not_durable)
    }
}

/// Keys are read only where nobody else can.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let file = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(path);
    file?.write_all(bytes)
}

fn join(folder: &Path, rest: &Path) -> PathBuf {
    if rest.as_os_str().is_empty() { folder.to_owned() } else { folder.join(rest) }
}

fn set(names: &mut BTreeMap<PathBuf, Node>, sets: &[(PathBuf, Option<Node>)]) {
    for (path, node) in sets {
        match node {
            Some(node) => drop(names.insert(path.clone(), *node)),
            None => drop(names.remove(path)),
        }
    }
}

fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn write(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Size(size) => bytes.resize(*size, 0),
        Change::Write(at, written) => {
            let end = at + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at..end].copy_from_slice(written);
        }
    }
}

/// Which of the things that were not durable are there nevertheless.
enum Kept {
    First(usize),
    Some,
}

impl Kept {
    fn of_chance(dice: &mut Dice, many: usize) -> Self {
        match dice.below(4) {
            0 => Self::First(0),
            1 => Self::First(many),
            2 => Self::First(dice.place(many + 1)),
            _ => Self::Some,
        }
    }

    const fn keeps(&self, at: usize, dice: &mut Dice) -> bool {
        match self {
            Self::First(many) => at < *many,
            Self::Some => dice.once_in(2),
        }
    }
}

impl Content {
    fn remains(&self, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let lost = self.forgotten.iter();
        let changes: Vec<&Change> = lost.chain(self.pending.iter().map(|(_, change)| change)).collect();
        let kept = Kept::of_chance(dice, changes.len());
        for (at, change) in changes.into_iter().enumerate() {
            match (change, &kept) {
                (Change::Write(at, written), Kept::Some) => torn(&mut bytes, *at, written, dice),
                _ if kept.keeps(at, dice) => write(&mut bytes, change),
                _ => {}
            }
        }
        bytes
    }
}

/// Some of the sectors of a write: a disk writes each whole or not at all, and in the order that it likes.
fn torn(bytes: &mut Vec<u8>, at: usize, written: &[u8], dice: &mut Dice) {
    let mut from = 0;
    while from < written.len() {
        let to = written.len().min(from + SECTOR - (at + from) % SECTOR);
        if dice.once_in(2) {
            write(bytes, &Change::Write(at + from, written[from..to].to_vec()));
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::{super::journal::records, *};
    use crate::torture::journal::format::Head;

    /// A journal that is written down step by step.
    #[derive(Default)]
    struct Steps(Vec<u8>);

    impl Steps {
        fn add(mut self, kind: u32, file: u64, place: u64, body: &[u8]) -> Self {
            let length = u32::try_from(body.len()).unwrap();
            self.0.extend(Head { kind, length, file, place }.bytes());
            self.0.extend(body);
            self
        }

        /// An `fsync` now: of a file, or of a folder by its path.
        fn sync(self, kind: u32, file: u64, path: &str) -> Self {
            let now = self.0.len() as u64;
            self.add(kind, file, now, path.as_bytes())
        }

        /// Every disk that a hundred power cuts leave of it.
        fn cut(&self, rule: Names, start: &[(&str, &[u8])]) -> Vec<BTreeMap<String, Vec<u8>>> {
            let folder = tempfile::tempdir().unwrap();
            for (name, bytes) in start {
                fs::write(folder.path().join(name), bytes).unwrap();
            }
            let left = |seed| {
                let mut disk = Disk::of(folder.path(), rule).unwrap();
                records(&self.0).unwrap().iter().for_each(|record| disk.apply(record));
                let left = tempfile::tempdir().unwrap();
                disk.remains(left.path(), &mut Dice::new(seed)).unwrap();
                let files = fs::read_dir(left.path()).unwrap().map(|entry| entry.unwrap());
                files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
            };
            (0..100).map(left).collect()
        }
    }

    fn contents(disks: &[BTreeMap<String, Vec<u8>>], name: &str) -> std::collections::BTreeSet<Vec<u8>> {
        disks.iter().filter_map(|disk| disk.get(name).cloned()).collect()
    }

    #[test]
    fn what_was_synced_is_there_and_of_the_rest_any_sectors() {
        let steps = Steps::default().add(FOUND, 7, 0, b"book").add(WRITTEN, 7, 0, &[1; 512]).sync(SYNCED, 7, "");
        let disks = steps.add(WRITTEN, 7, 0, &[2; 1024]).cut(Names::WithTheirFolder, &[("book", &[0; 1024])]);
        let left = contents(&disks, "book");
        let half = |first: u8, second: u8| [[first; 512], [second; 512]].concat();
        assert_eq!(left, [half(1, 0), half(1, 2), half(2, 0), half(2, 2)].into());
    }

    #[test]
    fn what_is_written_while_an_fsync_runs_is_not_synced_by_it() {
        let steps = Steps::default().add(FOUND, 7, 0, b"book").add(WRITTEN, 7, 0, b"a");
        let began = steps.0.len() as u64;
        let disks =
            steps.add(WRITTEN, 7, 0, b"b").add(SYNCED, 7, began, b"").cut(Names::WithTheirFolder, &[("book", b"-")]);
        assert_eq!(contents(&disks, "book"), [b"a".to_vec(), b"b".to_vec()].into());
    }

    #[test]
    fn after_an_fsync_that_failed_the_next_one_does_not_bring_back_what_it_was_about() {
        let steps = Steps::default().add(FOUND, 7, 0, b"book").add(WRITTEN, 7, 0, b"a").sync(SYNC_FAILED, 7, "");
        let disks = steps.sync(SYNCED, 7, "").cut(Names::WithTheirFolder, &[("book", b"-")]);
        assert_eq!(contents(&disks, "book"), [b"-".to_vec(), b"a".to_vec()].into());
    }

    #[test]
    fn a_name_is_durable_with_its_folder_and_for_some_disks_with_its_file() {
        let steps = || Steps::default().add(CREATED, 7, 0, b"key").add(WRITTEN, 7, 0, b"k").sync(SYNCED, 7, "");
        let without = steps().cut(Names::WithTheirFolder, &[]);
        assert!(without.iter().any(BTreeMap::is_empty) && without.iter().any(|disk| !disk.is_empty()));
        let with_folder = steps().sync(FOLDER_SYNCED, 0, "").cut(Names::WithTheirFolder, &[]);
        let with_file = steps().cut(Names::WithTheirFile, &[]);
        for disks in [with_folder, with_file] {
            assert!(disks.iter().all(|disk| disk.get("key").is_some_and(|bytes| bytes == b"k")));
        }
    }

    #[test]
    fn a_file_is_renamed_or_not_and_never_both() {
        let steps = Steps::default().add(RENAMED, 0, 0, b"new\0old");
        let disks = steps.cut(Names::WithTheirFolder, &[("new", b"n"), ("old", b"o")]);
        assert_eq!(contents(&disks, "old"), [b"n".to_vec(), b"o".to_vec()].into());
        assert!(disks.iter().all(|disk| disk.contains_key("new") == (disk["old"] == b"o")));
    }
}

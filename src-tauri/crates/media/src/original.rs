//! A file that is looked at in several ways while its bytes are read from the disk once.

use crate::{
    Container, EmbeddedWorkflow, MediaError, Stop,
    embedded::{embedded_as, source::Source},
    image_file::verify_in,
    recognise,
};
use std::{
    cell::Cell,
    fs::File,
    io::{self, BufReader, Cursor, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    thread::LocalKey,
};

/// What tells a kind of file, in bytes.
const FIRST: usize = 4_096;
/// What is read of each file at once, in bytes: measures of most pictures and prompts of many are in there,
/// and reading what is not by itself costs less than copying as much of each. `read_to_end` asks for as
/// much at once, too.
const HEAD: usize = 8 << 10;
/// Files up to this size are kept in memory once they were read, in bytes: larger pictures are rare,
/// and a film is not decoded from memory.
const KEPT: u64 = 64 << 20;
/// What is read at once where a file is only passed over.
const STEP: usize = 1 << 20;
/// Room for a whole file that a thread keeps for its next one, at most, in bytes.
const SPARED: usize = 4 << 20;

thread_local! {
    // A thread that reads thousands of files would spend more time on getting empty memory for each
    // than on reading it.
    static HEADS: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static WHOLES: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A file on disk. [`Original::hash`] reads it once; up to 64 MB stay in memory until this is dropped,
/// so that measuring it, reading what is embedded and decoding it cost no second read. Call `hash`
/// first where it is needed at all.
pub struct Original {
    path: PathBuf,
    /// Nothing for bytes that were never in a file of their own.
    file: Option<File>,
    length: u64,
    container: Container,
    /// Its first bytes.
    head: Vec<u8>,
    whole: Option<Vec<u8>>,
}

/// What libraries want of a file.
pub(crate) trait ReadSeek: Read + Seek + Send + Sync {}
impl<R: Read + Seek + Send + Sync> ReadSeek for R {}

pub(crate) type Reader<'a> = Box<dyn ReadSeek + 'a>;

impl Original {
    /// Opens a file and looks at its first bytes.
    ///
    /// # Errors
    /// When it cannot be opened or read, or is empty.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let mut file = File::open(path)?;
        let about = file.metadata()?;
        if !about.is_file() {
            return Err(MediaError::Damaged("it is no file but a folder or a device".to_owned()));
        }
        let mut head = room(&HEADS, HEAD);
        file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(MediaError::Truncated("it is empty"));
        }
        let first = &head[..head.len().min(FIRST)];
        let container = recognise(first, path.extension().and_then(|ending| ending.to_str()));
        Ok(Self {
            path: path.to_owned(),
            length: about.len(),
            container,
            file: Some(file),
            head,
            whole: None,
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its length in bytes when it was opened.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What it is, by its first bytes.
    pub fn container(&self) -> Container {
        self.container
    }

    /// The BLAKE3 of all its bytes, as hex.
    ///
    /// # Errors
    /// When it cannot be read, became shorter meanwhile, or the work is stopped.
    pub fn hash(&mut self, stop: &Stop) -> Result<String, MediaError> {
        if let Some(whole) = self.keep(stop)? {
            return Ok(blake3::hash(whole).to_hex().to_string());
        }
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; STEP];
        let mut reader = self.reader()?;
        let mut read = 0;
        loop {
            stop.check()?;
            match reader.read(&mut buffer)? {
                0 => break,
                count => {
                    hasher.update(&buffer[..count]);
                    read += count as u64;
                }
            }
        }
        drop(reader);
        if read < self.length {
            return Err(shorter());
        }
        Ok(hasher.finalize().to_hex().to_string())
    }

    /// Reads what is embedded of a workflow, as [`crate::embedded`] does.
    ///
    /// # Errors
    /// As [`crate::embedded_in`].
    pub fn embedded(&mut self) -> Result<EmbeddedWorkflow, MediaError> {
        let container = self.container;
        embedded_as(container, &mut Source::new(&mut self.parts())?)
    }

    /// Whether its bytes are few enough to be kept.
    pub(crate) fn fits(&self) -> bool {
        self.length <= KEPT
    }

    /// All bytes, if they are few enough to be kept.
    pub(crate) fn keep(&mut self, stop: &Stop) -> Result<Option<&[u8]>, MediaError> {
        if !self.fits() {
            return Ok(None);
        }
        if self.whole.is_none() {
            let length = usize::try_from(self.length).unwrap_or_default();
            let Some(file) = &mut self.file else { return Ok(None) };
            file.seek(SeekFrom::Start(0))?;
            let mut whole = room(&WHOLES, length);
            while whole.len() < length {
                stop.check()?;
                let step = STEP.min(length - whole.len()) as u64;
                if file.by_ref().take(step).read_to_end(&mut whole)? == 0 {
                    return Err(shorter());
                }
            }
            self.whole = Some(whole);
        }
        Ok(self.whole.as_deref())
    }

    /// Its bytes from the beginning, from memory where they are there.
    pub(crate) fn reader(&mut self) -> Result<Reader<'_>, MediaError> {
        if let Some(whole) = &self.whole {
            return Ok(Box::new(Cursor::new(whole)));
        }
        let Some(file) = &mut self.file else { return Ok(Box::new(Cursor::new(&[][..]))) };
        file.seek(SeekFrom::Start(0))?;
        Ok(Box::new(BufReader::with_capacity(1 << 16, &*file)))
    }

    /// Small parts of it, wherever they are: those of the head cost nothing, and of others only what is
    /// asked for is read.
    pub(crate) fn parts(&mut self) -> Reader<'_> {
        match (&self.whole, &mut self.file) {
            (Some(whole), _) => Box::new(Cursor::new(whole)),
            (None, Some(file)) => {
                Box::new(Parts { file, head: &self.head, length: self.length, at: 0 })
            }
            (None, None) => Box::new(Cursor::new(&[][..])),
        }
    }

    /// Bytes that are in memory already, such as a cover. What they are only their beginning tells.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        let container = recognise(&bytes[..bytes.len().min(FIRST)], None);
        let length = bytes.len() as u64;
        Self {
            path: PathBuf::new(),
            file: None,
            length,
            container,
            head: Vec::new(),
            whole: Some(bytes),
        }
    }

    /// Whether a picture is whole, as [`crate::verify`] says it.
    pub(crate) fn verify(&mut self) -> Result<(), MediaError> {
        let (length, container) = (self.length, self.container);
        verify_in(&mut self.reader()?, length, container)
    }

    /// Whether it ends where it should, as far as a look at a few places tells. A PNG's end is looked at
    /// when its texts are read ([`Self::embedded`]).
    ///
    /// # Errors
    /// When it is cut off.
    pub fn check_end(&mut self) -> Result<(), MediaError> {
        let (length, container) = (self.length, self.container);
        match container {
            Container::Png | Container::Apng => Ok(()),
            _ => verify_in(&mut self.parts(), length, container),
        }
    }

    /// Whether its first bytes are these.
    pub(crate) fn begins(&self, with: &[u8]) -> bool {
        self.head.starts_with(with)
    }

    /// The extension of its name.
    pub(crate) fn extension(&self) -> Option<String> {
        self.path.extension().and_then(|ending| ending.to_str()).map(str::to_owned)
    }
}

impl Drop for Original {
    fn drop(&mut self) {
        give_back(&HEADS, std::mem::take(&mut self.head));
        give_back(&WHOLES, self.whole.take().unwrap_or_default());
    }
}

/// Room for so many bytes: what the thread kept, if that is enough.
fn room(kept: &'static LocalKey<Cell<Vec<u8>>>, bytes: usize) -> Vec<u8> {
    let room = kept.take();
    if room.capacity() < bytes { Vec::with_capacity(bytes) } else { room }
}

/// Keeps room for the next file that this thread reads.
fn give_back(kept: &'static LocalKey<Cell<Vec<u8>>>, mut room: Vec<u8>) {
    if room.capacity() == 0 || room.capacity() > SPARED {
        return;
    }
    room.clear();
    // Where the thread ends, its memory is gone already.
    let _ = kept.try_with(|kept| kept.set(room));
}

/// A file whose head is in memory.
struct Parts<'a> {
    file: &'a mut File,
    head: &'a [u8],
    length: u64,
    at: u64,
}

impl Read for Parts<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let head = usize::try_from(self.at).ok().and_then(|at| self.head.get(at..));
        let count = match head {
            Some(mut head) if !head.is_empty() => head.read(into)?,
            _ => {
                self.file.seek(SeekFrom::Start(self.at))?;
                self.file.read(into)?
            }
        };
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Parts<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

fn shorter() -> MediaError {
    MediaError::Truncated("it became shorter while it was read")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::{collection::vec, prelude::*};

    const WHOLE: u64 = HEAD as u64;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn parts_are_those_of_the_file(
            // Shorter than the head, as long, and longer.
            length in prop_oneof![1..100_u64, Just(WHOLE), WHOLE - 9..WHOLE + 9, WHOLE..3 * WHOLE],
            places in vec((0.0..1.1_f64, 1..2_000_usize), 1..20),
        ) {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &bytes).unwrap();
            let mut original = Original::open(file.path()).unwrap();
            let mut parts = original.parts();
            prop_assert_eq!(parts.seek(SeekFrom::End(0)).unwrap(), length);
            let mut whole = Cursor::new(&bytes);
            for (place, count) in places {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
                let at = SeekFrom::Start((length as f64 * place) as u64);
                let (mut found, mut wanted) = (Vec::new(), Vec::new());
                for (reader, into) in [
                    (&mut parts as &mut dyn ReadSeek, &mut found),
                    (&mut whole, &mut wanted),
                ] {
                    reader.seek(at).unwrap();
                    reader.take(count as u64).read_to_end(into).unwrap();
                }
                prop_assert_eq!(found, wanted);
            }
        }
    }
}

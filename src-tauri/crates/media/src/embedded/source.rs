//! A file that is read in small parts, each checked against its length and against what is left of
//! the room for text.

use crate::MediaError;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

/// All texts of one file together, packed and unpacked, in bytes.
pub const MOST_TEXT: u64 = 64 << 20;
/// What is read at once where a head is looked for.
const WINDOW: u64 = 512;

/// What a reader here needs of a file.
pub trait ReadSeek: Read + Seek {}
impl<R: Read + Seek> ReadSeek for R {}

/// A file of known length. Positions are counted from its beginning.
pub struct Source<'a> {
    reader: &'a mut dyn ReadSeek,
    /// Where in the reader it begins.
    base: u64,
    length: u64,
    room: u64,
    /// Where the reader stands, so that it is not told to go where it is.
    position: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl<'a> Source<'a> {
    /// Asks the reader for its length.
    ///
    /// # Errors
    /// When it cannot be told.
    pub fn new(reader: &'a mut dyn ReadSeek) -> Result<Self, MediaError> {
        let length = reader.seek(SeekFrom::End(0))?;
        Ok(Self {
            reader,
            base: 0,
            length,
            room: MOST_TEXT,
            position: length,
            window: Vec::new(),
            window_at: 0,
        })
    }

    /// A file that stands within this one, with the room for text that is left.
    ///
    /// # Errors
    /// [`MediaError::Truncated`] when this file ends before.
    pub fn part(&mut self, from: u64, to: u64) -> Result<Source<'_>, MediaError> {
        if from > to || to > self.length {
            return Err(MediaError::Truncated("it ends where more was announced"));
        }
        // The reader will stand elsewhere.
        self.position = u64::MAX;
        Ok(Source {
            reader: &mut *self.reader,
            base: self.base + from,
            length: to - from,
            room: self.room,
            position: u64::MAX,
            window: Vec::new(),
            window_at: 0,
        })
    }

    /// The file's length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The first `most` bytes, or as many as there are.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn head(&mut self, most: u64) -> Result<Vec<u8>, MediaError> {
        self.move_window(0, most)?;
        Ok(self.window.clone())
    }

    /// The bytes at `at`: a head of fixed size.
    ///
    /// # Errors
    /// [`MediaError::Truncated`] when the file ends before.
    pub fn array<const N: usize>(&mut self, at: u64) -> Result<[u8; N], MediaError> {
        if self.window_of(at, N).is_none() {
            self.move_window(at, WINDOW)?;
        }
        self.window_of(at, N)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(MediaError::Truncated("it ends where more was announced"))
    }

    fn move_window(&mut self, at: u64, most: u64) -> Result<(), MediaError> {
        let mut window = std::mem::take(&mut self.window);
        let count = most.min(self.length.saturating_sub(at));
        window.resize(usize::try_from(count).map_err(|_| too_much_text())?, 0);
        self.read(at, &mut window)?;
        (self.window, self.window_at) = (window, at);
        Ok(())
    }

    fn window_of(&self, at: u64, count: usize) -> Option<&[u8]> {
        let from = usize::try_from(at.checked_sub(self.window_at)?).ok()?;
        self.window.get(from..from.checked_add(count)?)
    }

    /// `count` bytes at `at`, taken from the room for text.
    ///
    /// # Errors
    /// [`MediaError::Truncated`] when the file ends before, [`MediaError::Damaged`] when it is more
    /// than the room that is left. Nothing is allocated then.
    pub fn bytes(&mut self, at: u64, count: u64) -> Result<Vec<u8>, MediaError> {
        if at.checked_add(count).is_none_or(|end| end > self.length) {
            return Err(MediaError::Truncated("it ends where more was announced"));
        }
        self.take_room(count)?;
        let mut bytes = vec![0; usize::try_from(count).map_err(|_| too_much_text())?];
        self.read(at, &mut bytes)?;
        Ok(bytes)
    }

    /// `count` bytes at `at` that are passed over: nothing is taken from the room for text, so there
    /// must be few at once.
    ///
    /// # Errors
    /// When the file ends before.
    pub fn passing(&mut self, at: u64, count: u64) -> Result<&[u8], MediaError> {
        self.move_window(at, count)?;
        Ok(&self.window)
    }

    /// Takes from the room for text: what is unpacked counts as well.
    ///
    /// # Errors
    /// When there is not so much left.
    pub fn take_room(&mut self, count: u64) -> Result<(), MediaError> {
        self.room = self.room.checked_sub(count).ok_or_else(too_much_text)?;
        Ok(())
    }

    /// What is left of the room for text, in bytes.
    pub fn room(&self) -> u64 {
        self.room
    }

    /// The file from its beginning, as much of it as may be text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn stream(&mut self) -> Result<impl BufRead + '_, MediaError> {
        self.reader.seek(SeekFrom::Start(self.base))?;
        self.position = u64::MAX;
        Ok(BufReader::new(Read::take(&mut *self.reader, self.length.min(MOST_TEXT))))
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), MediaError> {
        if at != self.position {
            self.reader.seek(SeekFrom::Start(self.base + at))?;
        }
        // Wherever an error leaves it.
        self.position = u64::MAX;
        self.reader.read_exact(into).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                MediaError::Truncated("it became shorter while it was read")
            }
            _ => MediaError::Io(error),
        })?;
        self.position = at + into.len() as u64;
        Ok(())
    }
}

/// More text than is read.
pub fn too_much_text() -> MediaError {
    MediaError::Damaged(format!("its texts are larger than {} MB", MOST_TEXT >> 20))
}

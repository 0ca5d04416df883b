//! Only what is needed is read, and nothing is allocated on a file's word.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use media::{EmbeddedWorkflow, MediaError, embedded_in};
use proptest::{prelude::*, sample::Index};
use std::{
    cell::Cell,
    fs::{File, OpenOptions},
    io::{Cursor, Read, Result, Seek, SeekFrom, Write},
    rc::Rc,
};
use support::build;

const PROMPT: &str = r#"{"1": {"class_type": "A", "inputs": {}}}"#;

/// Counts what is read through it.
struct Counting<R> {
    inner: R,
    bytes: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(into)?;
        self.bytes.set(self.bytes.get() + count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.inner.seek(to)
    }
}

fn counted(file: impl Read + Seek) -> (std::result::Result<EmbeddedWorkflow, MediaError>, u64) {
    let bytes = Rc::new(Cell::new(0));
    let reader = Counting { inner: file, bytes: bytes.clone() };
    let found = embedded_in(reader, None).map(|(_, found)| found);
    (found, bytes.get())
}

/// A file with a hole of `hole` bytes between two parts.
fn sparse(first: &[u8], hole: u64, second: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(first).unwrap();
    let at = first.len() as u64 + hole;
    file.set_len(at).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(second).unwrap();
    file
}

const FOUR_GIB: u64 = 4 << 30;

#[test]
fn a_film_of_four_gigabytes_is_read_in_a_few_kilobytes() {
    let texts = [("prompt", PROMPT)];
    // The film's data between the brands and the rest, with a length of 64 bits.
    let film = build::mp4(b"isom", &texts, true, false);
    let movie = film.windows(4).position(|four| four == b"moov").unwrap() - 4;
    let data = film.windows(4).position(|four| four == b"mdat").unwrap() - 4;
    let long = [&[0, 0, 0, 1], &b"mdat"[..], &(FOUR_GIB + 16).to_be_bytes()].concat();
    let brands = &film[..movie];
    let film = &film[movie..data];
    let tags = build::tags(&texts);
    let head = build::webm_head("webm");
    let element = |id: &[u8], size: u64| [id, &(1 << 56 | size).to_be_bytes()].concat();
    let cluster = element(build::CLUSTER, FOUR_GIB);
    let matroska = |index: &[u8]| {
        let size = (index.len() + cluster.len() + tags.len()) as u64 + FOUR_GIB;
        let first = [&head, &element(build::SEGMENT, size)[..], index, &cluster].concat();
        sparse(&first, FOUR_GIB, &tags)
    };
    let at = build::index(0).len() as u64 + cluster.len() as u64 + FOUR_GIB;
    let files = [
        ("the head last", sparse(&[brands, &long].concat(), FOUR_GIB, film)),
        ("the head first", sparse(&[brands, film, &long].concat(), FOUR_GIB, b"")),
        ("the tags last, by the index", matroska(&build::index(at))),
        ("the tags last, by the lengths", matroska(b"")),
    ];
    for (name, file) in files {
        assert!(file.metadata().unwrap().len() > FOUR_GIB, "{name}");
        let (found, bytes) = counted(file);
        assert_eq!(found.unwrap().prompt.as_deref(), Some(PROMPT), "{name}");
        assert!(bytes < 8_000, "{name}: {bytes} bytes were read");
    }
}

#[test]
fn a_picture_s_pixels_are_not_read() {
    let texts = [("prompt", PROMPT)];
    let pixels = 100 << 20;
    let whole = build::png(b"tEXt", &texts, false);
    let data = whole.windows(4).position(|four| four == b"IDAT").unwrap() - 4;
    let mut first = whole[..data].to_vec();
    first.extend(u32::try_from(pixels).unwrap().to_be_bytes());
    first.extend(b"IDAT");
    let (found, bytes) = counted(sparse(&first, pixels + 4, &build::chunk(b"IEND", b"")));
    assert_eq!(found.unwrap().prompt.as_deref(), Some(PROMPT));
    assert!(bytes < 8_000, "{bytes} bytes were read");
}

#[test]
fn more_text_than_sixty_four_megabytes_is_refused_unread() {
    let size: u32 = 65 << 20;
    let whole = build::png_of(b"", false);
    let boxed = |kind: &[u8]| [&(size + 8).to_be_bytes(), kind].concat();
    let parts: [(&str, Vec<u8>); 9] = [
        ("JPEG XL", [build::JXL, &boxed(b"Exif")].concat()),
        ("JPEG XL, packed", [build::JXL, &boxed(b"brob"), b"xml "].concat()),
        ("HEIC", {
            let mut whole = build::heic(b"12345678");
            let item = whole.len() - 12;
            // How long the item is stands at the end of its place.
            let length = whole.windows(4).position(|four| four == b"mdat").unwrap() - 8;
            whole.truncate(item);
            whole[length..length + 4].copy_from_slice(&size.to_be_bytes());
            whole[item - 8..item - 4].copy_from_slice(&(size + 8).to_be_bytes());
            whole
        }),
        ("PNG", [&whole[..33], &size.to_be_bytes(), b"tEXt"].concat()),
        (
            "WebP",
            [b"RIFF", &u32::MAX.to_le_bytes(), &b"WEBPEXIF"[..], &size.to_le_bytes()].concat(),
        ),
        ("safetensors", [&u64::from(size).to_le_bytes()[..], b"{\""].concat()),
        ("GLB", [b"glTF\x02\0\0\0\0\0\0\0", &size.to_le_bytes()[..], b"JSON"].concat()),
        ("MP3", b"ID3\x04\0\0\x20\x40\0\0".to_vec()),
        (
            "WebM",
            [
                &build::webm_head("webm")[..],
                build::SEGMENT,
                b"\x01\xff\xff\xff\xff\xff\xff\xff\x12\x54\xc3\x67\x08\x04\x10\0\0",
            ]
            .concat(),
        ),
    ];
    for (name, first) in parts {
        let (found, bytes) = counted(sparse(&first, u64::from(size), &[0; 4_096]));
        let error = found.unwrap_err();
        assert!(error.to_string().contains("64 MB"), "{name}: {error}");
        assert!(bytes < 8_000, "{name}: {bytes} bytes were read");
    }
}

#[test]
fn long_lists_of_places_in_a_heif_are_refused() {
    // The list of places comes before everything else.
    let file = |content: &[u8]| {
        let meta = build::boxed(b"meta", &[&[0; 4], &build::boxed(b"iloc", content)[..]].concat());
        [build::boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), meta].concat()
    };
    let (found, bytes) = counted(Cursor::new(file(&vec![0; 2 << 20])));
    assert!(matches!(found, Err(MediaError::Damaged(_))), "{found:?}");
    assert!(bytes < 8_000, "{bytes} bytes were read");
    // Parts of one byte each, of some items.
    let places = |items: u16| {
        let mut content = [&b"\0\0\0\0\x01\0"[..], &items.to_be_bytes()].concat();
        for number in 0..items {
            content
                .extend([&number.to_be_bytes()[..], b"\0\0", &60_000_u16.to_be_bytes()].concat());
            content.extend(vec![0; 60_000]);
        }
        embedded_in(Cursor::new(file(&content)), None)
    };
    assert_eq!(places(1).unwrap().1, EmbeddedWorkflow::default());
    let error = places(2).unwrap_err();
    assert!(error.to_string().contains("more of its parts"), "{error}");
}

#[test]
fn a_packed_text_that_grows_past_the_room_is_refused() {
    // Packed and unpacked it takes the room twice.
    let content = build::brob(b"Exif", &vec![b' '; 40 << 20]);
    let error = embedded_in(Cursor::new(build::jxl(b"brob", &content)), None).unwrap_err();
    assert!(error.to_string().contains("64 MB"), "{error}");
    let broken = build::jxl(b"brob", b"xml \x0c\xff\xff\xff");
    assert!(matches!(embedded_in(Cursor::new(broken), None), Err(MediaError::Damaged(_))));
}

#[test]
fn a_large_tiff_is_read_in_a_few_kilobytes() {
    // Its pixels stand first, and a value that is a profile, one of more than the room, and one that
    // is not in the file are passed over.
    let prompt = format!("prompt:{PROMPT}").into_bytes();
    let mut directory = 5_u16.to_le_bytes().to_vec();
    let pixels = 3_u32 << 30;
    let text = pixels + 8 + 2 + 5 * 12;
    for (tag, kind, count, at) in [
        (270_u16, 2_u16, 65_u32 << 20, 8_u32),
        (271, 2, 100, u32::MAX - 200),
        (34_675, 7, 1 << 20, 8),
        (37_724, 7, pixels, 8),
        (0x0110, 2, u32::try_from(prompt.len()).unwrap(), text),
    ] {
        directory.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        directory.extend([count.to_le_bytes(), at.to_le_bytes()].concat());
    }
    directory.extend(prompt);
    let head = [b"II*\0", &(pixels + 8).to_le_bytes()[..]].concat();
    let (found, bytes) = counted(sparse(&head, pixels.into(), &directory));
    assert_eq!(found.unwrap().prompt.as_deref(), Some(PROMPT));
    assert!(bytes < 8_000, "{bytes} bytes were read");
}

#[test]
fn elements_without_end_come_to_one() {
    // Each is a way to make a reader go on for ever, or for as long as the file has bytes.
    let empty = [0, 0, 0, 8, b'f', b'r', b'e', b'e'].repeat(100_000);
    let void = b"\xec\x80".repeat(300_000);
    let parts = [
        [&build::boxed(b"ftyp", b"isom\0\0\0\0")[..], &empty].concat(),
        [&build::webm_head("webm")[..], build::SEGMENT, b"\x01\xff\xff\xff\xff\xff\xff\xff", &void]
            .concat(),
        [&b"GIF89a\x01\0\x01\0\0\0\0"[..], &b"\x21\xf9\0".repeat(400_000)].concat(),
        [build::JXL, &empty].concat(),
        // Sixty thousand entries of which none is a text, and a directory in a circle.
        [&b"II*\0\x08\0\0\0\xff\xff"[..], &[0; 12 * 0xffff]].concat(),
        b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0".to_vec(),
        [&b"\xff\xd8"[..], &b"\xff\xe0\0\x02".repeat(20_000)].concat(),
        [&b"RIFF\xff\xff\xff\x7fWEBP"[..], &b"ANMF\0\0\0\0".repeat(200_000)].concat(),
        [&b"fLaC"[..], &[1, 0, 0, 0].repeat(20_000)].concat(),
        b"OggS\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".repeat(100_000),
        // An index that points at itself.
        [
            &build::webm_head("webm")[..],
            &build::element(
                build::SEGMENT,
                &[build::index(0), build::element(build::CLUSTER, b"")].concat(),
            ),
        ]
        .concat(),
    ];
    for bytes in parts {
        match embedded_in(Cursor::new(&bytes), None) {
            Ok((_, found)) => assert_eq!(found, EmbeddedWorkflow::default()),
            Err(error) => assert!(matches!(error, MediaError::Damaged(_)), "{error}"),
        }
    }
}

#[test]
fn entries_that_share_their_bytes_are_read_once() {
    // Sixty thousand entries of a directory, all with the same two megabytes.
    let text = [b"Steps ".repeat(350_000), b"\0".to_vec()].concat();
    let mut block = b"II*\0\x08\0\0\0\x60\xea".to_vec();
    let at = 10 + 12 * 60_000;
    for tag in 0..60_000_u16 {
        block.extend(tag.to_le_bytes());
        block.extend(2_u16.to_le_bytes());
        block.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        block.extend(u32::try_from(at).unwrap().to_le_bytes());
    }
    block.extend(text);
    let found = embedded_in(Cursor::new(build::webp(&block)), None).unwrap().1;
    assert_eq!(found, EmbeddedWorkflow::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn no_damage_makes_a_reader_panic(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        inserted in prop::option::of((any::<Index>(), prop::collection::vec(any::<u8>(), 1..9))),
        end in any::<Index>(),
        cut in any::<bool>(),
    ) {
        let files = build::all(&[("prompt", PROMPT), ("workflow", "{\"nodes\": [], \"links\": []}")]);
        let (name, _, mut bytes) = files[which.index(files.len())].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some((at, more)) = inserted {
            let at = at.index(bytes.len());
            bytes.splice(at..at, more);
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let length = bytes.len() as u64;
        let (found, read) = counted(Cursor::new(bytes));
        if let Ok(found) = found {
            // What is found was in the file.
            let texts = [found.prompt, found.workflow, found.parameters];
            prop_assert!(texts.iter().flatten().map(String::len).sum::<usize>() < 40 * 1_024);
        }
        // Windows overlap, yet a small file is not read again and again.
        prop_assert!(read < 64 * 512 + 8 * length, "{name}: {read} of {length} bytes");
    }
}

#[test]
fn a_file_that_grows_shorter_is_an_error() {
    struct Shrinking(u64);
    impl Read for Shrinking {
        fn read(&mut self, into: &mut [u8]) -> Result<usize> {
            let head = b"fLaC\0\0\xff\xff";
            let from = usize::try_from(self.0).unwrap().min(head.len());
            let count = into.len().min(head.len() - from);
            into[..count].copy_from_slice(&head[from..from + count]);
            self.0 += count as u64;
            Ok(count)
        }
    }
    impl Seek for Shrinking {
        fn seek(&mut self, to: SeekFrom) -> Result<u64> {
            match to {
                SeekFrom::Start(at) => self.0 = at,
                _ => return Ok(1 << 40),
            }
            Ok(self.0)
        }
    }
    let error = embedded_in(Shrinking(0), None).unwrap_err();
    assert!(matches!(error, MediaError::Truncated(_)), "{error}");
}

#[test]
fn a_file_on_disk_is_read_as_its_bytes_are() {
    let folder = tempfile::tempdir().unwrap();
    for (name, container, bytes) in build::all(&[("prompt", PROMPT)]) {
        let path = folder.path().join(name);
        OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .open(&path)
            .unwrap()
            .write_all(&bytes)
            .unwrap();
        let (kind, found) = media::embedded(&path).unwrap();
        assert_eq!((kind, found.prompt.as_deref()), (container, Some(PROMPT)), "{name}");
    }
}

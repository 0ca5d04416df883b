//! The smallest files of each kind that hold given texts, as savers write them. Also the seeds of the
//! fuzz targets (`src-tauri/fuzz`).
#![allow(dead_code, clippy::cast_possible_truncation)]

use media::Container;

/// Names and texts.
pub type Texts<'a> = [(&'a str, &'a str)];

/// One file of each kind, and of each way in which savers write it: a name, what it is, its bytes.
pub fn all(texts: &Texts) -> Vec<(&'static str, Container, Vec<u8>)> {
    let end = Order { tags_last: true, index: true, unknown: false };
    vec![
        ("a.png", Container::Png, png(b"tEXt", texts, false)),
        ("after.png", Container::Png, png(b"tEXt", texts, true)),
        ("packed.png", Container::Png, png(b"zTXt", texts, false)),
        ("international.png", Container::Png, png(b"iTXt", texts, false)),
        ("animated.png", Container::Apng, apng(texts)),
        ("a.webp", Container::WebP, webp(&exif(texts, true))),
        ("little.webp", Container::WebP, webp(&exif(texts, false))),
        ("a.jpg", Container::Jpeg, jpeg(&exif(texts, true))),
        ("a.avif", Container::Avif, avif(&exif(texts, false), false)),
        ("inside.avif", Container::Avif, avif(&exif(texts, true), true)),
        ("a.heic", Container::Heic, heic(&exif(texts, true))),
        ("a.jxl", Container::JpegXl, jxl(b"Exif", &offset(&exif(texts, true)))),
        (
            "packed.jxl",
            Container::JpegXl,
            jxl(b"brob", &brob(b"Exif", &offset(&exif(texts, false)))),
        ),
        ("a.tif", Container::Tiff, exif(texts, true)),
        ("little.tif", Container::Tiff, exif(texts, false)),
        ("a.gif", Container::Gif, gif(&comment(texts))),
        ("a.flac", Container::Flac, flac(texts)),
        ("a.opus", Container::Opus, ogg(b"OpusHead", texts, 255)),
        ("a.ogg", Container::Ogg, ogg(b"\x01vorbis", texts, 2)),
        ("flac.oga", Container::Ogg, ogg(b"\x7fFLAC", texts, 255)),
        ("speex.ogg", Container::Ogg, ogg(b"Speex   ", texts, 255)),
        ("a.mp3", Container::Mp3, mp3(4, 3, texts)),
        ("three.mp3", Container::Mp3, mp3(3, 1, texts)),
        ("two.mp3", Container::Mp3, mp3(2, 0, texts)),
        ("first.mp4", Container::Mp4, mp4(b"isom", texts, true, false)),
        ("last.mp4", Container::Mp4, mp4(b"isom", texts, false, true)),
        ("comment.mp4", Container::Mp4, mp4_comment(&comment(texts))),
        ("a.mov", Container::Mov, mp4(b"qt  ", texts, false, false)),
        ("a.webm", Container::WebM, webm("webm", texts, Order::default())),
        ("last.webm", Container::WebM, webm("webm", texts, end)),
        ("walked.mkv", Container::Matroska, webm("matroska", texts, Order { index: false, ..end })),
        ("live.mkv", Container::Matroska, webm("matroska", texts, Order { unknown: true, ..end })),
        ("comment.webm", Container::WebM, webm("webm", &[("COMMENT", &comment(texts))], end)),
        ("a.svg", Container::Svg, svg(&comment(texts)).into_bytes()),
        ("a.glb", Container::Glb, glb(texts)),
        ("a.latent", Container::Safetensors, safetensors(texts)),
    ]
}

/// All texts in one JSON object, as VideoHelperSuite's comment has them.
pub fn comment(texts: &Texts) -> String {
    let entries: Vec<String> =
        texts.iter().map(|(name, text)| format!("{}: {text}", json(name))).collect();
    format!("{{{}}}", entries.join(", "))
}

/// The same with each text as a JSON string.
fn strings(texts: &Texts) -> String {
    let entries: Vec<String> =
        texts.iter().map(|(name, text)| format!("{}: {}", json(name), json(text))).collect();
    format!("{{{}}}", entries.join(", "))
}

fn json(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

// Pictures.

pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    joined(&[&(data.len() as u32).to_be_bytes(), kind, data, &sum.sum().to_be_bytes()])
}

pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut out, bytes).expect("memory takes it");
    out.finish().expect("memory takes it")
}

/// A PNG of one black pixel with `chunks` before or after it.
pub fn png_of(chunks: &[u8], after: bool) -> Vec<u8> {
    let head = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let data = chunk(b"IDAT", &packed(&[0, 0]));
    let (first, second) = if after { (&data[..], chunks) } else { (chunks, &data[..]) };
    joined(&[b"\x89PNG\r\n\x1a\n", &head, first, second, &chunk(b"IEND", b"")])
}

pub fn png(kind: &[u8; 4], texts: &Texts, after: bool) -> Vec<u8> {
    let chunks = texts.iter().flat_map(|(name, text)| {
        let (between, text): (&[u8], _) = match kind {
            b"zTXt" => (b"\0\0", packed(text.as_bytes())),
            b"iTXt" => (b"\0\x01\0en\0\0", packed(text.as_bytes())),
            _ => (b"\0", text.as_bytes().to_vec()),
        };
        chunk(kind, &joined(&[name.as_bytes(), between, &text]))
    });
    png_of(&chunks.collect::<Vec<u8>>(), after)
}

pub fn apng(texts: &Texts) -> Vec<u8> {
    let head = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let mut out =
        joined(&[b"\x89PNG\r\n\x1a\n", &head, &chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0])]);
    out.extend(chunk(b"IDAT", &packed(&[0, 0])));
    for (name, text) in texts {
        out.extend(chunk(b"comf", &joined(&[name.as_bytes(), b"\0", text.as_bytes()])));
    }
    out.extend(chunk(b"IEND", b""));
    out
}

/// Tag, kind, value.
pub type Entry = (u16, u16, Vec<u8>);

/// A TIFF structure with these entries in its main directory, and those of the EXIF directory.
pub fn tiff(main: &[Entry], exif: &[Entry], big: bool) -> Vec<u8> {
    let short = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let long = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let directory = |at: usize, entries: &[Entry], link: Option<usize>| {
        let count = entries.len() + usize::from(link.is_some());
        let mut values = at + 2 + 12 * count + 4;
        let mut head = short(count as u16).to_vec();
        let mut data: Vec<u8> = Vec::new();
        for (tag, kind, value) in entries {
            head.extend(short(*tag));
            head.extend(short(*kind));
            head.extend(long(value.len() as u32));
            head.extend(long(values as u32));
            values += value.len();
            data.extend(value);
        }
        if let Some(link) = link {
            head.extend(joined(&[&short(0x8769), &short(4), &long(1), &long(link as u32)]));
        }
        head.extend([0; 4]);
        head.extend(data);
        head
    };
    let length: usize = main.iter().map(|(_, _, value)| value.len() + 12).sum();
    let link = (!exif.is_empty()).then_some(8 + 2 + 12 + 4 + length);
    let mut out = joined(&[if big { b"MM\0*" } else { b"II*\0" }, &long(8)]);
    out.extend(directory(8, main, link));
    if let Some(link) = link {
        out.extend(directory(link, exif, None));
    }
    out
}

/// EXIF as ComfyUI writes it: each text with its name, from the tag for the camera's model downwards.
pub fn exif(texts: &Texts, big: bool) -> Vec<u8> {
    let mut entries: Vec<Entry> = (texts.iter().zip((0..=0x0110).rev()))
        .map(|((name, text), tag)| (tag, 2, format!("{name}:{text}\0").into_bytes()))
        .collect();
    entries.reverse();
    tiff(&entries, &[], big)
}

/// EXIF with a `UserComment` alone.
pub fn user_comment(code: &[u8; 8], text: &[u8], big: bool) -> Vec<u8> {
    tiff(&[], &[(0x9286, 7, joined(&[code, text]))], big)
}

pub fn webp(exif: &[u8]) -> Vec<u8> {
    let pixels = b"VP8L\x05\0\0\0\x2f\0\0\0\0\0";
    let mut body = joined(&[b"WEBP", pixels, b"EXIF", &(exif.len() as u32 + 6).to_le_bytes()]);
    body.extend(b"Exif\0\0");
    body.extend(exif);
    body.extend(vec![0; exif.len() % 2]);
    joined(&[b"RIFF", &(body.len() as u32).to_le_bytes(), &body])
}

pub fn segment(kind: u8, data: &[u8]) -> Vec<u8> {
    joined(&[&[0xff, kind], &(data.len() as u16 + 2).to_be_bytes(), data])
}

pub fn jpeg(exif: &[u8]) -> Vec<u8> {
    jpeg_of(&segment(0xe1, &joined(&[b"Exif\0\0", exif])))
}

pub fn jpeg_of(segments: &[u8]) -> Vec<u8> {
    let jfif = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    joined(&[b"\xff\xd8", &jfif, segments, &segment(0xda, b"\x01\0\0\0\0\0"), b"\0\xff\xd9"])
}

pub fn gif(comment: &str) -> Vec<u8> {
    let mut out = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x21\xfe".to_vec();
    for part in comment.as_bytes().chunks(255) {
        out.push(part.len() as u8);
        out.extend(part);
    }
    out.extend(b"\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b");
    out
}

pub fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    joined(&[&(content.len() as u32 + 8).to_be_bytes(), kind, content])
}

/// `inside`: the item stands in `idat` and not in the file's own data.
pub fn avif(exif: &[u8], inside: bool) -> Vec<u8> {
    heif(b"mif1\0\0\0\0miafavif", b"Exif\0", &offset(exif), inside)
}

pub fn heic(exif: &[u8]) -> Vec<u8> {
    heif(b"heic\0\0\0\0mif1heic", b"Exif\0", &offset(exif), false)
}

/// EXIF as AVIF, HEIC and JPEG XL have it: after how far off it begins.
pub fn offset(exif: &[u8]) -> Vec<u8> {
    joined(&[&[0; 4], exif])
}

/// One item: its kind, and what it says of itself behind that.
pub fn heif(brands: &[u8], kind: &[u8], item: &[u8], inside: bool) -> Vec<u8> {
    let brands = boxed(b"ftyp", brands);
    let entry = boxed(b"infe", &joined(&[b"\x02\0\0\0\0\x07\0\0", kind]));
    let list = boxed(b"iinf", &joined(&[b"\0\0\0\0\0\x01", &entry]));
    let place = |at: usize| {
        let mut out = vec![u8::from(inside), 0, 0, 0, 0x44, 0, 0, 1, 0, 7];
        out.extend(if inside { vec![0, 1] } else { vec![] });
        out.extend([0, 0, 0, 1]);
        out.extend((at as u32).to_be_bytes());
        out.extend((item.len() as u32).to_be_bytes());
        boxed(b"iloc", &out)
    };
    let data = if inside { boxed(b"idat", item) } else { Vec::new() };
    let meta = |at| boxed(b"meta", &joined(&[&[0; 4], &list, &place(at), &data]));
    if inside {
        return joined(&[&brands, &meta(0)]);
    }
    let at = brands.len() + meta(0).len() + 8;
    joined(&[&brands, &meta(at), &boxed(b"mdat", item)])
}

pub const JXL: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";

/// A JPEG XL of no pixels, with one box of words.
pub fn jxl(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    joined(&[
        JXL,
        &boxed(b"ftyp", b"jxl \0\0\0\0jxl "),
        &boxed(b"jxlc", b"\xff\x0a"),
        &boxed(kind, content),
    ])
}

/// What a `brob` box holds: a kind, and Brotli (RFC 7932) in blocks that are not packed.
pub fn brob(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = kind.to_vec();
    for (number, block) in content.chunks(1 << 16).enumerate() {
        // Not the last, four digits of length, the length, not packed; first the window's size, a 0.
        let head = (block.len() as u32 - 1) << 3 | 1 << 19;
        let head = if number == 0 { head << 1 } else { head };
        out.extend(&head.to_le_bytes()[..3]);
        out.extend(block);
    }
    // The last, and empty.
    out.push(3);
    out
}

/// XMP with a text in `exif:UserComment`, as Apple's ImageIO writes it.
pub fn xmp(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">a harbour\nSteps: 1</rdf:li></rdf:Alt></dc:description><exif:UserComment><rdf:Alt><rdf:li xml:lang=\"x-default\">{text}</rdf:li></rdf:Alt></exif:UserComment></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
}

// Sound.

pub fn comments(texts: &Texts) -> Vec<u8> {
    let mut out = b"\x04\0\0\0test".to_vec();
    out.extend((texts.len() as u32).to_le_bytes());
    for (name, text) in texts {
        out.extend(((name.len() + text.len() + 1) as u32).to_le_bytes());
        out.extend(joined(&[name.as_bytes(), b"=", text.as_bytes()]));
    }
    out
}

pub fn flac(texts: &Texts) -> Vec<u8> {
    let list = comments(texts);
    let size = (list.len() as u32).to_be_bytes();
    joined(&[b"fLaC\0\0\0\x22", &[0; 34], b"\x84", &size[1..], &list])
}

/// The segments of a page number `segments` at most, so that longer packets go over several.
pub fn ogg(head: &[u8], texts: &Texts, segments: usize) -> Vec<u8> {
    let list = comments(texts);
    let second = match head {
        b"OpusHead" => joined(&[b"OpusTags", &list]),
        b"\x01vorbis" => joined(&[b"\x03vorbis", &list, b"\x01"]),
        b"Speex   " => list,
        _ => joined(&[b"\x84", &(list.len() as u32).to_be_bytes()[1..], &list]),
    };
    let page = |flags: u8, serial: u32, number: u32, sizes: &[u8], data: &[u8]| {
        let mut out = joined(&[b"OggS\0", &[flags], &[0; 8]]);
        out.extend(serial.to_le_bytes());
        out.extend(number.to_le_bytes());
        out.extend([0; 4]);
        out.push(sizes.len() as u8);
        out.extend(joined(&[sizes, data]));
        out
    };
    let mut out = page(2, 7, 0, &[head.len() as u8], head);
    // Another stream in between.
    out.extend(page(2, 8, 0, &[3], b"abc"));
    let mut sizes = vec![255; second.len() / 255];
    sizes.push((second.len() % 255) as u8);
    let mut rest = &second[..];
    for (number, sizes) in sizes.chunks(segments).enumerate() {
        let length = sizes.iter().map(|size| usize::from(*size)).sum();
        let (data, after) = rest.split_at(length);
        out.extend(page(u8::from(number > 0), 7, number as u32 + 1, sizes, data));
        rest = after;
    }
    out
}

fn sevens(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|by| (size >> by & 0x7f) as u8)
}

pub fn id3(version: u8, flags: u8, frames: &[u8]) -> Vec<u8> {
    let silence = [0xff, 0xfb, 0x90, 0x64];
    let padded = joined(&[frames, &[0; 16]]);
    joined(&[b"ID3", &[version, 0, flags], &sevens(padded.len()), &padded, &silence])
}

pub fn frame(version: u8, name: &str, flags: u16, content: &[u8]) -> Vec<u8> {
    let size = (content.len() as u32).to_be_bytes();
    match version {
        2 => joined(&[name.as_bytes(), &size[1..], content]),
        3 => joined(&[name.as_bytes(), &size, &flags.to_be_bytes(), content]),
        _ => joined(&[name.as_bytes(), &sevens(content.len()), &flags.to_be_bytes(), content]),
    }
}

pub fn mp3(version: u8, encoding: u8, texts: &Texts) -> Vec<u8> {
    let encoded = |text: &str| match encoding {
        1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    };
    let (mark, end): (&[u8], &[u8]) =
        if encoding == 1 { (b"\xff\xfe", b"\0\0") } else { (b"", b"\0") };
    let frames: Vec<u8> = texts
        .iter()
        .flat_map(|(name, text)| {
            let content = [&[encoding], mark, &encoded(name), end, mark, &encoded(text)].concat();
            frame(version, if version == 2 { "TXX" } else { "TXXX" }, 0, &content)
        })
        .collect();
    id3(version, 0, &frames)
}

// Films.

/// Where the parts of a film stand.
pub fn mp4(brand: &[u8; 4], texts: &Texts, first: bool, long: bool) -> Vec<u8> {
    let mut keys = vec![0; 4];
    keys.extend((texts.len() as u32).to_be_bytes());
    let mut items = Vec::new();
    for (number, (name, text)) in (1_u32..).zip(texts) {
        keys.extend(boxed(b"mdta", name.as_bytes()));
        let data = boxed(b"data", &joined(&[&[0, 0, 0, 1, 0, 0, 0, 0], text.as_bytes()]));
        items.extend(boxed(&number.to_be_bytes(), &data));
    }
    let handler = boxed(b"hdlr", &joined(&[&[0; 8], b"mdta", &[0; 13]]));
    let meta = joined(&[&handler, &boxed(b"keys", &keys), &boxed(b"ilst", &items)]);
    let version: &[u8] = if brand == b"qt  " { b"" } else { &[0; 4] };
    let meta = boxed(b"meta", &joined(&[version, &meta]));
    // QuickTime has it in `moov` itself.
    let meta = if brand == b"qt  " { meta } else { boxed(b"udta", &meta) };
    film(brand, &meta, first, long)
}

/// A comment as iTunes writes it.
pub fn mp4_comment(text: &str) -> Vec<u8> {
    let data = boxed(b"data", &joined(&[&[0, 0, 0, 1, 0, 0, 0, 0], text.as_bytes()]));
    let items = boxed(b"ilst", &boxed(b"\xa9cmt", &data));
    let handler = boxed(b"hdlr", &joined(&[&[0; 8], b"mdir", &[0; 13]]));
    film(
        b"isom",
        &boxed(b"udta", &boxed(b"meta", &joined(&[&[0; 4], &handler, &items]))),
        true,
        false,
    )
}

pub fn film(brand: &[u8; 4], inside: &[u8], first: bool, long: bool) -> Vec<u8> {
    let brands = boxed(b"ftyp", &joined(&[brand, &[0, 0, 2, 0], brand]));
    let movie = boxed(b"moov", &joined(&[&boxed(b"mvhd", &[0; 100]), inside]));
    let data = if long {
        joined(&[&[0, 0, 0, 1], b"mdat", &[0, 0, 0, 0, 0, 0, 0, 20], &[9; 4]])
    } else {
        boxed(b"mdat", &[9; 4])
    };
    let (one, two) = if first { (movie, data) } else { (data, movie) };
    joined(&[&brands, &one, &two])
}

/// Where the tags of a WebM stand.
#[derive(Clone, Copy, Default)]
pub struct Order {
    /// After the pictures.
    pub tags_last: bool,
    /// There is an index at the beginning.
    pub index: bool,
    /// The lengths of segment and cluster are not said.
    pub unknown: bool,
}

/// An element with a length of eight bytes.
pub fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    let size = (1_u64 << 56 | content.len() as u64).to_be_bytes();
    joined(&[id, &size, content])
}

pub const SEGMENT: &[u8] = b"\x18\x53\x80\x67";
pub const CLUSTER: &[u8] = b"\x1f\x43\xb6\x75";

pub fn tags(texts: &Texts) -> Vec<u8> {
    let entries: Vec<u8> = texts
        .iter()
        .flat_map(|(name, text)| {
            let name = element(b"\x45\xa3", name.to_uppercase().as_bytes());
            let text = element(b"\x44\x87", text.as_bytes());
            element(b"\x67\xc8", &joined(&[&name, &text]))
        })
        .collect();
    let targets = element(b"\x63\xc0", b"");
    element(b"\x12\x54\xc3\x67", &element(b"\x73\x73", &joined(&[&targets, &entries])))
}

/// An index that says where the tags are.
pub fn index(at: u64) -> Vec<u8> {
    let entry = joined(&[
        &element(b"\x53\xab", b"\x12\x54\xc3\x67"),
        &element(b"\x53\xac", &at.to_be_bytes()),
    ]);
    element(b"\x11\x4d\x9b\x74", &element(b"\x4d\xbb", &entry))
}

pub fn webm_head(kind: &str) -> Vec<u8> {
    element(b"\x1a\x45\xdf\xa3", &element(b"\x42\x82", kind.as_bytes()))
}

pub fn webm(kind: &str, texts: &Texts, order: Order) -> Vec<u8> {
    let unknown = b"\x01\xff\xff\xff\xff\xff\xff\xff";
    let pictures = element(b"\xa3", &[7; 9]);
    let cluster = if order.unknown {
        joined(&[CLUSTER, unknown, &pictures])
    } else {
        element(CLUSTER, &pictures)
    };
    let place = if order.tags_last { index(0).len() + cluster.len() } else { index(0).len() };
    let first = if order.index && !order.unknown { index(place as u64) } else { Vec::new() };
    let body = if order.tags_last {
        joined(&[&first, &cluster, &tags(texts)])
    } else {
        joined(&[&first, &tags(texts), &cluster])
    };
    let segment =
        if order.unknown { joined(&[SEGMENT, unknown, &body]) } else { element(SEGMENT, &body) };
    joined(&[&webm_head(kind), &segment])
}

// Others.

pub fn svg(json: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><metadata><![CDATA[\n{json}\n]]></metadata><path d=\"M0 0\"/></svg>"
    )
}

pub fn glb(texts: &Texts) -> Vec<u8> {
    let json = format!(r#"{{"asset": {{"version": "2.0", "extras": {}}}}}"#, strings(texts));
    let size = (json.len() as u32).to_le_bytes();
    let whole = (json.len() as u32 + 20).to_le_bytes();
    joined(&[b"glTF\x02\0\0\0", &whole, &size, b"JSON", json.as_bytes()])
}

pub fn safetensors(texts: &Texts) -> Vec<u8> {
    let json = format!(
        r#"{{"__metadata__":{},"latent_tensor":{{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}}}"#,
        strings(texts)
    );
    joined(&[&(json.len() as u64).to_le_bytes(), json.as_bytes(), &[0; 4]])
}

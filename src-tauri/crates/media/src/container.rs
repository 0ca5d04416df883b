//! What a file is, by its first bytes. An extension only decides between kinds of text.

/// A kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Container {
    /// JSON text.
    Json,
    /// PNG.
    Png,
    /// Animated PNG.
    Apng,
    /// WebP.
    WebP,
    /// JPEG.
    Jpeg,
    /// AVIF.
    Avif,
    /// HEIC: pictures of telephones.
    Heic,
    /// JPEG XL.
    JpegXl,
    /// TIFF.
    Tiff,
    /// BMP.
    Bmp,
    /// OpenEXR.
    Exr,
    /// GIF.
    Gif,
    /// FLAC.
    Flac,
    /// Ogg with Vorbis or other sound.
    Ogg,
    /// Ogg with Opus.
    Opus,
    /// MP3.
    Mp3,
    /// WAVE.
    Wav,
    /// AAC without a container (ADTS or ADIF).
    Aac,
    /// AIFF and AIFF-C.
    Aiff,
    /// MP4.
    Mp4,
    /// QuickTime.
    Mov,
    /// WebM.
    WebM,
    /// Matroska.
    Matroska,
    /// AVI.
    Avi,
    /// MPEG-1 and MPEG-2 films.
    Mpeg,
    /// Windows Media (ASF).
    WindowsMedia,
    /// SVG.
    Svg,
    /// Binary glTF.
    Glb,
    /// Tensors with a JSON head, such as the `.latent` files of ComfyUI's `SaveLatent`.
    Safetensors,
    /// Other text.
    Text,
    /// Anything else.
    #[default]
    Unknown,
}

impl Container {
    /// Whether it is a picture, a video or a sound: what can go into a workflow.
    pub fn is_media(self) -> bool {
        matches!(
            self,
            Self::Png
                | Self::Apng
                | Self::WebP
                | Self::Jpeg
                | Self::Avif
                | Self::Gif
                | Self::Flac
                | Self::Ogg
                | Self::Opus
                | Self::Mp3
                | Self::Mp4
                | Self::Mov
                | Self::WebM
                | Self::Matroska
        )
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Png => "PNG",
            Self::Apng => "animated PNG",
            Self::WebP => "WebP",
            Self::Jpeg => "JPEG",
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
            Self::JpegXl => "JPEG XL",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
            Self::Exr => "OpenEXR",
            Self::Gif => "GIF",
            Self::Flac => "FLAC",
            Self::Ogg => "Ogg",
            Self::Opus => "Opus",
            Self::Mp3 => "MP3",
            Self::Wav => "WAVE",
            Self::Aac => "AAC",
            Self::Aiff => "AIFF",
            Self::Mp4 => "MP4",
            Self::Mov => "QuickTime",
            Self::WebM => "WebM",
            Self::Matroska => "Matroska",
            Self::Avi => "AVI",
            Self::Mpeg => "MPEG",
            Self::WindowsMedia => "Windows Media",
            Self::Svg => "SVG",
            Self::Glb => "GLB",
            Self::Safetensors => "safetensors",
            Self::Text => "text",
            Self::Unknown => "unknown",
        }
    }
}

/// What a file is. `head` is its beginning; a few hundred bytes tell.
pub fn recognise(head: &[u8], extension: Option<&str>) -> Container {
    let at = |from: usize, magic: &[u8]| head.get(from..from + magic.len()) == Some(magic);
    if at(0, b"\x89PNG\r\n\x1a\n") {
        // An `acTL` chunk before the first `IDAT` makes it animated.
        let before_data = |at| find(head, b"IDAT").is_none_or(|data| at < data);
        let animated = find(head, b"acTL").is_some_and(before_data);
        return if animated { Container::Apng } else { Container::Png };
    }
    if at(0, b"RIFF") && at(8, b"WEBP") {
        return Container::WebP;
    }
    if at(0, b"\xff\xd8\xff") {
        return Container::Jpeg;
    }
    if at(0, b"GIF87a") || at(0, b"GIF89a") {
        return Container::Gif;
    }
    if at(0, b"fLaC") {
        return Container::Flac;
    }
    if at(0, b"OggS") {
        return if find(head, b"OpusHead").is_some() { Container::Opus } else { Container::Ogg };
    }
    if at(0, b"ID3") || (head.len() > 1 && head[0] == 0xff && head[1] & 0xe6 == 0xe2) {
        return Container::Mp3;
    }
    // The same beginning of a frame with another layer (ISO 13818-7, 6.2); a sampling rate is one of 13.
    let is_adts =
        matches!(head, [0xff, layer, rate, ..] if layer & 0xf6 == 0xf0 && rate >> 2 & 15 < 13);
    if is_adts || at(0, b"ADIF") {
        return Container::Aac;
    }
    if at(4, b"ftyp") {
        return of_brands(head);
    }
    // QuickTime is older than `ftyp`.
    if [&b"moov"[..], b"mdat", b"wide", b"pnot"].iter().any(|kind| at(4, kind)) {
        return Container::Mov;
    }
    if at(0, b"\x1a\x45\xdf\xa3") {
        return if find(head, b"webm").is_some() { Container::WebM } else { Container::Matroska };
    }
    if at(0, b"glTF") {
        return Container::Glb;
    }
    if at(0, b"RIFF") && at(8, b"AVI ") {
        return Container::Avi;
    }
    if at(0, b"RIFF") && at(8, b"WAVE") {
        return Container::Wav;
    }
    if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) {
        return Container::Aiff;
    }
    // A pack, or pictures without a container (ISO 13818-1, 2.5.3; 13818-2, 6.2.2).
    if at(0, b"\0\0\x01\xba") || at(0, b"\0\0\x01\xb3") {
        return Container::Mpeg;
    }
    // `ASF_Header_Object` (Advanced Systems Format, 10.1).
    if at(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c") {
        return Container::WindowsMedia;
    }
    if at(0, b"\0\0\0\x0cJXL \r\n\x87\n") || at(0, b"\xff\x0a") {
        return Container::JpegXl;
    }
    if at(0, b"II*\0") || at(0, b"MM\0*") {
        return Container::Tiff;
    }
    // A text may begin with these letters as well; the length of a BMP's second head has few values.
    if at(0, b"BM")
        && matches!(head.get(14..18), Some([12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
    {
        return Container::Bmp;
    }
    if at(0, b"\x76\x2f\x31\x01") {
        return Container::Exr;
    }
    if is_safetensors(head) {
        return Container::Safetensors;
    }
    text(head, extension)
}

/// What a file is in which no workflow is looked for, as a noun with its article.
pub(crate) fn unread_kind(container: Container, head: &[u8]) -> Option<&'static str> {
    match container {
        Container::Bmp => return Some("a BMP picture"),
        Container::Exr => return Some("an OpenEXR picture"),
        Container::Wav => return Some("a WAV sound"),
        Container::Aac => return Some("an AAC sound"),
        Container::Aiff => return Some("an AIFF sound"),
        Container::Avi => return Some("an AVI film"),
        Container::Mpeg => return Some("an MPEG film"),
        Container::WindowsMedia => return Some("a Windows Media film"),
        _ => {}
    }
    let kinds: [(&[u8], &str); 7] = [
        (b"8BPS", "a Photoshop document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"%PDF", "a PDF document"),
        (b"GGUF", "a GGUF model"),
    ];
    kinds.into_iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| kind)
}

/// Pictures and films share a format (ISO 14496-12); its `ftyp` box says which, in the main brand or
/// among the compatible ones.
fn of_brands(head: &[u8]) -> Container {
    let size = head.first_chunk().map_or(0, |size| u32::from_be_bytes(*size)) as usize;
    let brands = head.get(8..size.clamp(12, 512).min(head.len())).unwrap_or_default();
    // Between the main brand and the others stands a version.
    let has = |brand: &[u8; 4]| {
        brands.chunks(4).enumerate().any(|(place, other)| place != 1 && other == brand)
    };
    if has(b"avif") || has(b"avis") {
        return Container::Avif;
    }
    match brands.get(..4) {
        Some(b"qt  ") => Container::Mov,
        Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
            Container::Heic
        }
        _ => Container::Mp4,
    }
}

/// Eight bytes of length, then a JSON object of at most 100 MB (safetensors' own limit).
fn is_safetensors(head: &[u8]) -> bool {
    let Some((length, json)) = head.split_first_chunk() else { return false };
    let length = u64::from_le_bytes(*length);
    (2..=100_000_000).contains(&length) && (json.starts_with(b"{\"") || json.starts_with(b"{}"))
}

fn text(head: &[u8], extension: Option<&str>) -> Container {
    // The head may end within a character.
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if !valid || head.contains(&0) {
        return Container::Unknown;
    }
    let text = String::from_utf8_lossy(head);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '['])
        || extension.is_some_and(|ext| ext.eq_ignore_ascii_case("json"))
    {
        Container::Json
    } else if start.starts_with("<svg") || (start.starts_with('<') && start.contains("<svg")) {
        Container::Svg
    } else {
        Container::Text
    }
}

fn find(head: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(head, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell() {
        let cases: [(&[u8], Container); 34] = [
            (b"\x89PNG\r\n\x1a\n....IHDR....IDAT", Container::Png),
            (b"\x89PNG\r\n\x1a\n....IHDR....acTL....IDAT", Container::Apng),
            (b"RIFF\0\0\0\0WEBPVP8L", Container::WebP),
            (b"\xff\xd8\xff\xe0", Container::Jpeg),
            (b"GIF89a", Container::Gif),
            (b"fLaC\0", Container::Flac),
            (b"OggS........OpusHead", Container::Opus),
            (b"OggS........vorbis", Container::Ogg),
            (b"ID3\x04", Container::Mp3),
            (b"\0\0\0\x20ftypisom", Container::Mp4),
            (b"\0\0\0\x20ftypavif", Container::Avif),
            (b"\0\0\0\x18ftypmif1\0\0\0\0miafavif", Container::Avif),
            (b"\0\0\0\x14ftypavis\0\0\0\0msf1", Container::Avif),
            (b"\0\0\0\x18ftypmif1\0\0\0\0miafheic", Container::Heic),
            (b"II*\0", Container::Tiff),
            (b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0", Container::Bmp),
            (b"BM is a text", Container::Text),
            (b"\xff\x0a", Container::JpegXl),
            (b"RIFF\0\0\0\0WAVEfmt ", Container::Wav),
            (b"RIFF\0\0\0\0AVI LIST", Container::Avi),
            (b"\xff\xf1\x50\x80", Container::Aac),
            (b"\xff\xf1\x3c\x80", Container::Unknown),
            (b"\xff\xfb\x90\x64", Container::Mp3),
            (b"FORM\0\0\0\x09AIFC", Container::Aiff),
            (b"\0\0\x01\xba\x44", Container::Mpeg),
            (
                b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c",
                Container::WindowsMedia,
            ),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Container::Heic),
            (b"\0\0\0\x08wide\0\0\0\0mdat", Container::Mov),
            (b"\x20\0\0\0\0\0\0\0{\"__metadata__\":{", Container::Safetensors),
            (b"\x1a\x45\xdf\xa3....webm", Container::WebM),
            (b"glTF\x02", Container::Glb),
            (b" {\"1\": 2}", Container::Json),
            (b"<?xml?><svg>", Container::Svg),
            (b"\0\x01\x02", Container::Unknown),
        ];
        for (head, container) in cases {
            assert_eq!(recognise(head, Some("png")), container, "{head:?}");
        }
        assert_eq!(recognise(b"hello", Some("txt")), Container::Text);
        assert_eq!(recognise(b"hello", Some("JSON")), Container::Json);
    }

    #[test]
    fn kinds_that_are_not_read_are_named() {
        let cases: [(&[u8], Option<&str>); 6] = [
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", None),
            (b"\0\0\0\x18ftypisom\0\0\0\0mp41mp42", None),
            (b"PK\x03\x04", Some("a ZIP archive")),
            (b"RIFF\0\0\0\0WAVEfmt ", Some("a WAV sound")),
            (b"RIFF\0\0\0\0WEBPVP8 ", None),
            (b"\0\x01", None),
        ];
        for (head, kind) in cases {
            assert_eq!(unread_kind(recognise(head, None), head), kind, "{head:?}");
        }
    }
}

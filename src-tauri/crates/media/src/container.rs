//! What a file is, by its first bytes. An extension only decides between kinds of text.

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// MP4.
    Mp4,
    /// QuickTime.
    Mov,
    /// WebM.
    WebM,
    /// Matroska.
    Matroska,
    /// SVG.
    Svg,
    /// Binary glTF.
    Glb,
    /// Other text.
    Text,
    /// Anything else.
    Unknown,
}

impl Container {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Png => "PNG",
            Self::Apng => "animated PNG",
            Self::WebP => "WebP",
            Self::Jpeg => "JPEG",
            Self::Avif => "AVIF",
            Self::Gif => "GIF",
            Self::Flac => "FLAC",
            Self::Ogg => "Ogg",
            Self::Opus => "Opus",
            Self::Mp3 => "MP3",
            Self::Mp4 => "MP4",
            Self::Mov => "QuickTime",
            Self::WebM => "WebM",
            Self::Matroska => "Matroska",
            Self::Svg => "SVG",
            Self::Glb => "GLB",
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
        let animated = find(head, b"acTL");
        let data = find(head, b"IDAT").unwrap_or(usize::MAX);
        return if animated.is_some_and(|at| at < data) { Container::Apng } else { Container::Png };
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
    if at(4, b"ftyp") {
        return match head.get(8..12) {
            Some(b"avif" | b"avis") => Container::Avif,
            Some(b"qt  ") => Container::Mov,
            _ => Container::Mp4,
        };
    }
    if at(0, b"\x1a\x45\xdf\xa3") {
        return if find(head, b"webm").is_some() { Container::WebM } else { Container::Matroska };
    }
    if at(0, b"glTF") {
        return Container::Glb;
    }
    text(head, extension)
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
    head.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell() {
        let cases: [(&[u8], Container); 16] = [
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
}

//! Sounds: how loud they are over time.

use crate::{
    MediaError, Original, Stop, Tools, decode::sound_by_ffmpeg, original::Reader, stop::Watched,
};
use std::{
    io::{self, Read, Seek, SeekFrom},
    time::Duration,
};
use symphonia::core::{
    codecs::audio::AudioDecoderOptions,
    errors::Error,
    formats::{FormatOptions, FormatReader, Track, TrackType, probe::Hint},
    io::{MediaSource, MediaSourceStream},
    meta::MetadataOptions,
};

/// The most peaks of a waveform.
const MOST_PEAKS: usize = 4_096;
/// Of longer sounds only parts are decoded, in seconds.
const ALL_DECODED: f64 = 20.0 * 60.0;
/// Packets decoded in a row, where not all are: the first warms the decoder up.
const IN_A_ROW: u64 = 2;
/// What a sound may take to be decoded.
const LONGEST: Duration = Duration::from_secs(30);

/// What decoded a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodedBy {
    /// A library of ours.
    Symphonia,
    /// ffmpeg: Opus and AC-3, which no library here decodes.
    Ffmpeg,
}

/// How loud a sound is over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Waveform {
    /// The loudest sample of each part, 0 to 1, of all channels together. As many as were asked for,
    /// or none when the sound has no samples.
    pub peaks: Vec<f32>,
    /// How long it plays, in milliseconds, as decoded.
    pub duration_ms: u64,
    /// What decoded it.
    pub by: DecodedBy,
    /// What is wrong, as a sentence: the sound ends early, or time was up.
    pub damage: Option<String>,
}

/// Makes a waveform of `count` peaks (1 to 4,096) of a sound, or of a film's first sound track. Of
/// sounds longer than twenty minutes only parts are decoded, evenly, so that an hour takes seconds; it
/// ends after 30 s with what there is by then.
///
/// # Errors
/// [`MediaError::NoSound`] when there is none in it; when it cannot be decoded (the sentence names what would), or the work is
/// stopped.
pub fn waveform(
    original: &mut Original,
    count: usize,
    tools: &Tools,
    stop: &Stop,
) -> Result<Waveform, MediaError> {
    let count = count.clamp(1, MOST_PEAKS);
    let inner = stop.within(LONGEST);
    let ours = crate::guard::no_panic(|| by_symphonia(original, count, &inner, stop));
    match ours {
        Ok(waveform) => Ok(waveform),
        Err(MediaError::NoSound) => Err(MediaError::NoSound),
        Err(error) => {
            stop.check()?;
            if tools.ffmpeg.is_none() {
                return Err(match error {
                    MediaError::Unsupported => MediaError::NoPicture(
                        "its sound is of a kind that only ffmpeg decodes, and ffmpeg is not installed"
                            .to_owned(),
                    ),
                    other => other,
                });
            }
            let mut loud = Loudness::default();
            let damage = sound_by_ffmpeg(original, tools, &inner, &mut |rate, samples| {
                for sample in samples {
                    loud.hear(1.0 / f64::from(rate), sample.abs());
                }
            });
            stop.check()?;
            if loud.is_empty() {
                return Err(damage.err().unwrap_or(error));
            }
            Ok(loud.waveform(count, DecodedBy::Ffmpeg, damage.err()))
        }
    }
}

fn by_symphonia(
    original: &mut Original,
    count: usize,
    inner: &Stop,
    outer: &Stop,
) -> Result<Waveform, MediaError> {
    let extension = original.extension();
    let mut format = open(original.reader()?, extension.as_deref(), inner)?;
    let track = track(&*format).ok_or(MediaError::NoSound)?;
    let (id, base) = (track.id, track.time_base);
    let lasts = duration_ms(track).map_or(0.0, |ms| ms as f64 / 1e3);
    let audio = track
        .codec_params
        .as_ref()
        .and_then(|codec| codec.audio())
        .ok_or(MediaError::Unsupported)?;
    let rate = audio.sample_rate;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(audio, &AudioDecoderOptions::default())
        .map_err(error)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A few hundred at most.
    let one_of = ((lasts / ALL_DECODED).ceil().clamp(1.0, 1e4)) as u64;
    let mut loud = Loudness::default();
    let mut damage = None;
    let mut samples: Vec<f32> = Vec::new();
    let mut number = 0_u64;
    loop {
        if let Err(error) = inner.check() {
            outer.check()?;
            damage = Some(error);
            break;
        }
        let packet = match format.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(why) => {
                outer.check()?;
                damage = Some(error(why));
                break;
            }
        };
        if packet.track_id != id {
            continue;
        }
        number += 1;
        let skipped = !((number - 1) / IN_A_ROW).is_multiple_of(one_of);
        let packet_lasts = base
            .and_then(|base| base.calc_duration(packet.dur))
            .map_or(0.0, |time| time.as_secs_f64());
        if skipped {
            loud.pass(packet_lasts);
            continue;
        }
        match decoder.decode(&packet) {
            Ok(heard) => {
                let channels = heard.spec().channels().count().max(1);
                let rate = rate.unwrap_or(heard.spec().rate()).max(1);
                heard.copy_to_vec_interleaved(&mut samples);
                for frame in samples.chunks_exact(channels) {
                    let loudest = frame.iter().fold(0.0_f32, |most, one| most.max(one.abs()));
                    loud.hear(1.0 / f64::from(rate), loudest);
                }
            }
            // A broken packet is a gap.
            Err(Error::DecodeError(_)) => loud.pass(packet_lasts),
            Err(why) => {
                outer.check()?;
                damage = Some(error(why));
                break;
            }
        }
    }
    if loud.is_empty() {
        return Err(damage.unwrap_or(MediaError::NoSound));
    }
    // Some files end with less than they announce.
    if damage.is_none() && lasts > 0.0 && loud.now + 0.5 < lasts * 0.98 {
        damage = Some(MediaError::Truncated("the sound ends before its time"));
    }
    Ok(loud.waveform(count, DecodedBy::Symphonia, damage))
}

/// Peaks of what was heard so far, in parts that grow with it.
#[derive(Default)]
struct Loudness {
    parts: Vec<f32>,
    /// How long a part is, in seconds.
    part: f64,
    now: f64,
}

impl Loudness {
    /// Parts are joined in pairs when there are so many.
    const MOST_PARTS: usize = 1 << 16;

    fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    fn hear(&mut self, lasts: f64, loudest: f32) {
        if self.part == 0.0 {
            self.part = 0.001;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // Joined before it grows.
        let mut at = (self.now / self.part) as usize;
        while at >= Self::MOST_PARTS {
            self.parts =
                self.parts.chunks(2).map(|pair| pair.iter().copied().fold(0.0, f32::max)).collect();
            self.part *= 2.0;
            at /= 2;
        }
        if self.parts.len() <= at {
            self.parts.resize(at + 1, 0.0);
        }
        // Broken floats are silence.
        self.parts[at] =
            self.parts[at].max(if loudest.is_finite() { loudest.min(1.0) } else { 0.0 });
        self.now += lasts;
    }

    fn pass(&mut self, lasts: f64) {
        // A file may say that a packet lasts for years.
        self.now += lasts.clamp(0.0, 60.0);
    }

    fn waveform(self, count: usize, by: DecodedBy, damage: Option<MediaError>) -> Waveform {
        let of = self.parts.len();
        let peaks = (0..count).map(|at| {
            let from = at * of / count;
            let to = ((at + 1) * of / count).max(from + 1);
            self.parts.get(from..to.min(of)).unwrap_or_default().iter().copied().fold(0.0, f32::max)
        });
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not negative.
        let duration_ms = (self.now * 1e3).round() as u64;
        let damage = damage.map(|error| match error {
            MediaError::TooSlow => {
                "It takes too long to decode; only its beginning was.".to_owned()
            }
            other => other.to_string(),
        });
        Waveform { peaks: peaks.collect(), duration_ms, by, damage }
    }
}

/// Opens a sound, or a film for its sound.
pub(crate) fn open<'a>(
    reader: Reader<'a>,
    extension: Option<&str>,
    stop: &Stop,
) -> Result<Box<dyn FormatReader + 'a>, MediaError> {
    let source = Source::new(Watched::new(reader, stop.clone()))?;
    let stream = MediaSourceStream::new(Box::new(source), Default::default());
    let mut hint = Hint::new();
    if let Some(extension) = extension {
        hint.with_extension(extension);
    }
    symphonia::default::get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(error)
}

pub(crate) fn track(format: &dyn FormatReader) -> Option<&Track> {
    format.default_track(TrackType::Audio).or_else(|| format.first_track(TrackType::Audio))
}

/// How long a track plays, in milliseconds, where its head says so.
pub(crate) fn duration_ms(track: &Track) -> Option<u64> {
    let by_time =
        || u64::try_from(track.time_base?.calc_duration(track.duration?)?.as_millis()).ok();
    let by_samples = || {
        let rate = u64::from(track.codec_params.as_ref()?.audio()?.sample_rate?);
        track.num_frames?.checked_mul(1_000)?.checked_div(rate)
    };
    by_time().or_else(by_samples).filter(|ms| *ms > 0)
}

fn error(error: Error) -> MediaError {
    match error {
        Error::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            MediaError::Truncated("the sound's data ends too early")
        }
        Error::IoError(error) => MediaError::Io(error),
        Error::Unsupported(_) => MediaError::Unsupported,
        other => MediaError::Damaged(other.to_string()),
    }
}

/// A reader of known length, as symphonia wants it.
struct Source<R> {
    inner: R,
    length: u64,
}

impl<R: Read + Seek> Source<R> {
    fn new(mut inner: R) -> io::Result<Self> {
        let length = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        Ok(Self { inner, length })
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Source<R> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

//! XMP sidecars: ours, and those that others wrote.
#![allow(clippy::unwrap_used, clippy::panic)]

use media::xmp::{self, Marks, merged, parse, read, sidecars, write};
use proptest::prelude::*;
use std::{fs, path::Path};

fn marks(rating: Option<i8>, label: Option<&str>, tags: &[&str]) -> Marks {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Marks { rating, label: label.map(str::to_owned), tags }
}

/// As Lightroom writes them: attributes, and much besides.
const LIGHTROOM: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
   xmp:CreatorTool="Tool 'xmp:Rating=&quot;1&quot;'"
   xmp:Rating="4"
   xmp:Label = 'Red &amp; blue'
   crs:Exposure2012="+0.35">
   <dc:subject>
    <rdf:Bag>
     <rdf:li>night</rdf:li>
     <rdf:li>harbour &amp; ships</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Kept</rdf:li></rdf:Alt></dc:title>
   <crs:Look><rdf:Description crs:Name="xmp:Rating"><crs:Rating>9</crs:Rating></rdf:Description></crs:Look>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#;

/// As darktable and digiKam write them: elements, other prefixes, no packet.
const ELEMENTS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<r:Description r:about="uuid:1" xmlns:a="http://ns.adobe.com/xap/1.0/"><a:Rating>3.0</a:Rating><a:Label/></r:Description>
<r:Description r:about="uuid:1" xmlns:d="http://purl.org/dc/elements/1.1/"><d:subject><r:Seq><r:li><![CDATA[for <print>]]></r:li><r:li> </r:li><r:li>x</r:li><r:li>x</r:li></r:Seq></d:subject><d:format>image/png</d:format></r:Description>
</r:RDF></x:xmpmeta>"#;

#[test]
fn sidecars_of_other_programs_are_read() {
    let lightroom = marks(Some(4), Some("Red & blue"), &["night", "harbour & ships"]);
    assert_eq!(parse(LIGHTROOM).unwrap(), lightroom);
    assert_eq!(parse(ELEMENTS).unwrap(), marks(Some(3), None, &["for <print>", "x"]));
    let empty = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"#;
    assert_eq!(parse(empty).unwrap(), Marks::default());
    for (rating, value) in [
        ("-1", Some(-1)),
        ("7", Some(5)),
        ("-9", Some(-1)),
        ("five", None),
        ("", None),
        ("NaN", None),
    ] {
        let text = format!(
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{rating}"/></rdf:RDF>"#
        );
        assert_eq!(parse(&text).unwrap().rating, value, "{rating:?}");
    }
    for text in [
        "",
        "hello",
        "<a>",
        "<html/>",
        "{}",
        "<rdf:RDF xmlns:rdf=\"elsewhere\"/>",
        &LIGHTROOM[..600],
    ] {
        assert!(parse(text).unwrap_err().to_string().contains("no XMP sidecar"), "{text}");
    }
}

/// Tags with those above them, as digiKam and Lightroom write them, and a note of darktable's.
const LEVELS: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<digiKam:TagsList><rdf:Seq><rdf:li>places/France/Paris</rdf:li><rdf:li>night</rdf:li></rdf:Seq></digiKam:TagsList>
<lr:hierarchicalSubject><rdf:Bag><rdf:li>darktable|format|png</rdf:li><rdf:li>places|France|Paris</rdf:li><rdf:li>people|Ada &amp; Bob</rdf:li><rdf:li>|</rdf:li></rdf:Bag></lr:hierarchicalSubject>
SUBJECT</rdf:Description></rdf:RDF></x:xmpmeta>"#;

#[test]
fn tags_in_levels_count_where_there_are_no_others() {
    let bare = LEVELS.replace("SUBJECT", "");
    assert_eq!(parse(&bare).unwrap(), marks(None, None, &["Paris", "night", "Ada & Bob"]));
    for (subject, tags) in [
        ("<dc:subject><rdf:Bag><rdf:li>night</rdf:li></rdf:Bag></dc:subject>", &["night"][..]),
        ("<dc:subject/>", &[]),
    ] {
        let text = LEVELS.replace("SUBJECT", subject);
        assert_eq!(parse(&text).unwrap(), marks(None, None, tags), "{subject}");
    }
    // They stay to the letter, and what is written is what is read.
    for new in [marks(Some(2), None, &["new"]), marks(Some(2), None, &[]), Marks::default()] {
        let merged = merged(Some(&bare), &new).unwrap();
        assert_eq!(parse(&merged).unwrap(), new);
        assert!(merged.contains("<rdf:li>places|France|Paris</rdf:li>"));
    }
}

#[test]
fn of_very_many_tags_the_first_are_read() {
    let items: String = (0..150_000).map(|n| format!("<rdf:li>{n}</rdf:li>")).collect();
    let text = format!(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF>"#
    );
    let tags = parse(&text).unwrap().tags;
    assert_eq!((tags.len(), tags[999].as_str()), (1_000, "999"));
}

#[test]
fn what_is_not_ours_stays_to_the_letter() {
    let new = marks(Some(1), Some("Green"), &["a & b", "c"]);
    for (name, text) in [("Lightroom", LIGHTROOM), ("elements", ELEMENTS)] {
        let once = merged(Some(text), &new).unwrap();
        assert_eq!(parse(&once).unwrap(), new, "{name}");
        // Without our part it is what it was, but for the values that were replaced.
        let bare = merged(Some(text), &Marks::default()).unwrap();
        assert_eq!(parse(&bare).unwrap(), Marks::default(), "{name}");
        assert_eq!(merged(Some(&once), &Marks::default()).unwrap().split_whitespace().collect::<String>().replace("<rdf:Descriptionrdf:about=\"\"xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"xmlns:dc=\"http://purl.org/dc/elements/1.1/\"></rdf:Description>", "").replace("<r:Descriptionr:about=\"uuid:1\"xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"xmlns:dc=\"http://purl.org/dc/elements/1.1/\"></r:Description>", ""), bare.split_whitespace().collect::<String>(), "{name}");
        for kept in [
            "crs:Exposure2012=\"+0.35\"",
            "x:xmptk=\"Adobe XMP Core 7.0\"",
            "xml:lang=\"x-default\">Kept",
            "<crs:Rating>9</crs:Rating>",
            "Tool 'xmp:Rating=&quot;1&quot;'",
            "<d:format>image/png</d:format>",
            "r:about=\"uuid:1\"",
        ] {
            assert_eq!(once.contains(kept), text.contains(kept), "{name}: {kept}");
        }
        let twice = merged(Some(&once), &new).unwrap();
        assert_eq!(parse(&twice).unwrap(), new, "{name}");
        assert!(twice.len() < once.len() + 600, "{name} grows: {} to {}", once.len(), twice.len());
    }
    let empty = r#"<x><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" /></x>"#;
    assert_eq!(parse(&merged(Some(empty), &new).unwrap()).unwrap(), new);
    let unnamed = r#"<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></RDF>"#;
    assert_eq!(parse(&merged(Some(unnamed), &new).unwrap()).unwrap(), new);
}

#[test]
fn a_sidecar_is_written_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("a.png");
    assert_eq!(read(&picture).unwrap(), None);
    let five = marks(Some(5), None, &["夜"]);
    let place = write(&picture, &five).unwrap();
    assert_eq!(place, folder.path().join("a.png.xmp"));
    assert_eq!(read(&picture).unwrap(), Some(five.clone()));
    // The same again changes nothing on the disk.
    fs::write(&place, fs::read_to_string(&place).unwrap() + "<!-- mine -->").unwrap();
    write(&picture, &five).unwrap();
    assert!(fs::read_to_string(&place).unwrap().ends_with("<!-- mine -->"));
    // Adobe's name is used where it is there.
    let other = folder.path().join("b.png");
    fs::write(folder.path().join("b.xmp"), LIGHTROOM).unwrap();
    assert_eq!(write(&other, &five).unwrap(), folder.path().join("b.xmp"));
    assert_eq!(read(&other).unwrap(), Some(five.clone()));
    assert!(fs::read_to_string(folder.path().join("b.xmp")).unwrap().contains("Exposure2012"));
    // What is no XMP is left alone.
    let broken = folder.path().join("c.png");
    for bytes in [&b"hello"[..], b"\xff\xfe\x00", &vec![b' '; (4 << 20) + 1]] {
        fs::write(&sidecars(&broken)[0], bytes).unwrap();
        assert!(read(&broken).is_err() && write(&broken, &five).is_err());
        assert_eq!(fs::read(&sidecars(&broken)[0]).unwrap(), bytes);
    }
    assert!(write(Path::new("no such folder/a.png"), &five).is_err());
}

fn any_marks() -> impl Strategy<Value = Marks> {
    let text = "\\PC{1,12}";
    (prop::option::of(-1_i8..=5), prop::option::of(text), prop::collection::vec(text, 0..5))
        .prop_map(|(rating, label, tags)| {
            let trimmed =
                |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            let mut once: Vec<String> = Vec::new();
            for tag in tags.into_iter().filter_map(trimmed) {
                if !once.contains(&tag) {
                    once.push(tag);
                }
            }
            Marks { rating, label: label.and_then(trimmed), tags: once }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(one in any_marks(), other in any_marks()) {
        let first = merged(None, &one).unwrap();
        prop_assert_eq!(parse(&first).unwrap(), one.clone());
        let second = merged(Some(&first), &other).unwrap();
        prop_assert_eq!(parse(&second).unwrap(), other.clone());
        let foreign = merged(Some(LIGHTROOM), &one).unwrap();
        prop_assert_eq!(parse(&foreign).unwrap(), one);
    }

    #[test]
    fn no_damage_makes_it_panic(at in 0usize..1_400, byte in any::<u8>(), cut in 0usize..1_400, elements in any::<bool>()) {
        let mut bytes = if elements { ELEMENTS } else { LIGHTROOM }.as_bytes().to_vec();
        let length = bytes.len();
        bytes[at % length] = byte;
        if cut % 3 == 0 {
            bytes.truncate(cut);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let new = marks(Some(2), Some("x"), &["y"]);
        if let Ok(merged) = merged(Some(&text), &new) {
            prop_assert_eq!(parse(&merged).unwrap(), new);
        }
    }
}

#[test]
fn endings_in_capitals_are_the_same_and_each_file_is_named_once() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("a.png");
    let five = Marks { rating: Some(5), ..Marks::default() };
    for name in ["a.XMP", "a.png.Xmp"] {
        fs::write(folder.path().join(name), merged(None, &five).unwrap()).unwrap();
        assert_eq!(read(&picture).unwrap(), Some(five.clone()), "{name}");
    }
    let there = xmp::sidecars_there(&picture);
    assert_eq!(there.len(), 2, "{there:?}");
    assert_eq!(there[0].file_name().unwrap().to_ascii_lowercase(), "a.png.xmp");
    // What is there is written to, and nothing beside it.
    let three = Marks { rating: Some(3), ..Marks::default() };
    assert_eq!(write(&picture, &three).unwrap(), there[0]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    assert_eq!(read(&picture).unwrap(), Some(three));
}

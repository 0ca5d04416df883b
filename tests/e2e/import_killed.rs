//! The app is killed while a folder of thousands comes into the library.

use crate::support::{Desktop, SOON, Window, files};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::Path,
    time::{Duration, Instant, SystemTime},
};
use store::{Store, is_stand_in};

/// So many that both parts of an import, finding and reading whole, take many looks.
const FILES: u32 = 6_000;

/// Small pictures as ComfyUI's `SaveImage` writes them, in several folders, each with a seed of its own.
fn fill(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for number in 0..FILES {
        let name = format!("night {}/lamp_{number:05}_.png", number % 7);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
        encoder.set_color(png::ColorType::Rgb);
        let prompt = files::classic("a quiet harbour", number.into(), 20);
        encoder.add_text_chunk("prompt".to_owned(), prompt.to_string()).expect("a text");
        let mut writer = encoder.write_header().expect("a picture");
        let [.., green, blue] = number.to_be_bytes();
        writer.write_image_data(&[90, green, blue].repeat(256)).expect("a picture");
        drop(writer);
        let path = folder.join(&name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        // A file that was written just now may still be written: it would be read at the next look.
        let file = File::options().append(true).open(path).expect("a file");
        file.set_modified(SystemTime::now() - Duration::from_secs(60)).expect("a time");
        names.insert(name);
    }
    names
}

/// Waits until the folder of pictures is in such a state, and gives what is said of it.
async fn until_folder(window: &Window, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + SOON;
    loop {
        let roots = window.invoke("root_list", json!({})).await;
        let added =
            roots.as_array().expect("folders").iter().find(|root| root["own"] == json!(false));
        let added = added.expect("the folder is known");
        assert_eq!(added["trouble"], Value::Null);
        if is_so(added) {
            return added.clone();
        }
        assert!(Instant::now() < until, "it never comes: {what}. {added:#}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A number of what is said of a folder.
fn number(root: &Value, name: &str) -> u32 {
    let value = root[name].as_u64().and_then(|value| u32::try_from(value).ok());
    value.unwrap_or_else(|| panic!("{name} of {root:#}"))
}

/// How many the library finds.
async fn found(window: &Window, text: &str) -> Value {
    let query = json!({ "text": text, "sort": "newest", "seed": 1, "stacks": false });
    window.invoke("library_query", json!({ "query": query })).await["shown"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_killed_twice_goes_on_and_has_each_file_once() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("years of work");
    let names = fill(&folder);
    let window = Window::open(&desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.click("nav-settings").await;
    window.invoke("root_add", json!({ "path": folder, "watched": true })).await;
    // First while files are found, by what their heads say of them. Nothing comes between the look and
    // the kill: a picture of the window may take longer than the rest of the import.
    let root = until_folder(&window, "a part is stored", |root| number(root, "assets") > 0).await;
    window.kill();
    let stored = number(&root, "assets");
    assert!(stored < FILES, "it was over before it could be killed");

    // It goes on by itself. Now while all files are read whole, to know copies; where the page takes
    // longer to come than that, when it was just over.
    let window = Window::open(&desktop).await;
    let root = until_folder(&window, "all are found, and some are read whole", |root| {
        number(root, "assets") == FILES && number(root, "unread") < FILES
    })
    .await;
    window.kill();
    println!("at the kills: {stored} stored; {} not read whole", number(&root, "unread"));

    let window = Window::open(&desktop).await;
    window.click("nav-settings").await;
    let root = until_folder(&window, "it is gone through", |root| {
        root["state"] == json!("idle") && number(root, "unread") == 0
    })
    .await;
    assert_eq!(number(&root, "assets"), FILES);
    assert_eq!(root["report"]["problems"], json!([]));
    assert_eq!(number(&root["report"], "new"), 0, "what was found is not found again: {root:#}");
    window.picture("import after the kills").await;
    window.click("nav-gallery").await;
    window
        .until_js(
            "the gallery counts them",
            "return document.querySelector('[data-testid=gallery-count]')?.innerText === '6,000'",
        )
        .await;
    // Around where it may have been cut off, and at the ends.
    for seed in [0, stored - 1, stored, FILES / 2, FILES - 1] {
        assert_eq!(found(&window, &format!("seed:{seed} ")).await, json!(1), "seed {seed}");
    }
    window.picture("import gallery after the kills").await;
    window.kill();

    let store = Store::open(&desktop.data().join("safelight.db")).await.expect("a database");
    let all = store.newest(2 * FILES).await.expect("what is in it");
    let paths: BTreeSet<String> = all.iter().map(|asset| asset.path.clone()).collect();
    assert!(paths == names, "{} of {} are there", paths.len(), names.len());
    let contents: BTreeSet<&str> = all.iter().map(|asset| asset.hash.as_str()).collect();
    assert_eq!((all.len(), contents.len()), (names.len(), names.len()), "each once");
    assert!(!contents.iter().any(|hash| is_stand_in(hash)), "each was read whole");
    let keys: Vec<u32> = all.iter().map(|asset| asset.seq).collect();
    let places = store.places(&keys).await.expect("places");
    assert!(places.len() == keys.len() && places.values().all(|places| places.len() == 1));
    store.close().await;
}

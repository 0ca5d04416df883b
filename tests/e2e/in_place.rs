//! Outputs that stay where a server on this machine puts them.

use crate::support::{Desktop, SOON, Window, files};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Every file below a folder.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    all.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Waits until the form can be saved, or not.
async fn can_save(window: &Window, can: bool) {
    window
        .until_js(
            &format!("the form can be saved: {can}"),
            &format!(
                "return document.querySelector('[data-testid=server-save]').disabled === {}",
                !can
            ),
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_stay_in_the_folder_that_the_form_of_the_server_names() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let outputs = desktop.dir().join("server/output");
    std::fs::create_dir_all(&outputs).expect("a folder");
    let window = Window::open(&desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;

    window.click("nav-servers").await;
    window.click("server-add").await;
    let address = window.find("[data-testid=server-address]").await;
    address.send_keys(&server.url()).await.expect("keys");
    window.click("server-stay").await;
    can_save(&window, false).await;
    // What is not the whole path of a folder cannot be meant.
    let field = window.find("[data-testid=server-outputs]").await;
    field.send_keys("output").await.expect("keys");
    can_save(&window, false).await;
    window.picture("server outputs by a part of a path").await;
    window.js("document.querySelector('[data-testid=server-outputs] + button').click()").await;
    desktop.choose_path("Where does this server put what it makes?", &outputs);
    window
        .until_js(
            "the chosen folder is in the field",
            &format!(
                "return document.querySelector('[data-testid=server-outputs]').value === {}",
                json!(outputs)
            ),
        )
        .await;
    can_save(&window, true).await;
    window.picture("server outputs").await;
    window.click("server-save").await;
    window
        .until_js(
            "its card says where outputs stay",
            &format!(
                "return document.querySelector('[data-testid=server-card][data-link=online]')
                     ?.innerText.includes('Outputs stay in ' + {})",
                json!(outputs)
            ),
        )
        .await;
    window.picture("server card outputs").await;

    let path = files::write(desktop.dir(), "lamp.json", &files::classic("a lamp", 5, 4));
    window.submit(&[path]).await;
    let jobs = window.succeeded(1).await;
    let id = jobs[0]["id"].as_str().expect("an id");
    let file = outputs.join("lamp_00001_.png");
    let detail = window.invoke("job_get", json!({ "id": id })).await;
    let asset = &detail["assets"][0]["id"];
    assert_eq!(window.invoke("asset_path", json!({ "id": asset })).await, json!(file));
    // It was not touched, and nothing was copied.
    let theirs = files::view(&server.url(), &files::history(&server.url(), id).await).await;
    assert!(std::fs::read(&file).expect("the file is there") == theirs);
    assert_eq!(files_in(&outputs), std::slice::from_ref(&file));
    let copied = || files_in(&desktop.data().join("Pictures"));
    assert_eq!(copied().len(), 0, "{:?}", copied());

    window.click("nav-gallery").await;
    window
        .until_js(
            "it is in the gallery, once",
            "const cells = document.querySelectorAll('[data-testid=gallery-cell]');
             const image = cells[0]?.querySelector('img');
             return cells.length === 1 && image?.complete && image.naturalWidth > 0",
        )
        .await;
    window.click("gallery-cell").await;
    window
        .until_js(
            "the panel says that its file lies there",
            &format!(
                "return document.querySelector('[data-testid=info-panel]')?.innerText.includes({})",
                json!(file)
            ),
        )
        .await;
    window.picture("gallery output in place").await;
    window.click("nav-settings").await;
    window
        .until_js(
            "the folder is one of the library's, watched, and gone through",
            &format!(
                "const row = [...document.querySelectorAll('[data-testid=library-folder]')]
                     .find((row) => row.innerText.includes({}));
                 row?.scrollIntoView({{ block: 'center' }});
                 return row?.dataset.state === 'idle' && row.innerText.includes('1 output.')
                     && row.querySelector('[role=switch]').getAttribute('aria-checked') === 'true'",
                json!(outputs)
            ),
        )
        .await;
    window.picture("library folder of a server").await;
    // The list of settings was scrolled for that, and not the frame around it.
    assert_eq!(window.js("return document.documentElement.scrollTop").await, json!(0));

    // The form has it when it is opened again; switched off, outputs are copied from then on.
    window.click("nav-servers").await;
    window.click("server-edit").await;
    let field = window.find("[data-testid=server-outputs]").await;
    let kept = field.prop("value").await.expect("a page");
    assert_eq!(kept, Some(outputs.display().to_string()));
    let path = files::write(desktop.dir(), "more.json", &files::classic("a lamp", 6, 4));
    window.submit(&[path]).await;
    window
        .until_js(
            "what is said of a job lies above the buttons of the form",
            "const told = [...document.querySelectorAll('[data-testid=toast]')];
             const save = document.querySelector('[data-testid=server-save]');
             return told.some((toast) => toast.innerText.includes('more'))
                 && told.every((toast) => toast.getBoundingClientRect().bottom
                     < save.getBoundingClientRect().top)",
        )
        .await;
    window.succeeded(2).await;
    assert_eq!(copied().len(), 0, "{:?}", copied());
    window.click("server-stay").await;
    window.picture("server outputs off").await;
    window.click("server-save").await;
    window
        .until_js(
            "the card says it no more",
            "return !document.querySelector('[data-testid=server-card]').innerText.includes('Outputs stay')
                 && document.querySelector('[data-testid=server-save]') === null",
        )
        .await;
    let path = files::write(desktop.dir(), "again.json", &files::classic("a lamp", 7, 4));
    window.submit(&[path]).await;
    window.succeeded(3).await;
    assert_eq!(copied().len(), 1, "{:?}", copied());
    assert_eq!(files_in(&outputs).len(), 3);
    // The folder stays one of the library's: what the server puts there is found, and known as a copy.
    let query = json!({ "text": "", "sort": "newest", "seed": 1, "stacks": false });
    let until = Instant::now() + SOON;
    loop {
        let all = window.invoke("library_query", json!({ "query": query })).await;
        let roots = window.invoke("root_list", json!({})).await;
        let mut roots = roots.as_array().expect("folders").iter();
        let theirs = roots.find(|root| root["path"] == json!(outputs)).expect("their folder");
        let known = theirs["assets"] == json!(3) && theirs["unread"] == json!(0);
        if known && all["total"] == json!(3) {
            break;
        }
        assert!(Instant::now() < until, "{all:#} {theirs:#}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    server.stop().await;
}

//! Writes prompts, and the graphs for ComfyUI's editor that are made from them.
//!
//! `cargo run -p workflow --example graphs -- --object-info FILE OUT [NAME=PROMPT.json…]`
//!
//! Every starter with every model of the server that FILE is of, and the prompts that are named, become
//! `OUT/<name>.prompt.json` and `OUT/<name>.graph.json`. `tests/clients/editor.py` opens them in the
//! official page.
#![allow(clippy::unwrap_used)]

use std::{collections::HashMap, fs, path::Path};
use workflow::{
    ObjectInfo, Prompt, as_written, read_prompt,
    starters::{Form, Lora, Picture, Server, build, models, starters},
    to_graph,
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [flag, info, out, prompts @ ..] = arguments.as_slice() else {
        panic!("usage: graphs --object-info FILE OUT [NAME=PROMPT.json…]");
    };
    assert_eq!(flag, "--object-info");
    let info = ObjectInfo::read(&fs::read(info).unwrap()).unwrap();
    let out = Path::new(out);
    fs::create_dir_all(out).unwrap();
    let mut written = 0;
    let mut write = |name: &str, prompt: &Prompt| {
        fs::write(out.join(format!("{name}.prompt.json")), prompt.text()).unwrap();
        let graph = to_graph(&as_written(prompt, &info).unwrap(), &info);
        fs::write(out.join(format!("{name}.graph.json")), graph).unwrap();
        written += 1;
    };
    for (name, prompt) in made(&info) {
        write(&name, &prompt);
    }
    for named in prompts {
        let (name, file) = named.split_once('=').expect("NAME=PROMPT.json");
        write(name, &read_prompt(&fs::read(file).unwrap()).unwrap());
    }
    println!("{written} prompts and graphs written");
}

/// Every starter with every model that it can use.
fn made(info: &ObjectInfo) -> Vec<(String, Prompt)> {
    let metadata = HashMap::new();
    let server = Server { info, metadata: &metadata };
    let lora = |name: &str| Lora { name: name.to_owned(), strength: 0.75 };
    let form = Form {
        prompt: "a \"quiet\" harbour\nat dawn {not a choice} // no comment".to_owned(),
        negative: "blur".to_owned(),
        count: 2,
        // Larger whole numbers than 2^53 are no safe ones in a page.
        seed: 1_234_567_890_123,
        picture: Some(Picture { name: "example.png".to_owned(), size: Some((1200, 800)) }),
        mask: Some("example.png".to_owned()),
        loras: vec![lora("one.safetensors"), lora("two.safetensors")],
        ..Form::default()
    };
    let mut made = Vec::new();
    for offer in starters(&server) {
        let id = offer.starter.id;
        let usable = models(id, &server).into_iter().filter(|model| model.lacks.is_none());
        let mut names: Vec<Option<String>> = usable.map(|model| Some(model.name)).collect();
        if names.is_empty() {
            names.push(None);
        }
        for name in names {
            let form = Form { checkpoint: name.clone(), ..form.clone() };
            match build(id, &form, &server) {
                Ok(built) => {
                    let name = name.unwrap_or_default();
                    made.push((format!("{id:?}-{name}"), built.prompt));
                }
                Err(cannot) => println!("{id:?} is not built: {cannot}"),
            }
        }
    }
    made
}

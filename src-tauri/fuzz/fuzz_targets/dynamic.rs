#![no_main]

use std::{collections::HashMap, sync::Arc};
use workflow::dynamic::{self, WildcardFile, Wildcards};

/// A folder of wildcard files: what a text and its files are is cut from one input.
struct Files(HashMap<String, Arc<WildcardFile>>);

impl Wildcards for Files {
    fn file(&self, name: &str) -> Result<Option<Arc<WildcardFile>>, String> {
        Ok(self.0.get(name).cloned())
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

// The first line is the text, each further part up to a zero byte is a file: `a`, `b` and so on.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut parts = data.split(|byte| *byte == 0);
    let Some(Ok(text)) = parts.next().map(std::str::from_utf8) else { return };
    let mut files = HashMap::new();
    for (name, part) in ('a'..='z').zip(parts) {
        if let Ok(file) = WildcardFile::read(part) {
            assert!(file.lines().iter().all(|(line, text)| *line > 0 && !text.is_empty()));
            files.insert(name.to_string(), Arc::new(file));
        }
    }
    let Ok(template) = dynamic::parse(text) else { return };
    let Ok(prompts) = template.fill(&Files(files)) else { return };
    let some = prompts.all().take(50).collect::<Vec<_>>();
    if prompts.count() <= 50 {
        assert_eq!(some.len() as u64, prompts.count());
    }
    for index in 0..5 {
        let drawn = prompts.sample(7, index);
        assert_eq!(drawn, prompts.sample(7, index));
        assert!(drawn.len() <= dynamic::MAX_TEXT_BYTES);
    }
});

//! Looking up wildcards.

use super::{
    DynamicError, MAX_CHOICES, MAX_DEPTH, MAX_LINES, MAX_PICKS, MAX_TEXT_BYTES, Place, Problem,
    Prompts, Wildcards,
    list::{List, Node, Pick, Row, Size, Sizes},
    parse::{self, Choice, Part, Weighed, Wildcard},
    wildcards::matches,
};
use std::collections::HashMap;

/// The most text of all wildcards together, in MB.
const MAX_MEGABYTES: usize = 20;

/// Looks up the wildcards of a text.
pub(super) fn fill<W: Wildcards>(parts: &[Part], wildcards: &W) -> Result<Prompts, DynamicError> {
    let mut filler = Filler {
        wildcards,
        names: None,
        lists: Vec::new(),
        sizes: Vec::new(),
        known: HashMap::new(),
        open: Vec::new(),
        lines: 0,
        bytes: 0,
    };
    let (row, size) = filler.row(parts, &Source::default(), 0)?;
    let problem = if size.bytes > MAX_TEXT_BYTES as u64 {
        Problem::ResultTooLong { most: MAX_TEXT_BYTES }
    } else if size.choices > MAX_CHOICES {
        Problem::TooManyChoices { most: MAX_CHOICES }
    } else {
        return Ok(Prompts { row, lists: filler.lists, count: size.results });
    };
    Err(DynamicError { place: Place::default(), problem })
}

/// Where a part stands: a wildcard file and its line, or the text itself.
#[derive(Clone, Debug, Default)]
struct Source(Option<(String, usize)>);

impl Source {
    fn error(&self, character: usize, problem: Problem) -> DynamicError {
        DynamicError { place: Place { file: self.0.clone(), character }, problem }
    }
}

struct Filler<'a, W> {
    wildcards: &'a W,
    /// The names of all files, in order, once they were asked for.
    names: Option<Vec<String>>,
    lists: Vec<List>,
    /// Their sizes.
    sizes: Vec<Sizes>,
    /// Lists of wildcards that were looked up; none for those that are nowhere.
    known: HashMap<String, Option<usize>>,
    /// The files that are being read, each within the one before.
    open: Vec<String>,
    /// Lines and bytes of all wildcards so far.
    lines: usize,
    bytes: usize,
}

impl<W: Wildcards> Filler<'_, W> {
    /// `depth` says how many lists this is within.
    fn row(
        &mut self,
        parts: &[Part],
        source: &Source,
        depth: usize,
    ) -> Result<(Row, Size), DynamicError> {
        let mut row = Vec::with_capacity(parts.len());
        let mut whole = Size::of_text("");
        for part in parts {
            let (node, size) = match part {
                Part::Text(text) => (Node::Text(text.clone()), Size::of_text(text)),
                Part::Choice(choice) => self.choice(choice, source, depth)?,
                Part::Wildcard(wildcard) => match self.wildcard(wildcard, source, depth)? {
                    Some(list) => self.pick(list, (1, 1, ""), source, wildcard.place, depth)?,
                    None => {
                        let text = wildcard.written.clone();
                        let size = Size::of_text(&text);
                        (Node::Text(text), size)
                    }
                },
            };
            whole = whole.then(size);
            row.push(node);
        }
        Ok((row, whole))
    }

    fn choice(
        &mut self,
        choice: &Choice,
        source: &Source,
        depth: usize,
    ) -> Result<(Node, Size), DynamicError> {
        let (least, most, separator) = match &choice.picks {
            Some(picks) => (picks.least, picks.most, picks.separator.as_str()),
            None => (1, 1, ""),
        };
        // `{2$$__flavour__}` picks two lines, not one line of the one option.
        let lines = match choice.options.as_slice() {
            [Weighed { parts, .. }] => match parts.as_slice() {
                [Part::Wildcard(wildcard)] => self.wildcard(wildcard, source, depth)?,
                _ => None,
            },
            _ => None,
        };
        let list = match lines {
            Some(list) => list,
            None => self.list(&choice.options, source, depth)?,
        };
        self.pick(list, (least, most, separator), source, choice.place, depth)
    }

    fn pick(
        &self,
        list: usize,
        (least, most, separator): (usize, usize, &str),
        source: &Source,
        place: usize,
        depth: usize,
    ) -> Result<(Node, Size), DynamicError> {
        let options = self.lists[list].options.len();
        let (least, most) = (least.min(options), most.min(options));
        let pick = Pick { list, least, most, separator: separator.to_owned() };
        let Some(size) = self.sizes[list].of_pick(&pick) else {
            let picks = most.to_string();
            return Err(source.error(place, Problem::TooManyPicks { picks, most: MAX_PICKS }));
        };
        if depth + size.depth > MAX_DEPTH {
            return Err(source.error(place, Problem::TooDeep { most: MAX_DEPTH }));
        }
        Ok((Node::Pick(pick), size))
    }

    fn list(
        &mut self,
        options: &[Weighed],
        source: &Source,
        depth: usize,
    ) -> Result<usize, DynamicError> {
        let (mut list, mut sizes) = (List::default(), Vec::with_capacity(options.len()));
        for option in options {
            let (row, size) = self.row(&option.parts, source, depth + 1)?;
            list.push(row, option.weight);
            sizes.push(size);
        }
        Ok(self.keep(list, sizes))
    }

    fn keep(&mut self, list: List, sizes: Vec<Size>) -> usize {
        self.lists.push(list);
        self.sizes.push(Sizes::new(sizes));
        self.lists.len() - 1
    }

    /// The list of a wildcard; nothing for what is plain text after all: no file has a name of
    /// several words.
    fn wildcard(
        &mut self,
        wildcard: &Wildcard,
        source: &Source,
        depth: usize,
    ) -> Result<Option<usize>, DynamicError> {
        let name = &wildcard.name;
        let error = |problem| source.error(wildcard.place, problem);
        if depth >= MAX_DEPTH {
            return Err(error(Problem::TooDeep { most: MAX_DEPTH }));
        }
        let found = if let Some(known) = self.known.get(name) {
            *known
        } else if name.contains('*') {
            self.files(name, &error, depth)?
        } else {
            self.file(name, &error, depth)?
        };
        self.known.insert(name.clone(), found);
        if found.is_none() && !name.contains(' ') {
            return Err(error(Problem::Unknown { name: name.clone() }));
        }
        Ok(found)
    }

    /// The lists of all files that fit a pattern, as one.
    fn files(
        &mut self,
        pattern: &str,
        error: &impl Fn(Problem) -> DynamicError,
        depth: usize,
    ) -> Result<Option<usize>, DynamicError> {
        let names = self.names.take().unwrap_or_else(|| {
            let mut names = self.wildcards.names();
            names.sort_unstable();
            names
        });
        let fitting: Vec<String> =
            names.iter().filter(|name| matches(pattern, name)).cloned().collect();
        self.names = Some(names);
        let (mut list, mut sizes) = (List::default(), Vec::new());
        for name in fitting {
            let known = match self.known.get(&name) {
                Some(known) => *known,
                None => self.file(&name, error, depth)?,
            };
            self.known.insert(name, known);
            let Some(of_file) = known else { continue };
            // They are there twice now.
            let options = &self.lists[of_file].options;
            let (lines, bytes) = (options.len(), options.iter().map(text_bytes).sum());
            self.take_in(lines, bytes).map_err(error)?;
            let of_file_list = &self.lists[of_file];
            for (at, option) in of_file_list.options.iter().enumerate() {
                list.push(option.clone(), of_file_list.weight(at));
            }
            sizes.extend_from_slice(&self.sizes[of_file].options);
        }
        Ok((!sizes.is_empty()).then(|| self.keep(list, sizes)))
    }

    /// The list of a file.
    fn file(
        &mut self,
        name: &str,
        error: &impl Fn(Problem) -> DynamicError,
        depth: usize,
    ) -> Result<Option<usize>, DynamicError> {
        if let Some(begin) = self.open.iter().position(|open| open == name) {
            let mut names = self.open.split_off(begin);
            names.push(name.to_owned());
            return Err(error(Problem::Circle { names }));
        }
        let file = match self.wildcards.file(name) {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(None),
            Err(why) => {
                return Err(error(Problem::Unreadable { name: name.to_owned(), why }));
            }
        };
        let bytes = file.lines().iter().map(|(_, line)| line.len()).sum();
        self.take_in(file.lines().len(), bytes).map_err(error)?;
        self.open.push(name.to_owned());
        let (mut list, mut sizes) = (List::default(), Vec::with_capacity(file.lines().len()));
        for (number, line) in file.lines() {
            let line = parse::line(line, name, *number)?;
            let source = Source(Some((name.to_owned(), *number)));
            let (row, size) = self.row(&line.parts, &source, depth + 1)?;
            list.push(row, line.weight);
            sizes.push(size);
        }
        self.open.pop();
        let name = || name.to_owned();
        match list.sums.last() {
            None => Err(error(Problem::Empty { name: name() })),
            Some(0) => Err(error(Problem::NoWeightIn { name: name() })),
            Some(_) => Ok(Some(self.keep(list, sizes))),
        }
    }

    /// Counts lines and bytes of wildcards.
    fn take_in(&mut self, lines: usize, bytes: usize) -> Result<(), Problem> {
        self.lines = self.lines.saturating_add(lines);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.lines > MAX_LINES {
            return Err(Problem::TooManyLines { most: MAX_LINES });
        }
        if self.bytes > MAX_MEGABYTES * 1_000_000 {
            return Err(Problem::WildcardsTooLarge { most: MAX_MEGABYTES });
        }
        Ok(())
    }
}

fn text_bytes(row: &Row) -> usize {
    let bytes = row.iter().map(|node| match node {
        Node::Text(text) => text.len(),
        Node::Pick(pick) => pick.separator.len(),
    });
    bytes.sum()
}

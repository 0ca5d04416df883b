//! The shapes that the page sees: what crosses the bridge, and nothing else.
//!
//! They are made by the engine, so that facts can be numbered where they are stored; only the
//! app's bridge turns them into JSON. TypeScript types are generated from here
//! (`cargo xtask codegen`). Times are milliseconds since 1970-01-01 UTC.

mod assets;
mod checks;
mod compose;
mod errors;
mod intake;
mod jobs;
mod knobs;
mod library;
mod servers;
mod sheets;
mod stream;
mod upkeep;
mod workflows;
mod works;

pub use assets::{AssetKind, AssetView, NameCount};
pub use checks::{Ability, CheckView, FindingView, ServerCheck, Severity};
pub use compose::{
    Axis, AxisValues, BatchLines, CellView, CellsView, ChosenView, ComposeProblem, ComposeSource,
    ComposeState, ComposeView, DraftView, ExportForm, Fit, Many, PictureIn, PicturesIn, PlanView,
    PlannedCell, QueuedView, SeedRule, SeedSetting, StartView, StarterView, TypedText, When,
    WildcardView, WildcardsView, Wording,
};
pub use errors::{CommandError, CommandErrorCode};
pub use intake::{
    AfterWatch, CutOff, IntakeItem, IntakeKind, IntakeReport, SameView, Standing, WatchView,
};
pub use jobs::{
    JobDetail, JobEventView, JobOutput, JobView, KeptPreview, LeftView, NodeState, NodeView,
    PlaceView, ProgressView,
};
pub use knobs::{
    ChoiceView, ChoicesView, FileKind, KnobChoice, KnobKey, KnobKind, KnobRole, KnobSection,
    KnobValue, KnobView, KnobWhen, PresetView, ValueType,
};
pub use library::{
    AlikeView, AssetDetail, CollectionView, CompletionView, FacetValue, FacetView, FilePlace,
    FileState, LibraryAnswer, LibraryCell, LibraryQuery, LibrarySort, Mark, Marked, QueryPart,
    RootState, RootView, ScanProblem, ScanReport, WidgetView,
};
pub use servers::{DeviceView, LinkState, OddView, ProbeView, ServerFacts, ServerKind, ServerView};
pub use sheets::{AxisLabels, CellMark, MarkedCell, SheetCell, SheetView};
pub use stream::{
    BatchEnd, Counts, Fact, LibraryView, Pulse, RunningProgress, Snapshot, StreamMessage, WaitView,
};
pub use upkeep::{BackupPlan, BackupView, BinView, MoveView, UpkeepView};
pub use workflows::{
    CopiedView, EditorView, EditorsView, GraphNodeView, GraphView, LeftOut, LinkView, OfferView,
    OffersView, ValueView, WorkflowCount, WorkflowPage, WorkflowQuery, WorkflowView,
};
pub use works::{
    ExportInto, ExportPlan, PictureForm, Unstripped, WorkBytes, WorkKind, WorkState, WorkView,
};

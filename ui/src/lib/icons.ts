/** The icons in use, by lucide's names, each as the shapes that it is drawn of. Only these are shipped. */
import AppWindow from "lucide/dist/esm/icons/app-window.mjs";
import Archive from "lucide/dist/esm/icons/archive.mjs";
import ArrowDown from "lucide/dist/esm/icons/arrow-down.mjs";
import ArrowDownToLine from "lucide/dist/esm/icons/arrow-down-to-line.mjs";
import ArrowDownWideNarrow from "lucide/dist/esm/icons/arrow-down-wide-narrow.mjs";
import ArrowLeft from "lucide/dist/esm/icons/arrow-left.mjs";
import ArrowRight from "lucide/dist/esm/icons/arrow-right.mjs";
import ArrowUp from "lucide/dist/esm/icons/arrow-up.mjs";
import ArrowUpToLine from "lucide/dist/esm/icons/arrow-up-to-line.mjs";
import AudioLines from "lucide/dist/esm/icons/audio-lines.mjs";
import Bell from "lucide/dist/esm/icons/bell.mjs";
import Check from "lucide/dist/esm/icons/check.mjs";
import ChevronDown from "lucide/dist/esm/icons/chevron-down.mjs";
import ChevronLeft from "lucide/dist/esm/icons/chevron-left.mjs";
import ChevronRight from "lucide/dist/esm/icons/chevron-right.mjs";
import CircleAlert from "lucide/dist/esm/icons/circle-alert.mjs";
import CircleCheck from "lucide/dist/esm/icons/circle-check.mjs";
import CircleDashed from "lucide/dist/esm/icons/circle-dashed.mjs";
import CircleQuestionMark from "lucide/dist/esm/icons/circle-question-mark.mjs";
import ClipboardList from "lucide/dist/esm/icons/clipboard-list.mjs";
import ClipboardPaste from "lucide/dist/esm/icons/clipboard-paste.mjs";
import Clock from "lucide/dist/esm/icons/clock.mjs";
import Copy from "lucide/dist/esm/icons/copy.mjs";
import Diff from "lucide/dist/esm/icons/diff.mjs";
import Ellipsis from "lucide/dist/esm/icons/ellipsis.mjs";
import Eraser from "lucide/dist/esm/icons/eraser.mjs";
import ExternalLink from "lucide/dist/esm/icons/external-link.mjs";
import FileJson from "lucide/dist/esm/icons/file-braces.mjs";
import FileOutput from "lucide/dist/esm/icons/file-output.mjs";
import Film from "lucide/dist/esm/icons/film.mjs";
import FlaskConical from "lucide/dist/esm/icons/flask-conical.mjs";
import Flag from "lucide/dist/esm/icons/flag.mjs";
import Focus from "lucide/dist/esm/icons/focus.mjs";
import FolderOpen from "lucide/dist/esm/icons/folder-open.mjs";
import Gauge from "lucide/dist/esm/icons/gauge.mjs";
import Globe from "lucide/dist/esm/icons/globe.mjs";
import GripVertical from "lucide/dist/esm/icons/grip-vertical.mjs";
import Group from "lucide/dist/esm/icons/group.mjs";
import HardDrive from "lucide/dist/esm/icons/hard-drive.mjs";
import Image from "lucide/dist/esm/icons/image.mjs";
import ImageDown from "lucide/dist/esm/icons/image-down.mjs";
import ImageOff from "lucide/dist/esm/icons/image-off.mjs";
import Images from "lucide/dist/esm/icons/images.mjs";
import Info from "lucide/dist/esm/icons/info.mjs";
import Keyboard from "lucide/dist/esm/icons/keyboard.mjs";
import Layers2 from "lucide/dist/esm/icons/layers-2.mjs";
import Library from "lucide/dist/esm/icons/library.mjs";
import List from "lucide/dist/esm/icons/list.mjs";
import ListX from "lucide/dist/esm/icons/list-x.mjs";
import Loader from "lucide/dist/esm/icons/loader.mjs";
import Maximize from "lucide/dist/esm/icons/maximize.mjs";
import Maximize2 from "lucide/dist/esm/icons/maximize-2.mjs";
import Minus from "lucide/dist/esm/icons/minus.mjs";
import Monitor from "lucide/dist/esm/icons/monitor.mjs";
import MoveHorizontal from "lucide/dist/esm/icons/move-horizontal.mjs";
import PanelRight from "lucide/dist/esm/icons/panel-right.mjs";
import Pause from "lucide/dist/esm/icons/pause.mjs";
import Pencil from "lucide/dist/esm/icons/pencil.mjs";
import Pin from "lucide/dist/esm/icons/pin.mjs";
import PinOff from "lucide/dist/esm/icons/pin-off.mjs";
import Play from "lucide/dist/esm/icons/play.mjs";
import Plus from "lucide/dist/esm/icons/plus.mjs";
import Presentation from "lucide/dist/esm/icons/presentation.mjs";
import Puzzle from "lucide/dist/esm/icons/puzzle.mjs";
import RefreshCw from "lucide/dist/esm/icons/refresh-cw.mjs";
import Repeat from "lucide/dist/esm/icons/repeat.mjs";
import RotateCcw from "lucide/dist/esm/icons/rotate-ccw.mjs";
import Search from "lucide/dist/esm/icons/search.mjs";
import SearchX from "lucide/dist/esm/icons/search-x.mjs";
import Server from "lucide/dist/esm/icons/server.mjs";
import Settings from "lucide/dist/esm/icons/settings.mjs";
import SkipForward from "lucide/dist/esm/icons/skip-forward.mjs";
import Square from "lucide/dist/esm/icons/square.mjs";
import SquareSplitHorizontal from "lucide/dist/esm/icons/square-split-horizontal.mjs";
import StepBack from "lucide/dist/esm/icons/step-back.mjs";
import StepForward from "lucide/dist/esm/icons/step-forward.mjs";
import Tag from "lucide/dist/esm/icons/tag.mjs";
import Trash2 from "lucide/dist/esm/icons/trash.mjs";
import TriangleAlert from "lucide/dist/esm/icons/triangle-alert.mjs";
import Ungroup from "lucide/dist/esm/icons/ungroup.mjs";
import Unplug from "lucide/dist/esm/icons/unplug.mjs";
import Volume2 from "lucide/dist/esm/icons/volume-2.mjs";
import VolumeX from "lucide/dist/esm/icons/volume-x.mjs";
import Workflow from "lucide/dist/esm/icons/workflow.mjs";
import Brush from "lucide/dist/esm/icons/brush.mjs";
import ChevronsUpDown from "lucide/dist/esm/icons/chevrons-up-down.mjs";
import Contrast from "lucide/dist/esm/icons/contrast.mjs";
import Crop from "lucide/dist/esm/icons/crop.mjs";
import Dices from "lucide/dist/esm/icons/dices.mjs";
import Eye from "lucide/dist/esm/icons/eye.mjs";
import EyeOff from "lucide/dist/esm/icons/eye-off.mjs";
import History from "lucide/dist/esm/icons/rotate-ccw-clock.mjs";
import ImagePlus from "lucide/dist/esm/icons/image-plus.mjs";
import Link2 from "lucide/dist/esm/icons/link-2.mjs";
import Redo2 from "lucide/dist/esm/icons/redo-2.mjs";
import Save from "lucide/dist/esm/icons/save.mjs";
import SlidersHorizontal from "lucide/dist/esm/icons/sliders-horizontal.mjs";
import ArrowLeftRight from "lucide/dist/esm/icons/arrow-left-right.mjs";
import Undo2 from "lucide/dist/esm/icons/undo-2.mjs";
import ZoomIn from "lucide/dist/esm/icons/zoom-in.mjs";
import ZoomOut from "lucide/dist/esm/icons/zoom-out.mjs";
import Grid3x3 from "lucide/dist/esm/icons/grid-3x3.mjs";
import Box from "lucide/dist/esm/icons/box.mjs";
import Calendar from "lucide/dist/esm/icons/calendar.mjs";
import CloudOff from "lucide/dist/esm/icons/cloud-off.mjs";
import Columns2 from "lucide/dist/esm/icons/columns-2.mjs";
import CornerDownRight from "lucide/dist/esm/icons/corner-down-right.mjs";
import Download from "lucide/dist/esm/icons/download.mjs";
import FileText from "lucide/dist/esm/icons/file-text.mjs";
import FlagOff from "lucide/dist/esm/icons/flag-off.mjs";
import Folder from "lucide/dist/esm/icons/folder.mjs";
import FolderPlus from "lucide/dist/esm/icons/folder-plus.mjs";
import Hash from "lucide/dist/esm/icons/hash.mjs";
import Heart from "lucide/dist/esm/icons/heart.mjs";
import Bookmark from "lucide/dist/esm/icons/bookmark.mjs";
import LayoutGrid from "lucide/dist/esm/icons/layout-grid.mjs";
import Rows3 from "lucide/dist/esm/icons/rows-3.mjs";
import Layers from "lucide/dist/esm/icons/layers.mjs";
import ScanSearch from "lucide/dist/esm/icons/scan-search.mjs";
import Star from "lucide/dist/esm/icons/star.mjs";
import Text from "lucide/dist/esm/icons/text-align-start.mjs";
import X from "lucide/dist/esm/icons/x.mjs";

export const icons = {
  "app-window": AppWindow,
  archive: Archive,
  "arrow-down": ArrowDown,
  "arrow-down-to-line": ArrowDownToLine,
  "arrow-down-wide-narrow": ArrowDownWideNarrow,
  "arrow-left": ArrowLeft,
  "arrow-right": ArrowRight,
  "arrow-up": ArrowUp,
  "arrow-up-to-line": ArrowUpToLine,
  "audio-lines": AudioLines,
  bell: Bell,
  check: Check,
  "chevron-down": ChevronDown,
  "chevron-left": ChevronLeft,
  "chevron-right": ChevronRight,
  "circle-alert": CircleAlert,
  "circle-check": CircleCheck,
  "circle-dashed": CircleDashed,
  "circle-question-mark": CircleQuestionMark,
  "clipboard-list": ClipboardList,
  "clipboard-paste": ClipboardPaste,
  clock: Clock,
  copy: Copy,
  diff: Diff,
  ellipsis: Ellipsis,
  eraser: Eraser,
  "external-link": ExternalLink,
  "file-json": FileJson,
  "file-output": FileOutput,
  film: Film,
  "flask-conical": FlaskConical,
  flag: Flag,
  focus: Focus,
  "folder-open": FolderOpen,
  gauge: Gauge,
  globe: Globe,
  "grip-vertical": GripVertical,
  group: Group,
  "hard-drive": HardDrive,
  image: Image,
  "image-down": ImageDown,
  "image-off": ImageOff,
  images: Images,
  info: Info,
  keyboard: Keyboard,
  "layers-2": Layers2,
  library: Library,
  list: List,
  "list-x": ListX,
  loader: Loader,
  maximize: Maximize,
  "maximize-2": Maximize2,
  minus: Minus,
  monitor: Monitor,
  "move-horizontal": MoveHorizontal,
  "panel-right": PanelRight,
  pause: Pause,
  pencil: Pencil,
  pin: Pin,
  "pin-off": PinOff,
  play: Play,
  plus: Plus,
  presentation: Presentation,
  puzzle: Puzzle,
  "refresh-cw": RefreshCw,
  repeat: Repeat,
  "rotate-ccw": RotateCcw,
  search: Search,
  "search-x": SearchX,
  server: Server,
  settings: Settings,
  "skip-forward": SkipForward,
  square: Square,
  "square-split-horizontal": SquareSplitHorizontal,
  "step-back": StepBack,
  "step-forward": StepForward,
  tag: Tag,
  "trash-2": Trash2,
  "triangle-alert": TriangleAlert,
  ungroup: Ungroup,
  unplug: Unplug,
  "volume-2": Volume2,
  "volume-x": VolumeX,
  workflow: Workflow,
  brush: Brush,
  "chevrons-up-down": ChevronsUpDown,
  contrast: Contrast,
  crop: Crop,
  dices: Dices,
  eye: Eye,
  "eye-off": EyeOff,
  history: History,
  "image-plus": ImagePlus,
  "link-2": Link2,
  "redo-2": Redo2,
  save: Save,
  "sliders-horizontal": SlidersHorizontal,
  "arrow-left-right": ArrowLeftRight,
  "undo-2": Undo2,
  "zoom-in": ZoomIn,
  "zoom-out": ZoomOut,
  "grid-3x3": Grid3x3,
  box: Box,
  calendar: Calendar,
  "cloud-off": CloudOff,
  "columns-2": Columns2,
  "corner-down-right": CornerDownRight,
  download: Download,
  "file-text": FileText,
  "flag-off": FlagOff,
  folder: Folder,
  "folder-plus": FolderPlus,
  hash: Hash,
  heart: Heart,
  bookmark: Bookmark,
  "layout-grid": LayoutGrid,
  "rows-3": Rows3,
  layers: Layers,
  "scan-search": ScanSearch,
  star: Star,
  "text-align-start": Text,
  x: X,
};

export type IconName = keyof typeof icons;

/** The icons in use, by lucide's names. Only these are shipped. */
import AppWindow from "@lucide/svelte/icons/app-window";
import Archive from "@lucide/svelte/icons/archive";
import ArrowDown from "@lucide/svelte/icons/arrow-down";
import ArrowDownToLine from "@lucide/svelte/icons/arrow-down-to-line";
import ArrowDownWideNarrow from "@lucide/svelte/icons/arrow-down-wide-narrow";
import ArrowLeft from "@lucide/svelte/icons/arrow-left";
import ArrowRight from "@lucide/svelte/icons/arrow-right";
import ArrowUp from "@lucide/svelte/icons/arrow-up";
import ArrowUpToLine from "@lucide/svelte/icons/arrow-up-to-line";
import AudioLines from "@lucide/svelte/icons/audio-lines";
import Bell from "@lucide/svelte/icons/bell";
import Check from "@lucide/svelte/icons/check";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import ClipboardList from "@lucide/svelte/icons/clipboard-list";
import ClipboardPaste from "@lucide/svelte/icons/clipboard-paste";
import Clock from "@lucide/svelte/icons/clock";
import Copy from "@lucide/svelte/icons/copy";
import Diff from "@lucide/svelte/icons/diff";
import Ellipsis from "@lucide/svelte/icons/ellipsis";
import Eraser from "@lucide/svelte/icons/eraser";
import ExternalLink from "@lucide/svelte/icons/external-link";
import FileJson from "@lucide/svelte/icons/file-json";
import FileOutput from "@lucide/svelte/icons/file-output";
import Film from "@lucide/svelte/icons/film";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import Flag from "@lucide/svelte/icons/flag";
import Focus from "@lucide/svelte/icons/focus";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import Gauge from "@lucide/svelte/icons/gauge";
import Globe from "@lucide/svelte/icons/globe";
import GripVertical from "@lucide/svelte/icons/grip-vertical";
import Group from "@lucide/svelte/icons/group";
import HardDrive from "@lucide/svelte/icons/hard-drive";
import Image from "@lucide/svelte/icons/image";
import ImageDown from "@lucide/svelte/icons/image-down";
import ImageOff from "@lucide/svelte/icons/image-off";
import Images from "@lucide/svelte/icons/images";
import Info from "@lucide/svelte/icons/info";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Layers2 from "@lucide/svelte/icons/layers-2";
import Library from "@lucide/svelte/icons/library";
import List from "@lucide/svelte/icons/list";
import ListX from "@lucide/svelte/icons/list-x";
import Loader from "@lucide/svelte/icons/loader";
import Maximize from "@lucide/svelte/icons/maximize";
import Maximize2 from "@lucide/svelte/icons/maximize-2";
import Minus from "@lucide/svelte/icons/minus";
import Monitor from "@lucide/svelte/icons/monitor";
import MoveHorizontal from "@lucide/svelte/icons/move-horizontal";
import PanelRight from "@lucide/svelte/icons/panel-right";
import Pause from "@lucide/svelte/icons/pause";
import Pencil from "@lucide/svelte/icons/pencil";
import Pin from "@lucide/svelte/icons/pin";
import PinOff from "@lucide/svelte/icons/pin-off";
import Play from "@lucide/svelte/icons/play";
import Plus from "@lucide/svelte/icons/plus";
import Presentation from "@lucide/svelte/icons/presentation";
import Puzzle from "@lucide/svelte/icons/puzzle";
import RefreshCw from "@lucide/svelte/icons/refresh-cw";
import Repeat from "@lucide/svelte/icons/repeat";
import RotateCcw from "@lucide/svelte/icons/rotate-ccw";
import Search from "@lucide/svelte/icons/search";
import SearchX from "@lucide/svelte/icons/search-x";
import Server from "@lucide/svelte/icons/server";
import Settings from "@lucide/svelte/icons/settings";
import SkipForward from "@lucide/svelte/icons/skip-forward";
import Square from "@lucide/svelte/icons/square";
import SquareSplitHorizontal from "@lucide/svelte/icons/square-split-horizontal";
import StepBack from "@lucide/svelte/icons/step-back";
import StepForward from "@lucide/svelte/icons/step-forward";
import Tag from "@lucide/svelte/icons/tag";
import Trash2 from "@lucide/svelte/icons/trash-2";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Ungroup from "@lucide/svelte/icons/ungroup";
import Unplug from "@lucide/svelte/icons/unplug";
import Volume2 from "@lucide/svelte/icons/volume-2";
import VolumeX from "@lucide/svelte/icons/volume-x";
import Workflow from "@lucide/svelte/icons/workflow";
import Brush from "@lucide/svelte/icons/brush";
import ChevronsUpDown from "@lucide/svelte/icons/chevrons-up-down";
import Contrast from "@lucide/svelte/icons/contrast";
import Crop from "@lucide/svelte/icons/crop";
import Dices from "@lucide/svelte/icons/dices";
import Eye from "@lucide/svelte/icons/eye";
import EyeOff from "@lucide/svelte/icons/eye-off";
import History from "@lucide/svelte/icons/history";
import ImagePlus from "@lucide/svelte/icons/image-plus";
import Link2 from "@lucide/svelte/icons/link-2";
import Redo2 from "@lucide/svelte/icons/redo-2";
import Save from "@lucide/svelte/icons/save";
import SlidersHorizontal from "@lucide/svelte/icons/sliders-horizontal";
import ArrowLeftRight from "@lucide/svelte/icons/arrow-left-right";
import Undo2 from "@lucide/svelte/icons/undo-2";
import ZoomIn from "@lucide/svelte/icons/zoom-in";
import ZoomOut from "@lucide/svelte/icons/zoom-out";
import Grid3x3 from "@lucide/svelte/icons/grid-3x3";
import Box from "@lucide/svelte/icons/box";
import Calendar from "@lucide/svelte/icons/calendar";
import CloudOff from "@lucide/svelte/icons/cloud-off";
import Columns2 from "@lucide/svelte/icons/columns-2";
import CornerDownRight from "@lucide/svelte/icons/corner-down-right";
import Download from "@lucide/svelte/icons/download";
import FileText from "@lucide/svelte/icons/file-text";
import FlagOff from "@lucide/svelte/icons/flag-off";
import Folder from "@lucide/svelte/icons/folder";
import FolderPlus from "@lucide/svelte/icons/folder-plus";
import Hash from "@lucide/svelte/icons/hash";
import Heart from "@lucide/svelte/icons/heart";
import Bookmark from "@lucide/svelte/icons/bookmark";
import LayoutGrid from "@lucide/svelte/icons/layout-grid";
import Rows3 from "@lucide/svelte/icons/rows-3";
import Layers from "@lucide/svelte/icons/layers";
import ScanSearch from "@lucide/svelte/icons/scan-search";
import Star from "@lucide/svelte/icons/star";
import Text from "@lucide/svelte/icons/text-align-start";
import X from "@lucide/svelte/icons/x";

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

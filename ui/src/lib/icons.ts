/** The icons in use, by lucide's names. Only these are shipped. */
import AppWindow from "@lucide/svelte/icons/app-window";
import Archive from "@lucide/svelte/icons/archive";
import ArrowDownToLine from "@lucide/svelte/icons/arrow-down-to-line";
import ArrowDownWideNarrow from "@lucide/svelte/icons/arrow-down-wide-narrow";
import ArrowLeft from "@lucide/svelte/icons/arrow-left";
import ArrowRight from "@lucide/svelte/icons/arrow-right";
import ArrowUpToLine from "@lucide/svelte/icons/arrow-up-to-line";
import AudioLines from "@lucide/svelte/icons/audio-lines";
import Bell from "@lucide/svelte/icons/bell";
import Check from "@lucide/svelte/icons/check";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import ClipboardList from "@lucide/svelte/icons/clipboard-list";
import ClipboardPaste from "@lucide/svelte/icons/clipboard-paste";
import Clock from "@lucide/svelte/icons/clock";
import Copy from "@lucide/svelte/icons/copy";
import Ellipsis from "@lucide/svelte/icons/ellipsis";
import Eraser from "@lucide/svelte/icons/eraser";
import FileJson from "@lucide/svelte/icons/file-json";
import FileOutput from "@lucide/svelte/icons/file-output";
import Film from "@lucide/svelte/icons/film";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import FolderOpen from "@lucide/svelte/icons/folder-open";
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
import PanelRight from "@lucide/svelte/icons/panel-right";
import Pause from "@lucide/svelte/icons/pause";
import Pencil from "@lucide/svelte/icons/pencil";
import Pin from "@lucide/svelte/icons/pin";
import PinOff from "@lucide/svelte/icons/pin-off";
import Play from "@lucide/svelte/icons/play";
import Plus from "@lucide/svelte/icons/plus";
import Puzzle from "@lucide/svelte/icons/puzzle";
import RefreshCw from "@lucide/svelte/icons/refresh-cw";
import RotateCcw from "@lucide/svelte/icons/rotate-ccw";
import Search from "@lucide/svelte/icons/search";
import SearchX from "@lucide/svelte/icons/search-x";
import Server from "@lucide/svelte/icons/server";
import Settings from "@lucide/svelte/icons/settings";
import SkipForward from "@lucide/svelte/icons/skip-forward";
import Square from "@lucide/svelte/icons/square";
import Tag from "@lucide/svelte/icons/tag";
import Trash2 from "@lucide/svelte/icons/trash-2";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Ungroup from "@lucide/svelte/icons/ungroup";
import Unplug from "@lucide/svelte/icons/unplug";
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
import X from "@lucide/svelte/icons/x";

export const icons = {
  "app-window": AppWindow,
  archive: Archive,
  "arrow-down-to-line": ArrowDownToLine,
  "arrow-down-wide-narrow": ArrowDownWideNarrow,
  "arrow-left": ArrowLeft,
  "arrow-right": ArrowRight,
  "arrow-up-to-line": ArrowUpToLine,
  "audio-lines": AudioLines,
  bell: Bell,
  check: Check,
  "chevron-down": ChevronDown,
  "chevron-right": ChevronRight,
  "circle-alert": CircleAlert,
  "circle-check": CircleCheck,
  "circle-dashed": CircleDashed,
  "circle-question-mark": CircleQuestionMark,
  "clipboard-list": ClipboardList,
  "clipboard-paste": ClipboardPaste,
  clock: Clock,
  copy: Copy,
  ellipsis: Ellipsis,
  eraser: Eraser,
  "file-json": FileJson,
  "file-output": FileOutput,
  film: Film,
  "flask-conical": FlaskConical,
  "folder-open": FolderOpen,
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
  "panel-right": PanelRight,
  pause: Pause,
  pencil: Pencil,
  pin: Pin,
  "pin-off": PinOff,
  play: Play,
  plus: Plus,
  puzzle: Puzzle,
  "refresh-cw": RefreshCw,
  "rotate-ccw": RotateCcw,
  search: Search,
  "search-x": SearchX,
  server: Server,
  settings: Settings,
  "skip-forward": SkipForward,
  square: Square,
  tag: Tag,
  "trash-2": Trash2,
  "triangle-alert": TriangleAlert,
  ungroup: Ungroup,
  unplug: Unplug,
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
  x: X,
};

export type IconName = keyof typeof icons;

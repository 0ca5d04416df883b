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
import Clock from "@lucide/svelte/icons/clock";
import ClipboardPaste from "@lucide/svelte/icons/clipboard-paste";
import Copy from "@lucide/svelte/icons/copy";
import Ellipsis from "@lucide/svelte/icons/ellipsis";
import Eraser from "@lucide/svelte/icons/eraser";
import FileJson from "@lucide/svelte/icons/file-json";
import Film from "@lucide/svelte/icons/film";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import GripVertical from "@lucide/svelte/icons/grip-vertical";
import Group from "@lucide/svelte/icons/group";
import HardDrive from "@lucide/svelte/icons/hard-drive";
import Image from "@lucide/svelte/icons/image";
import ImageOff from "@lucide/svelte/icons/image-off";
import Images from "@lucide/svelte/icons/images";
import Info from "@lucide/svelte/icons/info";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Layers2 from "@lucide/svelte/icons/layers-2";
import ListX from "@lucide/svelte/icons/list-x";
import Loader from "@lucide/svelte/icons/loader";
import Maximize2 from "@lucide/svelte/icons/maximize-2";
import Minus from "@lucide/svelte/icons/minus";
import PanelRight from "@lucide/svelte/icons/panel-right";
import Pause from "@lucide/svelte/icons/pause";
import Pencil from "@lucide/svelte/icons/pencil";
import Play from "@lucide/svelte/icons/play";
import Plus from "@lucide/svelte/icons/plus";
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
  clock: Clock,
  "clipboard-paste": ClipboardPaste,
  copy: Copy,
  ellipsis: Ellipsis,
  eraser: Eraser,
  "file-json": FileJson,
  film: Film,
  "flask-conical": FlaskConical,
  "folder-open": FolderOpen,
  "grip-vertical": GripVertical,
  group: Group,
  "hard-drive": HardDrive,
  image: Image,
  "image-off": ImageOff,
  images: Images,
  info: Info,
  keyboard: Keyboard,
  "layers-2": Layers2,
  "list-x": ListX,
  loader: Loader,
  "maximize-2": Maximize2,
  minus: Minus,
  "panel-right": PanelRight,
  pause: Pause,
  pencil: Pencil,
  play: Play,
  plus: Plus,
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
  x: X,
};

export type IconName = keyof typeof icons;

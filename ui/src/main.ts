import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import { mount } from "svelte";
import App from "./App.svelte";
import { secondWindow } from "./host";
import SecondScreen from "./screens/viewer/SecondScreen.svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/controls.css";
import "./styles/job.css";
import "./styles/lists.css";
import "./styles/compose.css";
import "./styles/over.css";
import "./styles/forced-colors.css";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");
mount(secondWindow.here() ? SecondScreen : App, { target });

import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import { mount } from "svelte";
import App from "./App.svelte";
import "./styles/tokens.css";
import "./styles/shared.css";
import "./styles/frame.css";
import { useFake } from "./host";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");

// In a plain browser there is no Rust to ask: development and screenshots use made-up data, which
// is not part of the build that is shipped.
if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
  const { fakeHost } = await import("./host/fake");
  useFake(fakeHost());
}
mount(App, { target });

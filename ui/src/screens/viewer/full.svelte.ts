/** Whether the window fills the screen. */
import { windowControls } from "../../host";

class FullScreen {
  on = $state(false);

  async set(on: boolean): Promise<void> {
    await windowControls.setFullScreen(on);
    this.on = on;
  }

  toggle(): Promise<void> {
    return this.set(!this.on);
  }

  /** The system may have changed it: a key of the window manager. Asked when the window's size changes. */
  async look(): Promise<void> {
    this.on = await windowControls.fullScreen();
  }
}

export const full = new FullScreen();

/** Why something for all outputs is not done while the index is read: only the newest are known then. */
export class StillReading extends Error {
  readonly code = "wrong_state";

  constructor() {
    super("The library is still being read, and not all outputs are known yet. Try again soon.");
  }
}

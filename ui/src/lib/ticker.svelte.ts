/** The current time for texts such as "running 42 s", renewed once a second while something needs it. */
export class Ticker {
  /** Now, in milliseconds. */
  now = $state(Date.now());

  /** Must be made while a component is set up; `needed` is read reactively. */
  constructor(needed: () => boolean) {
    $effect(() => {
      if (!needed()) return;
      this.now = Date.now();
      const timer = setInterval(() => (this.now = Date.now()), 1000);
      return () => clearInterval(timer);
    });
  }
}

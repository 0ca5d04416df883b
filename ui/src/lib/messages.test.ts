import { expect, it } from "vitest";
import { underMessages } from "./messages";

it("keeps messages above the bars at the bottom as long as there is one", () => {
  const under = (): string => document.documentElement.style.getPropertyValue("--under");
  const first = underMessages();
  const second = underMessages();
  expect(under()).toBe("60px");
  first();
  expect(under()).toBe("60px");
  second();
  expect(under()).toBe("");
});

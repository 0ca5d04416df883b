import { expect, it } from "vitest";
import { toasts } from "./toasts.svelte";

it("lets what stays until it is closed go last", () => {
  const add = (title: string, part: { tone?: "bad"; stays?: boolean } = {}): void =>
    toasts.add({ tone: "plain", title, text: "", ...part });
  const titles = (): string[] => toasts.list.map(({ title }) => title);
  toasts.list = [];
  add("problems", { stays: true });
  for (const title of ["a", "b", "c"]) add(title);
  expect(titles()).toEqual(["problems", "b", "c"]);
  add("failure", { tone: "bad" });
  add("another", { tone: "bad" });
  expect(titles()).toEqual(["problems", "failure", "another"]);
  add("d");
  expect(titles()).toEqual(["failure", "another", "d"]);
});

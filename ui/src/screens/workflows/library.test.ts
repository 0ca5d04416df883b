import { beforeEach, expect, it, vi } from "vitest";
import type { WorkflowView } from "../../bindings/WorkflowView";
import { commands } from "../../host";
import { library } from "./library.svelte";
import { PAGE } from "./pages";

vi.mock("../../host", () => ({ commands: { workflow_list: vi.fn() } }));

const list = vi.mocked(commands.workflow_list);
const TOTAL = 2 * PAGE + 10;

beforeEach(() => {
  list.mockReset();
  list.mockImplementation(({ query }) =>
    Promise.resolve({
      workflows: Array.from(
        { length: Math.min(query.limit, TOTAL - query.offset) },
        (_, at) => ({ structure: `s${query.offset + at}` }) as WorkflowView,
      ),
      total: TOTAL,
    }),
  );
});

const offsets = (): number[] => list.mock.calls.map(([{ query }]) => query.offset);

it("fetches what comes into sight, once", async () => {
  library.see(0, 0);
  await library.refresh();
  expect(library.total).toBe(TOTAL);
  expect(library.rows).toHaveLength(TOTAL);
  library.see(PAGE - 5, PAGE + 5);
  library.see(PAGE - 5, PAGE + 6);
  await vi.waitFor(() => expect(library.pages.has(1)).toBe(true));
  expect(offsets()).toEqual([0, PAGE]);
  expect(library.rows[PAGE + 3]?.key).toBe(`s${PAGE + 3}`);
  expect(library.rows[2 * PAGE]?.workflow).toBeNull();
});

it("asks anew only for what is in sight, and forgets the rest", async () => {
  library.see(2 * PAGE, 2 * PAGE + 8);
  await vi.waitFor(() => expect(library.pages.has(2)).toBe(true));
  list.mockClear();
  await library.refresh();
  expect(offsets()).toEqual([2 * PAGE]);
  expect([...library.pages.keys()]).toEqual([2]);
});

it("drops answers to questions that are old", async () => {
  library.see(0, 10);
  let late = (_: Awaited<ReturnType<typeof list>>): void => {};
  list.mockImplementationOnce(() => new Promise((done) => (late = done)));
  const old = library.refresh();
  await library.refresh();
  late({ workflows: [], total: 0 });
  await old;
  expect(library.total).toBe(TOTAL);
});

it("keeps what it has when it cannot ask", async () => {
  list.mockRejectedValueOnce({ message: "The database is locked." });
  await library.refresh();
  expect(library.failure).toBe("The database is locked.");
  expect(library.total).toBe(TOTAL);
  await library.refresh();
  expect(library.failure).toBeNull();
});

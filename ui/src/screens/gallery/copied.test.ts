import { expect, it } from "vitest";
import type { CopiedView } from "../../bindings/CopiedView";
import { copiedToast } from "./copied";

const none = { outputs: 0, why: null };
const two = { outputs: 2, why: "scan: no workflow is known of it." };
const of = (part: Partial<CopiedView>): CopiedView => ({
  workflows: 0,
  left_out: none,
  cut_off: null,
  ...part,
});

it.each([
  [of({ workflows: 1200 }), "plain", "Copied 1,200 workflows", /^Each is a file.*paste\.$/],
  [
    of({ workflows: 3, left_out: two }),
    "warn",
    "Copied 3 workflows",
    /paste\. 2 outputs left out\. scan: no workflow is known of it\.$/,
  ],
  [of({ workflows: 1 }), "plain", "Copied the workflow", /^It made 12 outputs\.$/],
  [
    of({ workflows: 1, left_out: { ...two, outputs: 11 } }),
    "warn",
    "Copied the workflow",
    /^11 out/,
  ],
  [of({ left_out: { ...two, outputs: 12 } }), "plain", "No workflows", /^12 outputs left out\./],
  [
    of({ cut_off: { left: 5, why: null } }),
    "warn",
    "Nothing was copied",
    /^You stopped it\. The clipboard is as it was\.$/,
  ],
  [
    of({ cut_off: { left: 5, why: "The disk is full." } }),
    "bad",
    "Nothing was copied",
    /^The disk is full\. The clipboard/,
  ],
])("says what was copied of 12 outputs: %o", (copied, tone, title, text) => {
  const toast = copiedToast(copied, 12);
  expect(toast).toMatchObject({ tone, title });
  expect(toast.text).toMatch(text);
});

/** What is said about files that hang over the window. */
import type { IntakeReport } from "../../bindings/IntakeReport";
import { count } from "../../lib/format";

/** "2 workflows, 1 picture with a workflow inside, 1 that cannot be queued". */
export function foundText({ items }: IntakeReport): string {
  const good = items.filter((item) => item.standing !== "refused");
  const pictures = good.filter((item) => !/\.json$/i.test(item.name)).length;
  const workflows = good.length - pictures;
  const refused = items.length - good.length;
  return [
    workflows > 0 ? count(workflows, "workflow") : null,
    pictures > 0 ? `${count(pictures, "picture")} with a workflow inside` : null,
    refused > 0 ? `${refused} that cannot be queued` : null,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

/** The plan that was used last, in this run of the app. */
import type { ExportPlan } from "../../bindings/ExportPlan";
import { BEGINNING } from "./exporting";

class LastPlan {
  plan = $state.raw<ExportPlan>(BEGINNING);
}

export const lastPlan = new LastPlan();

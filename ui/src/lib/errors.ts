/** What the page calls each kind of error. */
import type { CommandErrorCode } from "../bindings/CommandErrorCode";
import type { TroubleCode } from "../bindings/TroubleCode";

const COMMAND: Record<CommandErrorCode, string> = {
  bad_input: "That does not work",
  not_found: "Not there any more",
  wrong_state: "Not possible right now",
  storage: "The disk is in the way",
  server: "The server is in the way",
  internal: "Safelight made a mistake",
};

const TROUBLE: Record<TroubleCode, string> = {
  validation: "The server refused it",
  missing_node: "A node class is missing",
  node_failed: "Failed",
  out_of_memory: "Out of memory",
  lost: "Lost by the server",
  output_gone: "Outputs are gone",
  library: "Waiting for the library folder",
  server: "The server is in the way",
  cancelled: "Stopped at the server",
};

/** What a refused command is called. */
export const commandTitle = (code: CommandErrorCode): string => COMMAND[code] ?? COMMAND.internal;
/** What a trouble of a job is called. */
export const troubleTitle = (code: TroubleCode): string => TROUBLE[code];

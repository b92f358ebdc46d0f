import { closest } from "../base/closest.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { InputSlot } from "../data/inputSlot.js";
import type { InputRole } from "../protocol/names.js";

/** Inputs of these roles are not what a prediction is about: they keep the sample's value unless someone names a baseline for them. */
const fixedRoles: ReadonlyMap<InputRole, string> = new Map([
  ["mask", "a mask"],
  ["tokenTypes", "token types"],
  ["positions", "positions"],
  ["state", "a state"],
  ["flag", "a flag"],
]);

/**
 * The inputs that stay at the sample's value: those asked for, and those whose role is no feature. Inputs in `withBaseline` are never fixed by role.
 * Throws UNKNOWN_INPUT for a name the model doesn't have.
 */
export function fixedInputs(
  slots: readonly InputSlot[],
  asked: readonly string[],
  withBaseline: readonly string[],
): { readonly fixed: readonly string[]; readonly remarks: readonly Diagnostic[] } {
  const names = slots.map((slot) => slot.name);
  for (const name of [...asked, ...withBaseline]) if (!names.includes(name)) throw unknownInput(name, names);
  const byRole = slots.filter((slot) => fixedRoles.has(slot.role) && !asked.includes(slot.name) && !withBaseline.includes(slot.name));
  return {
    fixed: [...asked, ...byRole.map((slot) => slot.name)],
    remarks: byRole.map((slot) => ({
      code: "FIXED_INPUT",
      severity: "info",
      message: `The input "${slot.name}" is ${fixedRoles.get(slot.role) ?? slot.role}: it stays at the sample's value and gets no credit.`,
    })),
  };
}

/** UNKNOWN_INPUT with what there is. */
function unknownInput(name: string, names: readonly string[]): ExplainError {
  const near = closest(name, names);
  return new ExplainError("UNKNOWN_INPUT", `The model has no input named "${name}".`, {
    hint: `${near === undefined ? "" : `Did you mean "${near}"? `}Its inputs: ${names.join(", ")}.`,
  });
}

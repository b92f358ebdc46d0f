import type { MethodName } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";

/** What the person changed in the panel. */
export interface Change {
  readonly method?: MethodName;
  readonly target?: string;
  /** The class that the target is compared with; "" for none. */
  readonly versus?: string;
  /** "" is the model's default. */
  readonly baseline?: string;
  readonly row?: number;
  /** Which columns feed which input. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/** The request after a change. Options belong to a method: another method starts without. */
export function changedRequest(
  { baselines, options, versus: against, ...rest }: ExplainRequest,
  { method, target, versus, baseline, row, columns }: Change,
): ExplainRequest {
  const compared = versus === undefined ? against : versus === "" ? undefined : versus;
  const kept = baseline === undefined ? baselines : baseline === "" ? undefined : { "": baseline };
  return {
    ...rest,
    // A class minus itself says nothing.
    ...(compared === undefined || compared === target ? {} : { versus: compared }),
    ...(kept === undefined ? {} : { baselines: kept }),
    ...(method !== undefined ? { method } : options === undefined ? {} : { options }),
    ...(target === undefined ? {} : { targets: [target] }),
    ...(row === undefined ? {} : { rows: [row] }),
    ...(columns === undefined ? {} : { columns }),
  };
}

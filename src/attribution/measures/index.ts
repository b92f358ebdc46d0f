import type { MeasureName } from "../../protocol/names.js";
import type { Measure } from "../measure.js";
import { agreement } from "./agreement.js";
import { baselines } from "./baselines.js";
import { deletion, insertion } from "./curves.js";
import { infidelity } from "./infidelity.js";
import { randomisation } from "./randomisation.js";
import { sensitivity } from "./sensitivity.js";

/** THE table of measures, in the order in which they are listed to people. */
export const measures: Readonly<Record<MeasureName, Measure>> = { infidelity, sensitivity, deletion, insertion, randomisation, agreement, baselines };

import * as v from "valibot";
import type { Panels } from "../panels.js";
import type { Services } from "../services.js";
import { layerPlace } from "./goToLayer.js";

/** From a source line to the panel: the layer of the explanation whose share the line shows. */
export async function openLayer({ shown }: Services, panels: () => Promise<Panels>, argument: unknown): Promise<void> {
  const place = v.safeParse(layerPlace, argument);
  const request = place.success ? shown.get(place.output.model)?.explanation.request : undefined;
  if (place.success && request !== undefined) await (await panels()).openLayer(request, place.output.layer);
}

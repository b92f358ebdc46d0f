import { markup, type Markup } from "../../src/charts/markup.js";
import type { EditableInput } from "../../src/protocol/viewModel.js";
import { t } from "../../src/protocol/words.js";

/** How a picture is edited: in the picture itself, where a region is chosen and the buttons for it appear. */
export function pictureWhatIf({ changed, size }: Extract<EditableInput, { kind: "picture" }>): Markup {
  return changed === 0
    ? markup`<p class="ep-note">${t("Choose a region of the picture above, by drawing it or with Shift and the arrow keys; then remove it, blur it or keep only it.")}</p>`
    : markup`<p class="ep-note" data-test="changed-pixels" data-changed="${changed}">${t("{0} of {1} pixels are changed.", changed, size)}</p>`;
}

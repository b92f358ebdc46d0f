import { expect, test } from "vitest";
import { creditsOfSize } from "../bench/views.js";
import { panelBrowser } from "./panelBrowser.js";
import { output, stateOf, type PanelPage } from "./panelPage.js";

// Layers of hundreds of units, drawn in a browser.
const { openPanel } = panelBrowser();

const unit = (panel: PanelPage, key: string): ReturnType<PanelPage["page"]["locator"]> => panel.page.locator(`[data-unit="${key}"]`);

test.each(["light", "dark", "hcDark", "hcLight"])(
  "a layer of 500 units in %s: new numbers arrive under the focus, a unit is chosen by key and by mouse",
  async (theme) => {
    const panel = await openPanel(theme, 900);
    await panel.show(stateOf(creditsOfSize.neurons(500, 0)));
    const key = "123";
    const before = await unit(panel, key).getAttribute("data-credit");
    await unit(panel, key).focus();
    await panel.page.locator("[data-section=units]").screenshot({ path: `${output}/large-${theme}.png` });
    for (const round of [1, 2]) {
      await panel.show(stateOf(creditsOfSize.neurons(500, round), { message: String(round) }));
      expect(await unit(panel, key).getAttribute("data-credit")).not.toBe(before);
      expect(await unit(panel, key).evaluate((element) => element === document.activeElement)).toBe(true);
    }
    await panel.page.keyboard.press("Enter");
    await unit(panel, "9").click();
    expect(await panel.sent()).toEqual([
      { kind: "unit", layer: "hidden", unit: key },
      { kind: "unit", layer: "hidden", unit: "9" },
    ]);
    // A small layer after the large one.
    await panel.show(stateOf(creditsOfSize.neurons(20, 3)));
    expect(await panel.page.locator("[data-unit]").count()).toBe(20);
    expect(panel.problems).toEqual([]);
    await panel.page.close();
  },
);

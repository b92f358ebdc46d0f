import { expect, test } from "vitest";
import { panelHtml } from "../../../src/vscode/panelHtml.js";

const page = panelHtml({ script: "https://host/webview.js", style: "https://host/panel.css", cspSource: "https://host", nonce: "abc" });

test("the policy allows nothing that is not named", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).not.toMatch(/unsafe|\*|connect-src/);
});

test("every script carries the nonce and none is inline", () => {
  const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
  expect(scripts.map(([, attributes, body]) => [attributes?.includes('nonce="abc"'), body])).toEqual([[true, ""]]);
  expect(page).not.toMatch(/ (style|on\w+)=/);
});

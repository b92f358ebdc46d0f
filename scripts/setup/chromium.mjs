import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "../run.mjs";

const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];

const usualPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** Browsers that Playwright downloaded for another project, newest first. */
function playwrightBrowsers() {
  const folders = [process.env.PLAYWRIGHT_BROWSERS_PATH, join(homedir(), ".cache/ms-playwright"), join(homedir(), "Library/Caches/ms-playwright")];
  return folders
    .filter((folder) => folder !== undefined && existsSync(folder))
    .flatMap((folder) =>
      readdirSync(/** @type {string} */ (folder))
        .filter((name) => /^chromium-\d+$/.test(name))
        .sort()
        .reverse()
        .flatMap((name) =>
          ["chrome-linux/chrome", "chrome-linux64/chrome", "chrome-mac/Chromium.app/Contents/MacOS/Chromium", "chrome-win/chrome.exe"].map((file) =>
            join(/** @type {string} */ (folder), name, file),
          ),
        ),
    );
}

/**
 * A Chromium that is already on this machine: named by CHROME or PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH, on the PATH, or in a usual place.
 * @returns {string | undefined} its path
 */
export function findChromium() {
  const named = [process.env.CHROME, process.env.CHROME_PATH, process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH];
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => programs.map((program) => join(folder, program)));
  return [...named, ...onPath, ...usualPlaces, ...playwrightBrowsers()].find((path) => path !== undefined && path !== "" && existsSync(path));
}

/**
 * Finds Chromium, else installs the distribution's package where that needs no password.
 * @returns {Promise<string | undefined>} why there is none, or undefined when there is one
 */
export async function setUpChromium() {
  if (findChromium() !== undefined) return undefined;
  const mayInstall = process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (mayInstall) {
    console.log("Installing Chromium (apt-get) …");
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { env, quiet: true });
    await run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env, quiet: true });
    if (findChromium() !== undefined) return undefined;
  }
  return "No Chromium was found. Install one (Debian, Ubuntu: `sudo apt-get install chromium`) or set CHROME to the path of a Chromium or Chrome.";
}

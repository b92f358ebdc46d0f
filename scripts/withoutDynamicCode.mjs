import { readFile } from "node:fs/promises";

/**
 * Takes out of packages what makes code from text at run time. Neither is ever reached here: a page's way to its global object in browsers from before 2019, and
 * a worker for browsers that a decoder offers besides the one that is used. `test/security` looks for what is left.
 * @type {import("esbuild").Plugin}
 */
export const withoutDynamicCode = {
  name: "without dynamic code",
  setup(build) {
    build.onLoad({ filter: /fast-element[\\/]dist[\\/]esm[\\/]platform\.js$/ }, async ({ path }) => {
      const contents = await readFile(path, "utf8");
      return { contents: contents.replace('new Function("return this")()', "{}"), loader: "js" };
    });
    build.onResolve({ filter: /^@eshaz\/web-worker$/ }, () => ({ path: "web-worker", namespace: "absent" }));
    build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "export default class {}", loader: "js" }));
  },
};

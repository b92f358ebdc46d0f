import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { unzipSync } from "fflate";
import { afterEach, describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.js";
import type { RayJob } from "../../../src/ray/rayJob.js";
import { runRayJob, type RayOutcome, type RayWatch } from "../../../src/ray/runRayJob.js";

const job: RayJob = {
  data: "/data",
  out: "/out",
  resume: false,
  kept: {},
  id: null,
  label: null,
  explanation: null,
  needed: ["a"],
  inputs: {},
  outputs: [],
  names: { row: "row", file: "file", reason: "reason" },
  rowsPerRun: 10,
};
const files = {
  driver: { "driver.py": new TextEncoder().encode("print(1)"), "explain_ray/job.py": new TextEncoder().encode("print(2)") },
  explanation: new Uint8Array(100),
};

/** What a dashboard answers: one status after the other, and the log that stands beside it. */
interface Script {
  readonly version?: string;
  readonly looks?: readonly { readonly status: string; readonly logs: string; readonly message?: string }[];
}

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that speaks the Jobs API as Ray's dashboard does, refusals of browsers included. */
async function dashboard({
  version = "2.60.0",
  looks = [],
}: Script): Promise<{ readonly address: string; readonly asked: string[]; readonly bodies: Buffer[] }> {
  const asked: string[] = [];
  const bodies: Buffer[] = [];
  let look = 0;
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = "", url = "" } = request;
      asked.push(`${method} ${url.replace(/_ray_pkg_[0-9a-f]+/, "PACKAGE")}`);
      const say = (status: number, value: unknown): void => void response.writeHead(status).end(JSON.stringify(value));
      if (method !== "GET" && Object.keys(request.headers).some((name) => name.startsWith("sec-fetch"))) return say(405, "browser traffic");
      if (url === "/api/version") return say(200, { version: "4", ray_version: version });
      if (url.startsWith("/api/packages")) {
        if (method === "PUT") bodies.push(body);
        return say(method === "PUT" ? 200 : 404, {});
      }
      if (method === "POST" && url === "/api/jobs/") {
        bodies.push(body);
        return say(200, { submission_id: "job-1" });
      }
      if (url.endsWith("/stop")) {
        look = looks.length - 1;
        return say(200, { stopped: true });
      }
      const now = present(looks[Math.min(look, looks.length - 1)], "look");
      if (url.endsWith("/logs")) {
        look++;
        return say(200, { logs: now.logs });
      }
      say(200, { status: now.status, message: now.message ?? "" });
    });
  });
  const own = server;
  await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(own.address() as AddressInfo).port}`, asked, bodies };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const line = (kind: string, content: object): string => `explain-prediction ${JSON.stringify({ kind, ...content })}\n`;
const run = async (script: Script, watch?: RayWatch): Promise<RayOutcome> => runRayJob((await dashboard(script)).address, job, files, watch);
const failing = (code: string, message: RegExp): object => ({ diagnostic: { code, message: expect.stringMatching(message) as unknown } });

describe("a job on a Ray cluster", () => {
  it("is handed over once, followed, and answered with what the driver says", async () => {
    const looks = [
      { status: "PENDING", logs: "" },
      { status: "RUNNING", logs: `setting up\n${line("progress", { rows: 5, explained: 4, total: 10, seconds: 2 })}half a l` },
      {
        status: "SUCCEEDED",
        logs: `setting up\n${line("progress", { rows: 5, explained: 4, total: 10, seconds: 2 })}half a line\n${line("finished", { rows: 10, explained: 8, rejected: 1, seconds: 4, nodes: 2 })}`,
      },
    ];
    const { address, asked, bodies } = await dashboard({ looks });
    const seen: unknown[] = [];
    const outcome = await runRayJob(address, job, files, { progress: (p) => seen.push(p), log: (text) => seen.push(text), started: (id) => seen.push(id) });
    expect(outcome).toEqual({ job: "job-1", rayVersion: "2.60.0", rows: 10, explained: 8, rejected: 1, seconds: 4, nodes: 2, sample: [] });
    expect(seen).toEqual(["job-1", "setting up", { rows: 5, explained: 4, total: 10, seconds: 2 }, "half a line"]);
    expect(asked.slice(0, 4)).toEqual(["GET /api/version", "GET /api/packages/gcs/PACKAGE.zip", "PUT /api/packages/gcs/PACKAGE.zip", "POST /api/jobs/"]);
    const content = unzipSync(present(bodies[0], "package"));
    expect(Object.keys(content).sort()).toEqual(["driver.py", "explain_ray/job.py", "explanation.onnx", "job.json"]);
    expect(JSON.parse(Buffer.from(present(content["job.json"], "job")).toString())).toEqual(job);
    expect(JSON.parse(present(bodies[1], "job").toString())).toMatchObject({
      entrypoint: "python driver.py",
      runtime_env: { working_dir: expect.stringMatching(/^gcs:\/\/_ray_pkg_[0-9a-f]{40}\.zip$/) as unknown },
    });
  });

  it("says what the driver found wrong", async () => {
    const logs = line("error", { code: "RAY_PACKAGES", message: "Nodes lack onnxruntime.", hint: "pip install" });
    await expect(run({ looks: [{ status: "FAILED", logs }] })).rejects.toMatchObject(failing("RAY_PACKAGES", /lack onnxruntime/));
    await expect(run({ looks: [{ status: "FAILED", logs: line("error", { code: "SURPRISE", message: "x" }), message: "exit code 3" }] })).rejects.toMatchObject(
      failing("RAY_FAILED", /exit code 3/),
    );
  });

  it("says that it was stopped from elsewhere, and that it died without a word", async () => {
    await expect(run({ looks: [{ status: "STOPPED", logs: "" }] })).rejects.toMatchObject(failing("RAY_FAILED", /was stopped on the cluster/));
    await expect(run({ looks: [{ status: "FAILED", logs: "Killed\n", message: "job supervisor died" }] })).rejects.toMatchObject(
      failing("RAY_FAILED", /job supervisor died \/ Killed/),
    );
  });

  it("is stopped on the cluster when the caller gives up", async () => {
    const { address, asked } = await dashboard({
      looks: [
        { status: "RUNNING", logs: "" },
        { status: "STOPPED", logs: "" },
      ],
    });
    const interrupt = new AbortController();
    await expect(runRayJob(address, job, files, { signal: interrupt.signal, started: () => interrupt.abort() })).rejects.toMatchObject({
      diagnostic: { code: "CANCELLED" },
    });
    expect(asked).toContain("POST /api/jobs/job-1/stop");
  });
});

describe("an address", () => {
  it.each(["nothing", "ray://127.0.0.1:10001", "127.0.0.1:8265"])("%s is refused", async (address) => {
    await expect(runRayJob(address, job, files)).rejects.toMatchObject(failing("OPTION_INVALID", /no address of a Ray cluster/));
  });

  it("where nothing answers is named with the reason", async () => {
    const { address } = await dashboard({});
    await new Promise((resolve) => server?.close(resolve));
    await expect(runRayJob(address, job, files)).rejects.toMatchObject(failing("RAY_UNREACHABLE", /ECONNREFUSED/));
  });

  it("of an old cluster, and of something else, is told apart", async () => {
    await expect(run({ version: "2.3.1" })).rejects.toMatchObject(failing("RAY_VERSION", /runs Ray 2\.3\.1/));
    server?.close();
    server = createServer((_, response) => response.end("<html>hello</html>"));
    const other = server;
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    await expect(runRayJob(`http://127.0.0.1:${port}`, job, files)).rejects.toMatchObject(failing("RAY_VERSION", /no Ray dashboard/));
  });

  it("is not sent what is too large for a job", async () => {
    const { address } = await dashboard({});
    const large = { ...files, explanation: new Uint8Array(101 * 2 ** 20) };
    await expect(runRayJob(address, job, large)).rejects.toMatchObject(failing("OPTION_INVALID", /101 MB/));
  });
});

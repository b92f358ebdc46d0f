import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { unzipSync } from "fflate";
import { afterEach, describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.js";
import type { RayJob } from "../../../src/ray/rayJob.js";
import { runRayJob, type RayOutcome, type RayWatch } from "../../../src/ray/runRayJob.js";
import { driverLine, listening, startJobsServer, type JobsServer, type Look } from "./jobsServer.js";

const job: RayJob = {
  data: "/data",
  out: "/out",
  resume: false,
  kept: {},
  id: null,
  label: null,
  explanation: null,
  needed: ["a"],
  optional: [],
  inputs: {},
  outputs: [],
  names: { row: "row", file: "file", reason: "reason" },
  rowsPerRun: 10,
};
const files = {
  driver: { "driver.py": new TextEncoder().encode("print(1)"), "explain_ray/job.py": new TextEncoder().encode("print(2)") },
  explanation: new Uint8Array(100),
};

interface Script {
  readonly version?: string;
  readonly looks?: readonly Look[];
}

let server: JobsServer | undefined;
afterEach(() => server?.close());

async function dashboard({ version, looks = [] }: Script): Promise<JobsServer> {
  server = await startJobsServer([looks], version);
  return server;
}

const line = driverLine;
const run = async (script: Script, watch?: RayWatch): Promise<RayOutcome> => runRayJob((await dashboard(script)).address, job, files, watch);
const failing = (code: string, message: RegExp): object => ({ diagnostic: { code, message: expect.stringMatching(message) as unknown } });

describe("a job on a Ray cluster", () => {
  it("is handed over once, followed, and answered with what the driver says", async () => {
    const looks = [
      { status: "PENDING", logs: "" },
      { status: "RUNNING", logs: `setting up\n${line("progress", { rows: 5, explained: 4, total: 10, seconds: 2 })}half a l` },
      {
        status: "SUCCEEDED",
        logs: `setting up\n${line("progress", { rows: 5, explained: 4, total: 10, seconds: 2 })}half a line\n    [state-dump] much\n${line("finished", { rows: 10, explained: 8, rejected: 1, seconds: 4, nodes: 2 })}`,
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

  it("brings back the rows that were drawn, and drops what is none", async () => {
    const row = { cells: { row: 3, prediction: "pos" }, values: { x: [1, null] } };
    const logs = line("sample", { rows: [row, 7, { cells: {} }] }) + line("finished", { rows: 10, explained: 10, rejected: 0, seconds: 1, nodes: 1 });
    expect((await run({ looks: [{ status: "SUCCEEDED", logs }] })).sample).toEqual([row]);
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
    const gone = await dashboard({});
    await gone.close();
    const { address } = gone;
    await expect(runRayJob(address, job, files)).rejects.toMatchObject(failing("RAY_UNREACHABLE", /ECONNREFUSED/));
  });

  it("of an old cluster, and of something else, is told apart", async () => {
    await expect(run({ version: "2.3.1" })).rejects.toMatchObject(failing("RAY_VERSION", /runs Ray 2\.3\.1/));
    const other = createServer((_, response) => response.end("<html>hello</html>"));
    await listening(other);
    const { port } = other.address() as AddressInfo;
    await expect(runRayJob(`http://127.0.0.1:${port}`, job, files)).rejects.toMatchObject(failing("RAY_VERSION", /no Ray dashboard/));
    other.close();
  });

  it("is not sent what is too large for a job", async () => {
    const { address } = await dashboard({});
    const large = { ...files, explanation: new Uint8Array(101 * 2 ** 20) };
    await expect(runRayJob(address, job, large)).rejects.toMatchObject(failing("OPTION_INVALID", /101 MB/));
  });
});

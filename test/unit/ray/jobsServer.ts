import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a job's state and log are when somebody looks. */
export interface Look {
  readonly status: string;
  readonly logs: string;
  readonly message?: string;
}

/** A server that speaks the Jobs API as Ray's dashboard does, refusals of browsers included. */
export interface JobsServer {
  readonly address: string;
  /** Requests so far, by method and path. */
  readonly asked: readonly string[];
  /** Bodies of packages and of submissions, in the order they came. */
  readonly bodies: readonly Buffer[];
  close(): Promise<void>;
}

/**
 * @param jobs for each job that is submitted, what it looks like: one look after the other, the last one on and on; a job that is stopped goes to its last look at once
 */
export async function startJobsServer(jobs: readonly (readonly Look[])[], version = "2.60.0"): Promise<JobsServer> {
  const asked: string[] = [];
  const bodies: Buffer[] = [];
  let submitted = 0;
  let look = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = "", url = "" } = request;
      asked.push(`${method} ${url.replace(/_ray_pkg_[0-9a-f]+/, "PACKAGE")}`);
      const say = (status: number, value: unknown): void => void response.writeHead(status).end(JSON.stringify(value));
      if (method !== "GET" && Object.keys(request.headers).some((name) => name.startsWith("sec-fetch"))) return say(405, "browser traffic");
      if (url === "/api/version") return say(200, { version: "4", ray_version: version });
      if (method === "PUT" || url === "/api/jobs/") bodies.push(body);
      if (url.startsWith("/api/packages")) return say(method === "PUT" ? 200 : 404, {});
      if (url === "/api/jobs/") {
        look = 0;
        return say(200, { submission_id: `job-${++submitted}` });
      }
      const looks = jobs[submitted - 1] ?? [];
      if (url.endsWith("/stop")) {
        look = looks.length - 1;
        return say(200, { stopped: true });
      }
      const now = looks[Math.min(look, looks.length - 1)] ?? { status: "PENDING", logs: "" };
      if (url.endsWith("/logs")) {
        look++;
        return say(200, { logs: now.logs });
      }
      say(200, { status: now.status, message: now.message ?? "" });
    });
  });
  await listening(server);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, asked, bodies, close: () => new Promise((resolve) => void server.close(() => resolve())) };
}

/** What the driver says, as a line of its log. */
export const driverLine = (kind: string, content: object): string => `explain-prediction ${JSON.stringify({ kind, ...content })}\n`;

export function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/**
 * What tells ONNX Runtime to send nothing, in a process of any language. Its builds for Linux and macOS, from 1.29 on, report every loaded model to their makers
 * unless the process says otherwise: https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md.
 */
export const noTelemetryVariables = { ORT_DISABLE_TELEMETRY: "1" } as const;

/**
 * Sets them for this process. Native code reads the process's environment, which a thread has only a copy of: called in the main thread, before the first session
 * is made.
 */
export function noTelemetry(): void {
  Object.assign(process.env, noTelemetryVariables);
}

/**
 * Tells ONNX Runtime to send nothing. Its builds for Linux and macOS, from 1.29 on, report every loaded model to their makers unless the process says otherwise:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md. Native code reads the process's environment, which a thread has only a copy of, so this is
 * called in the main thread before the first session is made.
 */
export function noTelemetry(): void {
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
}

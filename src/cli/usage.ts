/** Wrong usage of the command line: exit code 2, and the command's help is offered. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs an argument parser of Node and turns its complaints into usage errors. */
export function asUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))
      throw new UsageError(error.message.replace(/\. To specify a positional.*$/s, "."));
    throw error;
  }
}

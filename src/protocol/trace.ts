/** One frame of an exporter's stack trace. */
export interface Frame {
  /** A path on the machine that exported the model. */
  readonly file: string;
  readonly line: number;
  /** The source text of that line, as the exporter quoted it. */
  readonly text: string;
}

/** What a model tells about where one of its modules comes from: plain data, so that whoever has the source can look for it. */
export interface LayerTrace {
  /** Attribute names from the root, as "text_encoder.lstm"; the root is "". */
  readonly path: string;
  /** Its class with the Python module ("torch.nn.modules.linear.Linear"); null when the exporter wrote none. */
  readonly class: string | null;
  /** The class that calls it; null when the exporter wrote none. */
  readonly owner: { readonly class: string; readonly path: string } | null;
  /** What it is called in its owner ("lstm"; "0" in a Sequential; "layers.3" in a list). */
  readonly attribute: string;
  /** Stack trace of its first node, outermost frame first. */
  readonly frames: readonly Frame[];
}

/** Where a layer stands in Python source. Files are named as the search names them; lines count from 1. */
export interface LayerSource {
  readonly file: string;
  readonly definition: number | null;
  readonly calls: readonly { readonly file: string; readonly line: number }[];
  /** Set when the source is not what was exported: a quoted line is gone, or the layer is of another class now. */
  readonly differs?: true;
}

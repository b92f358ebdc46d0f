/** Above this many bytes, weights are mapped from disk and not prepacked: prepacking keeps a second copy of them. */
export const mapAbove = 500 * 2 ** 20;

/** How everything here reads a film: by ranges, the end exclusive. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>

/** What draws one subtitle track over the film; three kinds do: text, styled text, pictures. */

export type SubtitleShow = {
  /** Draws from these windows now, in order; `endSeconds` is where the last of them ends. */
  show(windows: readonly Uint8Array[], endSeconds: number): Promise<void>
  /** Positive: later than the file says. */
  setOffset(seconds: number): void
  close(): void
}

/** What feeds the video element: a file, a playlist that the browser reads itself, or hls.js; the player sees only this. */
import type { FailureCode } from '../../../failure.ts'

export type Source = {
  /** The stream's URL it was made with; its token stays good while the lease is renewed. */
  readonly streamUrl: string
  /** Resolves when the film's beginning is there. Throws CannotPlay, Unreachable, a refusal, or the signal's reason. */
  load(atSeconds: number, signal: AbortSignal): Promise<void>
  /** After home was away: true when it goes on by itself with what it holds, false when it has to be loaded anew. */
  goOn(): boolean
  /** Called when the picture broke: true when the source mends itself, which it tries once. */
  mend(): boolean
  /** Switches to this audio track of the file without a gap; false when that needs another plan. */
  setAudio(trackId: number): boolean
  /** Keeps to this height, or chooses by itself again; false when that needs another plan. */
  setHeight(heightPixels: number | undefined): boolean
  /** What it is made of now, for the stats; undefined when it cannot tell. */
  bitsPerSecond(): number | undefined
  close(): void
}

/** How a source tells that it broke after its beginning was there. */
export type SourceEvents = { onBroke: (code: FailureCode) => void }

/** What the screen shows of a film being watched, and who is told when it changes. */
import type { StreamStatus } from '#protocol/stream-status.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import type { FailureCode } from '../../failure.ts'
import { noWayYet, type WayState } from '../transports/way-state.ts'
import { begin, type KeepPlaying } from './keep-playing.ts'
import type { Stage, StreamReady } from './stream-answer.ts'

export type ViewingState = {
  keep: KeepPlaying
  stage: Stage | undefined
  stream: StreamReady | undefined
  /** How its bytes come home, what else was tried, and what stands ready. */
  way: WayState
  /** The stream's address for this page: what is fetched beside the film (subtitles, small pictures) stands beneath it. */
  baseUrl: string | undefined
  status: StreamStatus | undefined
  /** The browser wants a press before it plays with sound. */
  needsPress: boolean
  /** The last picture stands in for the video until the new source shows its own. */
  isFrozen: boolean
  /** Home is asked for another plan while the film goes on. */
  isReplanning: boolean
  /** Why the last wish was not granted; the film goes on as it was. */
  notice: FailureCode | undefined
  audioTrackId: number | undefined
  /** Height chosen by hand; undefined: chosen for the person. */
  chosenHeightPixels: number | undefined
  /** How often the film was brought back, for the stats. */
  repairs: number
}

export class ViewingStore {
  #state: ViewingState = {
    keep: begin(Date.now()),
    stage: undefined,
    stream: undefined,
    way: noWayYet,
    baseUrl: undefined,
    status: undefined,
    needsPress: false,
    isFrozen: false,
    isReplanning: false,
    notice: undefined,
    audioTrackId: undefined,
    chosenHeightPixels: undefined,
    repairs: 0,
  }
  #listeners = new Set<() => void>()

  getState = (): ViewingState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  addSubtitle(track: SubtitleTrack): void {
    const { stream } = this.#state
    if (!stream || stream.tracks.subtitles.some(({ id }) => id === track.id)) return
    const tracks = { ...stream.tracks, subtitles: [...stream.tracks.subtitles, track] }
    this.set({ stream: { ...stream, tracks } })
  }

  /** How many other agents could go on with the film by now. */
  setOthers(otherAgents: number | undefined): void {
    const { stream } = this.#state
    if (stream && stream.otherAgents !== otherAgents) this.set({ stream: { ...stream, otherAgents } })
  }

  set(change: Partial<ViewingState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}

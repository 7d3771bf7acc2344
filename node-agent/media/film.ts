/** A film that is open here, as those see it who make something of it: its bytes, and what stands inside. */
import type { SubtitleTrack } from '#protocol/tracks.ts'
import type { Probe } from '../state/probe.ts'

/** A file as tokens name it: the edge's source id and the path inside the source. */
export type FileIdentity = { sourceId: string; path: string }

/** See its schema: times are film seconds, 0 being the first timestamp of picture or sound. */
export type FilmInside = Probe

/** A subtitle file in the same torrent; small, and read whole. */
export type BesideFilm = { track: SubtitleTrack; read(signal: AbortSignal): Promise<Uint8Array> }

export type Film = FileIdentity & {
  sizeBytes: number
  contentType: string
  /** Strong: it stands for every byte of the file. With its quotes. */
  etag: string
  /** With the subtitles beside it and those that people added. */
  inside: FilmInside
  beside?: readonly BesideFilm[]
  /**
   * Bytes from `start` to `end` (exclusive); only such as have verified, waited for when they are not on disk yet.
   * `onRead` hears how many of them are in `into` by now.
   */
  read(
    start: number,
    end: number,
    signal: AbortSignal,
    into?: Uint8Array,
    onRead?: (readBytes: number) => void,
  ): Promise<Uint8Array>
  /** True when reading them would wait for nobody. */
  isOnDisk(start: number, end: number): boolean
}

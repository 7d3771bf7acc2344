/** One window of a text track inside an MP4: only the samples that show in it are read. */
import type { Film } from '../film.ts'
import { MP4_TEXT } from '../inside/mp4-inside.ts'
import { readSampleTables, type SampleTable } from '../inside/mp4-table.ts'
import { tx3gText } from '../inside/tx3g-text.ts'
import { type Cue, isShownIn, type Window } from './cue.ts'
import { isBlank, toCueText } from './cue-text.ts'
import { decodeText } from './decode-text.ts'
import { knownSettings } from './read-vtt.ts'

/** The last sample, which none ends. */
const UNTOLD_SECONDS = 5
const MOST_SAMPLE_BYTES = 64 * 1024
const MOST_SAMPLES = 2000

/** Tables of the text tracks alone: those of pictures are large. */
export async function mp4TextTables(
  film: Pick<Film, 'sizeBytes' | 'read'>,
  signal: AbortSignal,
): Promise<SampleTable[]> {
  const tables = await readSampleTables(film.sizeBytes, (start, end) => film.read(start, end, signal))
  return (tables ?? []).filter(({ about }) => MP4_TEXT.includes(about.format))
}

export async function mp4Cues(
  film: Pick<Film, 'read' | 'inside' | 'sizeBytes'>,
  table: SampleTable,
  window: Window,
  signal: AbortSignal,
): Promise<Cue[]> {
  const secondsOf = (n: number) => Math.max(0, (table.seconds[n] ?? 0) - film.inside.startSeconds)
  const shown = Array.from({ length: table.count }, (_, n) => ({
    ...{
      startSeconds: secondsOf(n),
      endSeconds: n + 1 < table.count ? secondsOf(n + 1) : secondsOf(n) + UNTOLD_SECONDS,
    },
    ...{ start: table.offsets[n] ?? 0, size: table.sizes[n] ?? 0 },
  })).filter((sample) => {
    const isWhole = sample.size > 2 && sample.size <= MOST_SAMPLE_BYTES && sample.start + sample.size <= film.sizeBytes
    return isWhole && sample.endSeconds > sample.startSeconds && isShownIn(window, sample)
  })
  const cues = await Promise.all(
    shown.slice(0, MOST_SAMPLES).map(async ({ start, size, startSeconds, endSeconds }): Promise<Cue[]> => {
      const data = await film.read(start, start + size, signal)
      const found = table.about.format === 'wvtt' ? wvttTexts(data) : [{ markup: tx3gText(data), settings: '' }]
      return found.flatMap(({ markup, settings }) => {
        const text = toCueText(markup)
        return isBlank(text) ? [] : [{ startSeconds, endSeconds, text, settings }]
      })
    }),
  )
  return cues.flat()
}

/** Cues of a sample (ISO/IEC 14496-30 §7.5): each a box with its settings and its text. Pure. */
export function wvttTexts(sample: Uint8Array): { markup: string; settings: string }[] {
  return boxesIn(sample)
    .filter(({ type }) => type === 'vttc')
    .map(({ body }) => {
      const inner = boxesIn(body)
      const textOf = (wanted: string) => decodeText(inner.find(({ type }) => type === wanted)?.body ?? new Uint8Array())
      return { markup: textOf('payl'), settings: knownSettings(textOf('sttg')) }
    })
}

function boxesIn(bytes: Uint8Array): { type: string; body: Uint8Array }[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: { type: string; body: Uint8Array }[] = []
  for (let at = 0; at + 8 <= view.length; ) {
    const size = view.readUInt32BE(at)
    if (size < 8 || at + size > view.length) break
    found.push({ type: view.toString('latin1', at + 4, at + 8), body: view.subarray(at + 8, at + size) })
    at += size
  }
  return found
}

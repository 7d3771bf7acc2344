/** One window of a subtitle track inside a Matroska film, as its blocks become text, styled lines or pictures. */
import type { SubtitleEntry } from '../../state/probe.ts'
import { alignmentIn, settingsOfAlignment } from './alignment.ts'
import { type AssLook, assToCues, readLook } from './ass-to-cues.ts'
import { type Cue, isShownIn, type Window } from './cue.ts'
import { isBlank, toCueText } from './cue-text.ts'
import { decodeText } from './decode-text.ts'
import { type FilmBytes, MOST_WINDOW_BYTES, readSubtitleBlocks, type SubtitleBlock } from './matroska-window.ts'
import { type AssEvent, assHead, readAssBlock } from './read-ass.ts'
import { knownSettings } from './read-vtt.ts'
import { type DisplaySet, setsOfWindow, writeSup } from './sup.ts'
import { unpackBlocks } from './unpack-block.ts'

/** Text that began before a window and still shows in it. */
const TEXT_BACK = { entries: 3, seconds: 30 }
/** A picture, with those since its epoch began. */
const PICTURE_BACK = { entries: 8, seconds: 120 }
/** A block that does not say how long it shows, with none after it. */
const UNTOLD_SECONDS = 5

type Timed = Window & { data: Uint8Array }

export async function embeddedCues(
  film: FilmBytes,
  entry: SubtitleEntry,
  window: Window,
  signal: AbortSignal,
): Promise<Cue[]> {
  const blocks = await textBlocks(film, entry, window, signal)
  if (/ASS|SSA/.test(entry.codecId)) return assToCues(blocks.map(assEventOf), lookOf(entry))
  return blocks.flatMap((block) => cueOf(entry, block) ?? [])
}

export const embeddedEvents = async (
  film: FilmBytes,
  entry: SubtitleEntry,
  window: Window,
  signal: AbortSignal,
): Promise<AssEvent[]> => (await textBlocks(film, entry, window, signal)).map(assEventOf)

export const embeddedHead = (entry: SubtitleEntry): string =>
  assHead(decodeText(Buffer.from(entry.codecPrivate ?? '', 'base64')))

const lookOf = (entry: SubtitleEntry): AssLook => readLook(embeddedHead(entry))

export async function embeddedPictures(
  film: FilmBytes,
  entry: SubtitleEntry,
  window: Window,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const blocks = await readSubtitleBlocks(film, entry, window, PICTURE_BACK, signal)
  const all = unpackBlocks(blocks, entry.compression, MOST_WINDOW_BYTES)
  const sets = blocks.flatMap(({ startSeconds }, index): DisplaySet[] => {
    const unpacked = all[index]
    return unpacked ? [{ atSeconds: startSeconds, data: unpacked }] : []
  })
  return writeSup(setsOfWindow(sets, window.startSeconds))
}

async function textBlocks(
  film: FilmBytes,
  entry: SubtitleEntry,
  window: Window,
  signal: AbortSignal,
): Promise<Timed[]> {
  const blocks = await readSubtitleBlocks(film, entry, window, TEXT_BACK, signal)
  const all = unpackBlocks(blocks, entry.compression, MOST_WINDOW_BYTES)
  return blocks.flatMap((block, index) => {
    const data = all[index]
    const { startSeconds } = block
    const timed = data && { startSeconds, endSeconds: endOf(block, blocks.slice(index + 1)), data }
    return timed && timed.endSeconds > startSeconds && isShownIn(window, timed) ? [timed] : []
  })
}

function endOf({ startSeconds, endSeconds }: SubtitleBlock, after: readonly SubtitleBlock[]): number {
  const next = after.find((block) => block.startSeconds > startSeconds)?.startSeconds
  return endSeconds ?? Math.min(next ?? Number.POSITIVE_INFINITY, startSeconds + UNTOLD_SECONDS)
}

const assEventOf = (block: Timed): AssEvent => readAssBlock(decodeText(block.data), block)

function cueOf({ codecId }: SubtitleEntry, { startSeconds, endSeconds, data }: Timed): Cue | undefined {
  let markup = decodeText(data)
  let settings = settingsOfAlignment(alignmentIn(markup))
  if (codecId.startsWith('D_WEBVTT/')) {
    // WebM: the cue's id, its settings, then its text, a line each.
    const [, second = '', ...text] = markup.split('\n')
    markup = text.join('\n')
    settings = knownSettings(second)
  }
  const text = toCueText(markup)
  return isBlank(text) ? undefined : { startSeconds, endSeconds, text, settings }
}

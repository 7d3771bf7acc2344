/** What is made of subtitles: windows of a track, the head of a styled one, the fonts that a film brings. */
import { AppError } from '#protocol/errors.ts'
import type { SubtitleFormat } from '#protocol/stream-url.ts'
import type { SubtitleKind } from '#protocol/tracks.ts'
import type { SubtitleEntry } from '../../state/probe.ts'
import type { Film } from '../film.ts'
import { MP4_TEXT } from '../inside/mp4-inside.ts'
import type { SampleTable } from '../inside/mp4-table.ts'
import type { Made, Makers } from '../make-resource.ts'
import type { AddedSubtitles } from './added-subtitles.ts'
import { formatOfText } from './added-track.ts'
import { isShownIn, type Window, windowOf } from './cue.ts'
import { decodeText } from './decode-text.ts'
import { embeddedCues, embeddedEvents, embeddedHead, embeddedPictures } from './embedded-window.ts'
import { fontsOf, fontType } from './fonts.ts'
import { mp4Cues, mp4TextTables } from './mp4-window.ts'
import { type ParsedText, parseText, rememberParsed } from './parsed-text.ts'
import { assLine } from './read-ass.ts'
import { writeVtt } from './write-vtt.ts'

const formatsOf: Readonly<Record<SubtitleKind, readonly SubtitleFormat[]>> = {
  text: ['vtt'],
  ass: ['ass', 'vtt'],
  pgs: ['sup'],
  other: [],
}
const none = () => new AppError('not_found', 'This film has no such subtitles. Choose others.')

/** All throw `not_found` for a track, a format or a font that the film does not have. */
export function createSubtitleMakers(
  added: Pick<AddedSubtitles, 'read'>,
): Required<Pick<Makers, 'subtitle' | 'subtitle-head' | 'font'>> {
  const remember = rememberParsed()
  const rememberTables = rememberParsed<SampleTable[]>()

  const parsedOf = (film: Film, trackId: string, signal: AbortSignal): Promise<ParsedText> =>
    remember(`${film.sourceId} ${film.etag} ${trackId}`, async () => {
      if (trackId.startsWith('u')) {
        const kept = added.read(film, Number(trackId.slice(1)))
        if (!kept) throw none()
        return parseText(kept.format, kept.text)
      }
      const beside = film.beside?.find(({ track }) => track.id === trackId)
      if (!beside) throw none()
      const text = decodeText(await beside.read(signal), beside.track.language)
      return parseText(formatOfText(text) ?? 'srt', text)
    })

  return {
    async subtitle(film, { trackId, index, format }, { signal }) {
      const track = film.inside.tracks.subtitles.find(({ id }) => id === trackId)
      if (!track || !formatsOf[track.kind].includes(format)) throw none()
      const window = windowOf(index)
      const entry = entryOf(film, trackId)
      if (entry && MP4_TEXT.includes(entry.codecId)) {
        const tables = await rememberTables(`${film.sourceId} ${film.etag}`, () => mp4TextTables(film, signal))
        const table = tables.find((one) => one.trackId === entry.trackNumber)
        if (!table) throw none()
        return vtt(writeVtt(await mp4Cues(film, table, window, signal), window))
      }
      if (entry) return embedded(film, entry, window, format, signal)
      const parsed = await parsedOf(film, trackId, signal)
      if (format === 'vtt') return vtt(writeVtt(parsed.cues, window))
      return ass(
        parsed.script?.events
          .filter((event) => isShownIn(window, event))
          .map(assLine)
          .join('') ?? '',
      )
    },
    async 'subtitle-head'(film, { trackId }, { signal }) {
      const track = film.inside.tracks.subtitles.find(({ id }) => id === trackId)
      if (track?.kind !== 'ass') throw none()
      const entry = entryOf(film, trackId)
      const head = entry ? embeddedHead(entry) : (await parsedOf(film, trackId, signal)).script?.head
      if (head === undefined) throw none()
      return ass(head)
    },
    async font(film, { index }, { signal }) {
      const font = fontsOf(film.inside.attachments)[index]
      if (!font) throw new AppError('not_found', 'This film brings no such font.')
      const bytes = await film.read(font.startByte, font.startByte + font.sizeBytes, signal)
      const contentType = fontType(bytes)
      if (!contentType) throw new AppError('not_found', 'What the film calls a font is none.')
      return { contentType, bytes }
    },
  }
}

const entryOf = (film: Film, trackId: string): SubtitleEntry | undefined =>
  film.inside.subtitleEntries.find((entry) => entry.trackId === trackId)

async function embedded(
  film: Film,
  entry: SubtitleEntry,
  window: Window,
  format: SubtitleFormat,
  signal: AbortSignal,
): Promise<Made> {
  if (format === 'sup') {
    return { contentType: 'application/octet-stream', bytes: await embeddedPictures(film, entry, window, signal) }
  }
  if (format === 'vtt') return vtt(writeVtt(await embeddedCues(film, entry, window, signal), window))
  return ass((await embeddedEvents(film, entry, window, signal)).map(assLine).join(''))
}

const encoder = new TextEncoder()
const vtt = (text: string): Made => ({ contentType: 'text/vtt; charset=utf-8', bytes: encoder.encode(text) })
const ass = (text: string): Made => ({ contentType: 'text/x-ssa; charset=utf-8', bytes: encoder.encode(text) })

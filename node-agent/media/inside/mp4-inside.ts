/** What an MP4 holds besides pictures and sound: its subtitle tracks and its chapters (3GPP TS 26.245, ISO/IEC 14496-30). */
import type { Chapter, SubtitleTrack } from '#protocol/tracks.ts'
import type { SubtitleEntry } from '../../state/probe.ts'
import type { ReadBytes } from '../read-bytes.ts'
import { languageTag } from './language-tag.ts'
import type { SampleTable } from './mp4-table.ts'
import { tx3gText } from './tx3g-text.ts'

/** Timed text whose samples are understood here. */
export const MP4_TEXT: readonly string[] = ['tx3g', 'wvtt']
const HANDLERS = ['sbtl', 'subt', 'text', 'clcp']
const MOST_CHAPTERS = 500
const MOST_CHAPTER_BYTES = 2000

export function mp4Subtitles(tables: readonly SampleTable[]): { track: SubtitleTrack; entry: SubtitleEntry }[] {
  const chapters = new Set(tables.flatMap(({ about }) => about.chapterTrackIds))
  return tables
    .filter(({ trackId, about }) => HANDLERS.includes(about.handler) && !chapters.has(trackId) && trackId <= 999_999)
    .slice(0, 128)
    .map(({ trackId, about: { format, languageCode, name } }) => {
      const language = languageTag(languageCode)
      const id = `e${trackId}`
      const track: SubtitleTrack = {
        ...{ id, kind: MP4_TEXT.includes(format) ? 'text' : 'other', format },
        ...(language ? { language } : {}),
        ...(name ? { name: name.slice(0, 200) } : {}),
      }
      return { track, entry: { trackId: id, trackNumber: trackId, codecId: format, cues: [] } }
    })
}

/** Of the text track that another names as its chapters, in the file's own seconds. Rejects when reading does. */
export async function mp4Chapters(tables: readonly SampleTable[], read: ReadBytes): Promise<Chapter[]> {
  const named = new Set(tables.flatMap(({ about }) => about.chapterTrackIds))
  const table = tables.find(({ trackId, about }) => named.has(trackId) && about.handler === 'text')
  if (!table) return []
  const chapters: Chapter[] = []
  for (let n = 0; n < Math.min(table.count, MOST_CHAPTERS); n++) {
    const [offset, size] = [table.offsets[n] ?? 0, Math.min(table.sizes[n] ?? 0, MOST_CHAPTER_BYTES)]
    const name = tx3gText(await read(offset, offset + size)).slice(0, 200)
    chapters.push({ startSeconds: Math.max(0, table.seconds[n] ?? 0), ...(name ? { name } : {}) })
  }
  return chapters
}

/** The matrix: films of every kind, and how each must reach three screens. */
import * as z from 'zod'
import type { MatrixFilm } from './make-matrix-film.ts'

/**
 * `chromium`: Debian's, asked by the web app itself. `safari`: HEVC, AC-3 and E-AC-3 decoded, HLS played natively, no
 * Matroska. `bare`: the same Chromium in front of a home without ffmpeg. `!` and a code: refused with it. All of a
 * film that is whole; node-agent/media/look-inside.test.ts has what is planned before that.
 */
const table = `
| container | picture         | sound    | subtitles | mischief        | chromium  | safari        | bare          |
|-----------|-----------------|----------|-----------|-----------------|-----------|---------------|---------------|
| mp4       | h264            | aac      |           |                 | direct    | direct        | direct        |
| mp4       | h264            | aac-5.1  |           | moov at the end | direct    | direct        | direct        |
| mp4       | h264            | none     |           |                 | direct    | direct        | direct        |
| mp4       | h264            | mp3      |           |                 | direct    | direct        | direct        |
| mp4       | h264            | ac3      |           |                 | audio     | direct        | audio         |
| mp4       | h264-vfr        | aac      |           |                 | direct    | direct        | direct        |
| mp4       | h264-open       | aac      |           |                 | transcode | direct        | remux         |
| mp4       | hevc            | aac      |           |                 | transcode | direct        | !needs_ffmpeg |
| mp4       | hevc            | eac3     |           | moov at the end | transcode | direct        | !needs_ffmpeg |
| mp4       | vp9             | opus     |           |                 | direct    | transcode     | direct        |
| mp4       | av1             | flac     |           |                 | direct    | transcode     | direct        |
| mp4       | mpeg4           | mp3      |           |                 | transcode | transcode     | !needs_ffmpeg |
| mkv       | h264            | aac      | srt       |                 | direct    | remux         | direct        |
| mkv       | h264            | aac-5.1  | ass       |                 | direct    | remux         | direct        |
| mkv       | h264            | ac3-5.1  | srt       |                 | audio     | remux         | audio         |
| mkv       | h264            | eac3     | pgs       |                 | audio     | remux         | audio         |
| mkv       | h264            | dts      | ass       |                 | audio     | audio         | !needs_ffmpeg |
| mkv       | h264            | opus     | pgs       |                 | direct    | audio         | direct        |
| mkv       | h264            | flac     |           |                 | direct    | remux         | direct        |
| mkv       | h264            | mp3      |           |                 | direct    | remux         | direct        |
| mkv       | h264            | none     | srt       |                 | direct    | remux         | direct        |
| mkv       | h264-vfr        | ac3      |           |                 | audio     | remux         | audio         |
| mkv       | h264-interlaced | aac      |           |                 | direct    | remux         | direct        |
| mkv       | h264-open       | ac3      | srt       |                 | audio     | remux         | audio         |
| mkv       | hevc            | aac      | srt       |                 | transcode | remux         | !needs_ffmpeg |
| mkv       | hevc            | dts      | pgs       |                 | transcode | audio         | !needs_ffmpeg |
| mkv       | vp9             | opus     |           |                 | direct    | transcode     | direct        |
| mkv       | av1             | eac3     |           |                 | audio     | transcode     | audio         |
| mkv       | mpeg4           | ac3      | srt       |                 | transcode | transcode     | !needs_ffmpeg |
| mkv       | h264            | ac3      |           | starts at 5 s   | audio     | remux         | audio         |
| mkv       | h264            | aac      |           | starts at 5 s   | remux     | remux         | remux         |
| mkv       | h264            | ac3      |           | no Cues         | audio     | remux         | audio         |
| mkv       | h264            | aac      |           | no index at all | remux     | remux         | remux         |
| mkv       | h264            | ac3      |           | truncated       | audio     | remux         | audio         |
| mkv       | h264            | ac3      |           | corrupt         | audio     | remux         | audio         |
| webm      | vp9             | opus     | srt       |                 | direct    | transcode     | direct        |
| webm      | av1             | opus     |           |                 | direct    | transcode     | direct        |
| ts        | h264            | aac      |           |                 | remux     | remux         | remux         |
| ts        | h264            | ac3      |           |                 | audio     | remux         | audio         |
| ts        | h264            | mp3      |           |                 | audio     | remux         | !needs_ffmpeg |
| ts        | h264            | aac      |           | truncated       | remux     | remux         | remux         |
| ts        | h264-interlaced | aac      |           |                 | transcode | transcode     | !needs_ffmpeg |
| ts        | h264-open       | dts      |           |                 | audio     | audio         | !needs_ffmpeg |
| ts        | hevc            | eac3     |           |                 | transcode | remux         | !needs_ffmpeg |
| avi       | mpeg4           | mp3      |           |                 | transcode | transcode     | direct        |
| avi       | mpeg4           | ac3      |           |                 | transcode | transcode     | direct        |
| avi       | h264-no-b       | aac      |           |                 | transcode | transcode     | direct        |
`

const Plan = z.union([z.enum(['direct', 'remux', 'audio', 'transcode']), z.templateLiteral(['!', z.string()])])
export type ExpectedPlan = z.infer<typeof Plan>
export type Screen = 'chromium' | 'safari' | 'bare'

/** Films whose plan is known only once all of them is there: without an index, or with keyframes that must be looked at. */
export const isKnownWhole = ({ container, picture, mischief }: MatrixFilm): boolean =>
  container === 'ts' ||
  picture === 'h264-open' ||
  ['no Cues', 'no index at all', 'truncated'].some((kind) => kind === mischief)

export type Cell = { name: string; film: MatrixFilm; plans: Record<Screen, ExpectedPlan> }

export const cells: readonly Cell[] = table
  .trim()
  .split('\n')
  .slice(2)
  .map((line) => readRow(line.split('|').map((text) => text.trim())))

function readRow([, container, picture, sound, subtitles, mischief, chromium, safari, bare]: string[]): Cell {
  const film = {
    container,
    picture,
    ...(sound === 'none' ? {} : { sound }),
    ...(subtitles && { subtitles }),
    ...(mischief && { mischief }),
  } as MatrixFilm
  return {
    name: [container, picture, sound === 'none' ? 'no sound' : sound, subtitles, mischief].filter(Boolean).join(', '),
    film,
    plans: { chromium: Plan.parse(chromium), safari: Plan.parse(safari), bare: Plan.parse(bare) },
  }
}

/** The matrix's subtitles, as inputs for ffmpeg: three cues at known times as text, as styled text and as pictures. */
import { supFile } from './sup-file.ts'

export const cues = [
  { startSeconds: 1, endSeconds: 3, text: 'The lamp is lit' },
  { startSeconds: 5, endSeconds: 7, text: 'Across the second cut' },
  { startSeconds: 9, endSeconds: 11, text: 'Nearly the end' },
] as const

export type Subtitles = 'srt' | 'ass' | 'pgs'

/** ffmpeg's arguments for an input that holds them; they travel inside a `data:` URL, so that no file is needed. */
export function subtitleInput(subtitles: Subtitles): string[] {
  const bytes = { srt: srtFile, ass: assFile, pgs: () => supFile(cues) }[subtitles]()
  const format = { srt: 'srt', ass: 'ass', pgs: 'sup' }[subtitles]
  return ['-f', format, '-i', `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`]
}

/** `00:00:01,000`: SubRip has a comma, ASS a point and hundredths. */
const clock = (seconds: number, point: ',' | '.') =>
  new Date(seconds * 1000)
    .toISOString()
    .slice(11, point === ',' ? 23 : 22)
    .replace('.', point)

const srtFile = () =>
  cues
    .map(({ startSeconds, endSeconds, text }, at) =>
      [at + 1, `${clock(startSeconds, ',')} --> ${clock(endSeconds, ',')}`, text, ''].join('\n'),
    )
    .join('\n')

const assFile = () => `[Script Info]
ScriptType: v4.00+
PlayResX: 320
PlayResY: 180

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Sans,20,&H0000FFFF,&H0000FFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
${cues.map((cue) => `Dialogue: 0,${clock(cue.startSeconds, '.').slice(1)},${clock(cue.endSeconds, '.').slice(1)},Default,,0,0,0,,${cue.text}`).join('\n')}
`

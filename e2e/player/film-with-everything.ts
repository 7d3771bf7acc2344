/** A Matroska film as people have them: two sounds, subtitles as text, with styles and as pictures, chapters. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSup } from '../../node-agent/media/subtitles/sup-for-tests.ts'
import { makeFilm } from '../../node-agent/testing/make-film.ts'
import { mediaFile } from '../../start/demo/demo-torrents.ts'

/** What is said in the film, by second of its beginning; each stands for four seconds. */
export const lines = [
  { at: 2, text: 'Somebody left the light on.' },
  { at: 9, text: 'Then somebody is still <i>expected</i>.' },
  { at: 16, text: 'It is late.\nThe porch is warm.' },
  { at: 23, text: 'Good night.' },
] as const

export const chapters = [
  { at: 0, name: 'Intro' },
  { at: 6, name: 'The meadow' },
  { at: 14, name: 'The burrow' },
  { at: 24, name: 'Credits' },
] as const

const two = (value: number) => String(value).padStart(2, '0')
const LENGTH_SECONDS = 30

const srt = lines
  .map(({ at, text }, i) => `${i + 1}\n00:00:${two(at)},000 --> 00:00:${two(at + 4)},000\n${text}\n`)
  .join('\n')

const ass = `[Script Info]
ScriptType: v4.00+
PlayResX: 1920
PlayResY: 1080

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Sign,Liberation Sans,110,&H0054B4FF,&H000000FF,&H00000000,&H80000000,-1,0,0,0,100,100,0,0,1,6,3,8,40,40,60,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
${lines.map(({ at, text }) => `Dialogue: 0,0:00:${two(at)}.00,0:00:${two(at + 4)}.00,Sign,,0,0,0,,{\\fad(100,100)}${text.replace(/<[^>]+>/g, '').replaceAll('\n', '\\N')}`).join('\n')}
`

/** A white box while something is said. */
const sup = makeSup(lines.map(({ at }) => ({ startSeconds: at, endSeconds: at + 4, width: 60, height: 40 })))

const metadata = `;FFMETADATA1
${chapters
  .map(
    ({ at, name }, i) =>
      `[CHAPTER]\nTIMEBASE=1/1\nSTART=${at}\nEND=${chapters[i + 1]?.at ?? LENGTH_SECONDS}\ntitle=${name}`,
  )
  .join('\n')}
`

/** The path of the film; made once. */
export function filmWithEverything(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-parts-'))
  const write = (name: string, text: string | Uint8Array) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const inputs = [
    mediaFile('video.mp4'),
    write('words.srt', srt),
    write('signs.ass', ass),
    write('chapters.txt', metadata),
    write('pictures.sup', sup),
  ].flatMap((path) => ['-i', path])
  const tone = ['-f', 'lavfi', '-t', String(LENGTH_SECONDS), '-i', 'sine=frequency=440:sample_rate=48000']
  const kept = ['0:v', '0:a', '5:a', '1:s', '2:s', '4:s'].flatMap((stream) => ['-map', stream])
  const codecs = ['-c:v', 'copy', '-c:a', 'aac', '-ac', '2', '-c:s:0', 'srt', '-c:s:1', 'ass', '-c:s:2', 'copy']
  const languages = ['a:0=eng', 'a:1=deu', 's:0=eng', 's:1=eng', 's:2=fra'].flatMap((each) => {
    const [stream, language] = each.split('=')
    return [`-metadata:s:${stream}`, `language=${language}`]
  })
  const names = ['-metadata:s:s:1', 'title=Signs', '-map_metadata', '3', '-map_chapters', '3', '-disposition:s', '0']
  return makeFilm('everything.mkv', [...inputs, ...tone, ...kept, ...codecs, ...languages, ...names])
}

/** Puts a film of the matrix together from its pictures, its sound and its subtitles, and does to it what was asked. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFilm } from '../../node-agent/testing/make-film.ts'
import { withoutCues } from '../../node-agent/testing/without-cues.ts'
import { type Picture, pictureFile, type Sound, soundFile } from './elementary-streams.ts'
import { type Subtitles, subtitleInput } from './subtitle-inputs.ts'

export type Container = 'mp4' | 'mkv' | 'webm' | 'ts' | 'avi'

/** What is done to a film beside putting it together. */
export type Mischief = 'moov at the end' | 'starts at 5 s' | 'no Cues' | 'no index at all' | 'truncated' | 'corrupt'

export type MatrixFilm = {
  container: Container
  picture: Picture
  sound?: Sound | undefined
  subtitles?: Subtitles | undefined
  mischief?: Mischief | undefined
}

/** The path of a file that is as described. */
export async function makeMatrixFilm(film: MatrixFilm): Promise<string> {
  const { container, picture, sound, subtitles, mischief } = film
  const inputs = [await pictureFile(picture), ...(sound ? [await soundFile(sound)] : [])]
  const args = [
    // Else ffmpeg moves the first cue to the film's beginning.
    ...(subtitles ? ['-copyts'] : []),
    ...inputs.flatMap((file) => ['-i', file]),
    ...(subtitles ? subtitleInput(subtitles) : []),
    ...inputs.flatMap((_, at) => ['-map', `${at}`]),
    ...(subtitles ? ['-map', `${inputs.length}`, '-metadata:s:s:0', 'language=eng'] : []),
    ...['-c', 'copy', '-metadata:s:a:0', 'language=eng'],
    ...(subtitles && container === 'mp4' ? ['-c:s', 'mov_text'] : []),
    ...(subtitles && container === 'webm' ? ['-c:s', 'webvtt'] : []),
    ...(container === 'mp4' && mischief !== 'moov at the end' ? ['-movflags', '+faststart'] : []),
    ...(container === 'avi' && picture.startsWith('h264') ? ['-bsf:v', 'h264_mp4toannexb'] : []),
    // FLAC in MP4 is still an experiment to this ffmpeg.
    ...(container === 'mp4' ? ['-strict', '-2'] : []),
    ...(mischief === 'starts at 5 s' ? ['-output_ts_offset', '5'] : []),
    ...(mischief === 'no index at all' ? ['-live', '1'] : []),
  ]
  const made = await makeFilm(`film.${container}`, args)
  const edit = mischief && edits[mischief]
  if (!edit) return made
  const edited = join(dirname(made), `${mischief.replaceAll(' ', '-')}.${container}`)
  if (!existsSync(edited)) writeFileSync(edited, edit(readFileSync(made)))
  return edited
}

const edits: { [Name in Mischief]?: (film: Buffer) => Buffer } = {
  'no Cues': withoutCues,
  truncated: (film) => film.subarray(0, Math.floor(film.length * 0.6)),
  corrupt: (film) => Buffer.from(film).fill(0xa5, Math.floor(film.length * 0.5), Math.floor(film.length * 0.54)),
}

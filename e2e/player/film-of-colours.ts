/** A minute of film whose picture is of one colour for as long as one thumbnail stands, so that a thumbnail says when it is of. */
import { makeFilm } from '../../node-agent/testing/make-film.ts'

/** Red, green and blue of each ten seconds. */
export const colours = [
  [220, 30, 30],
  [30, 180, 30],
  [40, 40, 230],
  [230, 220, 30],
  [30, 200, 210],
  [220, 40, 210],
] as const
export const EACH_SECONDS = 10

const hex = (colour: readonly number[]) => colour.map((part) => part.toString(16).padStart(2, '0')).join('')

/** The path of the film; made once. Its container is a matter of its name. */
export const filmOfColours = (container: 'mkv' | 'ts'): Promise<string> =>
  makeFilm(`colours.${container}`, [
    ...colours.flatMap((colour) => ['-f', 'lavfi', '-i', `color=0x${hex(colour)}:s=640x360:r=24:d=${EACH_SECONDS}`]),
    ...['-f', 'lavfi', '-i', `sine=300:r=48000:d=${colours.length * EACH_SECONDS}`],
    ...['-filter_complex', `${colours.map((_, n) => `[${n}:v]`).join('')}concat=n=${colours.length},format=yuv420p[v]`],
    ...['-map', '[v]', '-map', `${colours.length}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-sc_threshold', '0', '-c:a', 'aac'],
  ])

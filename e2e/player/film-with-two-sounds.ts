/** A Matroska film whose sounds home has to make for Chromium: two tones in AC-3, told apart by their pitch. */
import { makeFilm } from '../../node-agent/testing/make-film.ts'

export const tones = { english: 440, german: 1000 } as const
/** Longer than hls.js reads ahead (ten minutes at most): there is always something left to ask of home. */
export const LENGTH_SECONDS = 900

const length = ['-t', String(LENGTH_SECONDS)]
const tone = (hertz: number) => ['-f', 'lavfi', ...length, '-i', `sine=frequency=${hertz}:sample_rate=48000`]

/** The path of the film; made once. */
export const filmWithTwoSounds = (): Promise<string> =>
  makeFilm('two-sounds.mkv', [
    ...['-f', 'lavfi', ...length, '-i', 'testsrc2=size=320x180:rate=12'],
    ...tone(tones.english),
    ...tone(tones.german),
    ...['-map', '0', '-map', '1', '-map', '2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '36', '-keyint_min', '36'],
    ...['-c:a', 'ac3', '-ac', '2', '-b:a', '96k'],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu'],
  ])

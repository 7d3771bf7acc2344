/** Some minutes of film with the time in its picture (modulo the clock's twenty seconds), too large to be swallowed at once. */
import { makeFilm } from '../../node-agent/testing/make-film.ts'
import { FILM_WIDTH, timecodeFilter } from '../matrix/timecode.ts'

export const LENGTH_SECONDS = 160
/** What the clock in the picture counts to before it begins anew (timecode.ts). */
export const CLOCK_SECONDS = 20.48

/** The path of the film; made once. Six megabits a second, filled up where the picture needs less. */
export const filmWithClock = (): Promise<string> =>
  makeFilm('clock.mp4', [
    ...['-f', 'lavfi', '-i', `color=0x203050:s=${FILM_WIDTH}x180:r=24:d=${LENGTH_SECONDS},${timecodeFilter}`],
    ...['-f', 'lavfi', '-i', `sine=300:r=48000:d=${LENGTH_SECONDS}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'],
    ...['-b:v', '6M', '-minrate', '6M', '-maxrate', '6M', '-bufsize', '1M', '-x264-params', 'nal-hrd=cbr'],
    ...['-c:a', 'aac', '-shortest', '-movflags', '+faststart'],
  ])

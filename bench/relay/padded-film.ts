/** A film that is long enough to measure how fast it goes. */
import { appendFileSync, copyFileSync } from 'node:fs'
import { mediaFile } from '../../start/demo/demo-torrents.ts'

/** Big Buck Bunny with a `free` box behind it (ISO/IEC 14496-12 §8.1.2): a film still. */
export function writePaddedFilm(path: string, paddingMiB: number): void {
  copyFileSync(mediaFile('video.mp4'), path)
  const boxHeader = Buffer.from([0, 0, 0, 0, ...Buffer.from('free')])
  boxHeader.writeUInt32BE(8 + paddingMiB * 1024 * 1024)
  appendFileSync(path, boxHeader)
  const mebibyte = Buffer.alloc(1024 * 1024, 0x5a)
  for (let at = 0; at < paddingMiB; at++) appendFileSync(path, mebibyte)
}

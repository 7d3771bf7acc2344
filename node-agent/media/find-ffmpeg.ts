/** Is ffmpeg installed? It is optional: without it, what needs it is not offered. */
import { execFile } from 'node:child_process'

export function hasFfmpeg(command = 'ffmpeg'): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(command, ['-version'], { timeout: 5000 }, (error) => resolve(error === null))
  })
}

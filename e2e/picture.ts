/** Which moment of the film a picture shows: tiny grey pictures of the film, made by ffmpeg, to compare with. */
import { execFileSync } from 'node:child_process'

const width = 32
const height = 18

export type Picture = number[]

/** Runs in the page: what the `<video>` shows now, as width × height grey values. */
export const pictureInPage = `(() => {
  const canvas = document.createElement('canvas')
  canvas.width = ${width}
  canvas.height = ${height}
  const context = canvas.getContext('2d')
  context.drawImage(document.querySelector('video'), 0, 0, ${width}, ${height})
  const { data } = context.getImageData(0, 0, ${width}, ${height})
  const grey = []
  for (let at = 0; at < data.length; at += 4) grey.push(Math.round(0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]))
  return grey
})()`

/** One picture a second of the whole film. */
export function picturesOf(file: string): Picture[] {
  const filter = `fps=1:start_time=0:round=down,scale=${width}:${height}:flags=area,format=gray`
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-vf', filter, '-f', 'rawvideo', '-'], {
    maxBuffer: 64 * 1024 * 1024,
  })
  const size = width * height
  return Array.from({ length: Math.floor(raw.length / size) }, (_, at) => [...raw.subarray(at * size, (at + 1) * size)])
}

/** The second of the film that looks most like this picture. */
export function secondShown(picture: Picture, film: Picture[]): number {
  const distances = film.map((known) => known.reduce((sum, grey, at) => sum + Math.abs(grey - (picture[at] ?? 0)), 0))
  return distances.indexOf(Math.min(...distances))
}

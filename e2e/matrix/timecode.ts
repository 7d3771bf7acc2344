/** The film's own clock burned into its picture as a row of squares: drawn by ffmpeg, read back from the page's `<video>`. */
import type { Page } from 'playwright-core'

export const FILM_WIDTH = 320
/** Squares across the top: one always white, the bits from the lowest on, one always black. */
const SQUARE = 24
/** Hundredths of a second up to 20.48 s. */
const BITS = 11

/** A filter for ffmpeg that draws each frame's time, taken before any offset is added to it. */
export const timecodeFilter: string = [
  `drawbox=x=0:y=0:w=${FILM_WIDTH}:h=${SQUARE}:color=black:t=fill`,
  `drawbox=x=0:y=0:w=${SQUARE}:h=${SQUARE}:color=white:t=fill`,
  ...Array.from({ length: BITS }, (_, bit) => {
    const isSet = `mod(floor((t*100+0.5)/${2 ** bit}),2)`
    return `drawbox=x=${(bit + 1) * SQUARE}:y=0:w=${SQUARE}:h=${SQUARE}:color=white:t=fill:enable='${isSet}'`
  }),
].join(',')

/** The grey of each square's middle; runs in the page. */
const squaresInPage = `(() => {
  const video = document.querySelector('video')
  const canvas = document.createElement('canvas')
  canvas.width = ${FILM_WIDTH}
  canvas.height = 180
  const context = canvas.getContext('2d', { willReadFrequently: true })
  context.drawImage(video, 0, 0, canvas.width, canvas.height)
  return Array.from({ length: ${BITS + 2} }, (_, square) => {
    const { data } = context.getImageData(square * ${SQUARE} + ${SQUARE / 2 - 2}, ${SQUARE / 2 - 2}, 4, 4)
    return data[5 * 4]
  })
})()`

/** The film second that the picture on the screen was drawn at; throws when there is no clock in it. */
export async function secondBurnedIn(page: Page): Promise<number> {
  const [white = 0, ...rest] = (await page.evaluate(squaresInPage)) as number[]
  const black = rest.pop() ?? 255
  if (white - black < 100) throw new Error(`no clock in the picture: white is ${white}, black is ${black}`)
  const middle = (white + black) / 2
  return rest.reduce((sum, grey, bit) => sum + (grey > middle ? 2 ** bit : 0), 0) / 100
}

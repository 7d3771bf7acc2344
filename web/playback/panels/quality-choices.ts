/** Pure: which picture sizes can be chosen, from what the file holds. */
import { MADE_HEIGHTS } from '#protocol/rendition.ts'
import type { Tracks } from '#protocol/tracks.ts'
import type { Choice } from './choice-list.tsx'

/** A wide film of 1920 × 800 is called 1080p by everybody; so are we. */
const namedHeight = (width: number, height: number): number => Math.max(height, Math.round((width * 9) / 16))

/** Automatic first; then what is smaller than the film itself, largest first. `shownHeight` is what Automatic gives now. */
export function qualityChoices(
  tracks: Tracks | undefined,
  shownHeight: number | undefined,
): Choice<number | undefined>[] {
  const [video] = tracks?.video ?? []
  const whole = video ? namedHeight(video.width, video.height) : Number.POSITIVE_INFINITY
  return [
    { value: undefined, label: 'Automatic', ...(shownHeight !== undefined && { note: `now ${shownHeight}p` }) },
    ...MADE_HEIGHTS.filter((height) => height < whole || height === whole).map((height) => ({
      value: height,
      label: `${height}p`,
      note: height === whole ? 'as the film is' : height === MADE_HEIGHTS.at(-1) ? 'least data' : undefined,
    })),
  ]
}

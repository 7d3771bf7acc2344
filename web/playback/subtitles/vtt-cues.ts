/** Pure: WebVTT as home writes it (W3C WebVTT §4), read into cues. What is not a cue is passed over. */

/** Seconds of the film. `place` is where on the picture it stands; `align` along its line. */
export type TextCue = {
  startSeconds: number
  endSeconds: number
  text: string
  place: 'top' | 'middle' | 'bottom'
  align: 'start' | 'center' | 'end'
}

const time = '(?:(\\d{1,4}):)?(\\d{2}):(\\d{2})\\.(\\d{3})'
const timing = new RegExp(`^\\s*${time}\\s+-->\\s+${time}(.*)$`)

export function readVtt(text: string): TextCue[] {
  const blocks = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n{2,}/)
  return blocks.flatMap((block) => {
    const lines = block.split('\n')
    const at = lines.findIndex((line) => line.includes('-->'))
    const match = timing.exec(lines[at] ?? '')
    if (at < 0 || at > 1 || !match) return []
    const [startSeconds, endSeconds] = [secondsOf(match.slice(1, 5)), secondsOf(match.slice(5, 9))]
    const words = lines
      .slice(at + 1)
      .join('\n')
      .trim()
    if (words === '' || endSeconds <= startSeconds) return []
    return [{ startSeconds, endSeconds, text: words, ...settingsIn(match[9] ?? '') }]
  })
}

/** Cues of several windows without the doubles: one that crosses a border stands in both. */
export function mergeCues(windows: readonly (readonly TextCue[])[]): TextCue[] {
  const byKey = new Map(windows.flat().map((cue) => [cueKey(cue), cue]))
  return [...byKey.values()].sort((a, b) => a.startSeconds - b.startSeconds)
}

export const cueKey = ({ startSeconds, endSeconds, text }: TextCue): string => `${startSeconds} ${endSeconds} ${text}`

const secondsOf = ([hours, minutes, seconds, milliseconds]: (string | undefined)[]): number =>
  Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(milliseconds) / 1000

function settingsIn(text: string): Pick<TextCue, 'place' | 'align'> {
  const settings = new Map(
    text
      .trim()
      .split(/\s+/)
      .map((setting) => split(setting)),
  )
  const align = settings.get('align')
  return {
    place: placeOf(settings.get('line')),
    align: align === 'start' || align === 'left' ? 'start' : align === 'end' || align === 'right' ? 'end' : 'center',
  }
}

/** A line is counted from the top, from the bottom when negative, or a share of the height. */
function placeOf(line: string | undefined): TextCue['place'] {
  const [, number, percent] = /^(-?\d+(?:\.\d+)?)(%?)/.exec(line ?? '') ?? []
  if (number === undefined) return 'bottom'
  const value = Number(number)
  if (percent === '%') return value < 34 ? 'top' : value < 67 ? 'middle' : 'bottom'
  return value >= 0 && value < 6 ? 'top' : 'bottom'
}

function split(setting: string): [string, string] {
  const colon = setting.indexOf(':')
  return [setting.slice(0, Math.max(0, colon)), setting.slice(colon + 1)]
}

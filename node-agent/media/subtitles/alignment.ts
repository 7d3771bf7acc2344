/** Where ASS puts a line (`\an1` to `\an9`, as on a number pad; `\pos`) → WebVTT cue settings. Pure. */

/** Empty for the bottom middle, where a cue stands anyway. */
export function settingsOfAlignment(alignment: number | undefined): string {
  if (alignment === undefined || !Number.isInteger(alignment) || alignment < 1 || alignment > 9) return ''
  const settings: string[] = []
  if (alignment >= 7) settings.push('line:0')
  else if (alignment >= 4) settings.push('line:50%')
  if (alignment % 3 === 1) settings.push('position:0%', 'align:start')
  if (alignment % 3 === 0) settings.push('position:100%', 'align:end')
  return settings.join(' ')
}

/** A point of the script's own screen → percent of ours; undefined for a point outside it. */
export function settingsOfPosition(x: number, y: number, width: number, height: number): string | undefined {
  const [across, down] = [(100 * x) / width, (100 * y) / height]
  if (![across, down].every((percent) => percent >= 0 && percent <= 100)) return undefined
  return `line:${rounded(down)}% position:${rounded(across)}%`
}

const rounded = (percent: number) => Math.round(percent * 10) / 10

/** The alignment that an override names, in the text of SRT and ASS alike. */
export function alignmentIn(text: string): number | undefined {
  const digit = /\{[^{}]{0,250}\\an([1-9])/.exec(text)?.[1]
  return digit === undefined ? undefined : Number(digit)
}

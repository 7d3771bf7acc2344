/** Pure: the script for libass out of its head and the lines of the windows at hand. */

const events = '[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n'

/** A line that crosses a window's border stands in both; libass would draw it twice. */
export function assScript(head: string, windows: readonly string[]): string {
  const lines = windows.flatMap((window) => window.split(/\r?\n/)).filter((line) => line.startsWith('Dialogue:'))
  const whole = /^\[events\]/im.test(head) ? head : `${head.trim()}\n\n${events}`
  return `${whole.trimEnd()}\n${[...new Set(lines)].join('\n')}\n`
}

/** Pure: which key asks for what while a film is on the screen. */

export type KeyWish =
  | { ask: 'togglePlay' | 'toggleMute' | 'toggleFullscreen' | 'toggleSubtitles' }
  | { ask: 'seekBy'; seconds: number }
  | { ask: 'seekToShare'; share: number }
  | { ask: 'changeVolumeBy'; change: number }
  | { ask: 'goChapters'; by: 1 | -1 }
  | { ask: 'shiftSubtitles'; seconds: number }
  | { ask: 'toggleHelp' | 'closePanel' | 'confirm' }

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

const wishes: Readonly<Record<string, KeyWish>> = {
  ' ': { ask: 'togglePlay' },
  k: { ask: 'togglePlay' },
  j: { ask: 'seekBy', seconds: -10 },
  l: { ask: 'seekBy', seconds: 10 },
  arrowleft: { ask: 'seekBy', seconds: -5 },
  arrowright: { ask: 'seekBy', seconds: 5 },
  arrowup: { ask: 'changeVolumeBy', change: 0.05 },
  arrowdown: { ask: 'changeVolumeBy', change: -0.05 },
  m: { ask: 'toggleMute' },
  f: { ask: 'toggleFullscreen' },
  c: { ask: 'toggleSubtitles' },
  g: { ask: 'shiftSubtitles', seconds: -0.1 },
  h: { ask: 'shiftSubtitles', seconds: 0.1 },
  n: { ask: 'goChapters', by: 1 },
  p: { ask: 'goChapters', by: -1 },
  pagedown: { ask: 'goChapters', by: 1 },
  pageup: { ask: 'goChapters', by: -1 },
  '?': { ask: 'toggleHelp' },
  enter: { ask: 'confirm' },
  escape: { ask: 'closePanel' },
}

/** The keys as the help shows them. */
export const keyHelp: readonly (readonly [keys: string, does: string])[] = [
  ['Space, K or Enter', 'Play or pause'],
  ['J and L', 'Back and on 10 seconds'],
  ['← and →', 'Back and on 5 seconds'],
  ['↑ and ↓', 'Louder and softer'],
  ['0 to 9', 'Go to that tenth of the film'],
  ['M', 'Sound off or on'],
  ['F', 'Full screen'],
  ['P and N', 'Previous and next chapter'],
  ['C', 'Subtitles off or on'],
  ['G and H', 'Subtitles earlier and later'],
  ['Enter', 'Play the next episode, when it is offered'],
  ['?', 'Show or hide these keys'],
  ['Esc', 'Close what is open'],
]

/** `focus` is what has the focus: a button keeps Space and Enter for itself, a slider keeps its arrows. */
export function keyWish(key: Key, focus: 'button' | 'range' | 'text' | 'other'): KeyWish | undefined {
  if (key.ctrlKey || key.metaKey || key.altKey) return undefined
  const name = key.key.toLowerCase()
  if (focus === 'text') return name === 'escape' ? wishes.escape : undefined
  if (focus === 'button' && (name === ' ' || name === 'enter')) return undefined
  if (focus === 'range' && name.startsWith('arrow')) return undefined
  if (/^[0-9]$/.test(name)) return { ask: 'seekToShare', share: Number(name) / 10 }
  return wishes[name]
}

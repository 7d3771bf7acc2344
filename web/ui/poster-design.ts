/** Pure: a title's name becomes the design of its drawn poster, the same one every time and on every device. */

export type Palette = { sky: string; low: string; far: string; near: string; light: string; ink: string }
export type Scene = 'hills' | 'sea' | 'city' | 'doors' | 'road' | 'orbit'
export type PosterDesign = {
  palette: Palette
  scene: Scene
  /** Title broken into lines, and the size at which the longest one fits a poster 200 wide. */
  lines: string[]
  fontSize: number
  /** The next number between 0 and 1 of this title's own sequence; scenes draw from it in a fixed order. */
  random: () => number
}

const palettes: readonly [Palette, ...Palette[]] = [
  { sky: '#17233f', low: '#c96a3d', far: '#4a3350', near: '#150f1e', light: '#ffd08a', ink: '#fff3e0' },
  { sky: '#0b2f35', low: '#3f8f83', far: '#13505a', near: '#071a1f', light: '#ffe3a6', ink: '#eafff6' },
  { sky: '#2a1533', low: '#b3476b', far: '#54244f', near: '#160a1c', light: '#ffc2a0', ink: '#ffeef2' },
  { sky: '#122018', low: '#7f9a4a', far: '#2c4a30', near: '#0a130d', light: '#fff0a8', ink: '#f6ffe6' },
  { sky: '#0c1633', low: '#4a6fb8', far: '#21386f', near: '#080d1f', light: '#ffe2b0', ink: '#eaf1ff' },
  { sky: '#381a10', low: '#e08a3c', far: '#7a351b', near: '#1b0b06', light: '#ffe9b8', ink: '#fff1dd' },
  { sky: '#1d1d24', low: '#8a8178', far: '#3d3a40', near: '#0e0e12', light: '#ffb454', ink: '#f5f0e8' },
]

const scenes: readonly [Scene, ...Scene[]] = ['hills', 'sea', 'city', 'doors', 'road', 'orbit']

export function designPoster(name: string): PosterDesign {
  const random = sequenceOf(name)
  const palette = pick(palettes, random)
  const scene = pick(scenes, random)
  const lines = breakLines(name.trim() || 'Untitled')
  const longest = Math.max(...lines.map((line) => line.length))
  return { palette, scene, lines, fontSize: Math.min(36, 172 / (longest * 0.56), 150 / lines.length), random }
}

const pick = <T>(choices: readonly [T, ...T[]], random: () => number): T =>
  choices[Math.floor(random() * choices.length)] ?? choices[0]

/** FNV-1a over the name seeds mulberry32: two small, well known functions, good enough for pictures. */
function sequenceOf(name: string): () => number {
  let state = 0x811c9dc5
  for (const char of name) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Lines of about eleven letters, at most five; a longer title ends in an ellipsis. */
function breakLines(name: string): string[] {
  const lines: string[] = []
  for (const word of name.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= 11) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word.length > 16 ? `${word.slice(0, 15)}…` : word)
  }
  return lines.length <= 5 ? lines : [...lines.slice(0, 4), `${lines[4]}…`]
}

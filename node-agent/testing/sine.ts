/** How far decoded sound is from the 440 Hz sine that it was made of. */

/** A sine satisfies x[n+1] + x[n-1] = 2 cos(w) x[n]: the worst miss, against its loudest sample. A click is a miss. */
export function worstSineError(sound: Float32Array): number {
  const factor = 2 * Math.cos((2 * Math.PI * 440) / 48_000)
  const at = (n: number) => sound[n] ?? 0
  let [worst, loudest] = [0, 0]
  for (let n = 1; n + 1 < sound.length; n++) {
    worst = Math.max(worst, Math.abs(at(n + 1) + at(n - 1) - factor * at(n)))
    loudest = Math.max(loudest, Math.abs(at(n)))
  }
  return worst / loudest
}

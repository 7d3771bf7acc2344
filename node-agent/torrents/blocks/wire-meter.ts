/** What one peer really delivers: its speed while it is asked for something, its latency, and whether it has stalled. */
import { BLOCK_BYTES } from './swarm-surface.ts'

/** Until a wire has shown its speed it is taken for an ordinary home line. */
const FIRST_GUESS_BYTES_PER_SECOND = 512 * 1024
const FIRST_GUESS_LATENCY_MS = 50
/** Busy time after which a measurement counts half. */
const HALF_LIFE_MS = 1000
/** Silence below this is the ordinary stutter of a rate limiter. */
const SILENCE_MS = 120
/** A wire that owes us blocks and has been silent this long is not asked for anything that somebody waits for. */
const STALLED_MS = 1000
const STALLED_BYTES_PER_SECOND = BLOCK_BYTES / 4

export class WireMeter {
  #bytes = 0
  #busyMs = 0
  #latencyMs = FIRST_GUESS_LATENCY_MS
  #isLatencyKnown = false
  #isStalled = false
  /** Up to when busy time has been counted; undefined while nothing is asked of the wire. */
  #countedToMs: number | undefined

  asked(nowMs: number): void {
    // The first block of a burst takes a round trip that says nothing about speed.
    this.#countedToMs ??= nowMs + this.#latencyMs
  }

  /** A block came; `latencyMs` when it was asked for while nothing else was; `isIdle` when nothing else is owed. */
  arrived(bytes: number, nowMs: number, isIdle: boolean, latencyMs?: number): void {
    if (latencyMs !== undefined) this.#noteLatency(latencyMs)
    this.#isStalled = false
    this.#count(bytes, nowMs)
    this.#countedToMs = isIdle ? undefined : nowMs
  }

  /** Nothing is owed any more, because it was cancelled, refused or choked away. */
  released(nowMs: number): void {
    this.#isStalled ||= this.#silentMs(nowMs) > STALLED_MS
    this.#count(0, nowMs)
    this.#countedToMs = undefined
  }

  get latencyMs(): number {
    return this.#latencyMs
  }

  isStalled(nowMs: number): boolean {
    return this.#isStalled || this.#silentMs(nowMs) > STALLED_MS
  }

  /** Its speed when asked: of the past, and lower the longer it has been silent with blocks owed. */
  bytesPerSecond(nowMs: number): number {
    if (this.isStalled(nowMs)) return STALLED_BYTES_PER_SECOND
    const silentMs = this.#silentMs(nowMs)
    const measured = this.#measured()
    return silentMs > SILENCE_MS ? Math.min(measured, (2 * BLOCK_BYTES * 1000) / silentMs) : measured
  }

  #measured(): number {
    // The guess weighs as much as a tenth of a second of measuring and so fades with the first blocks.
    const guessMs = 100
    const guessBytes = (FIRST_GUESS_BYTES_PER_SECOND * guessMs) / 1000
    return ((this.#bytes + guessBytes) * 1000) / (this.#busyMs + guessMs)
  }

  #silentMs(nowMs: number): number {
    return this.#countedToMs === undefined ? 0 : Math.max(0, nowMs - this.#countedToMs)
  }

  #count(bytes: number, nowMs: number): void {
    const elapsedMs = this.#silentMs(nowMs)
    const kept = 0.5 ** (elapsedMs / HALF_LIFE_MS)
    this.#bytes = this.#bytes * kept + bytes
    this.#busyMs = this.#busyMs * kept + elapsedMs
  }

  /** A shorter answer is believed at once, a longer one only in part: it may have waited for a rate limiter. */
  #noteLatency(sampleMs: number): void {
    const isLonger = this.#isLatencyKnown && sampleMs > this.#latencyMs
    this.#latencyMs = isLonger ? this.#latencyMs + (sampleMs - this.#latencyMs) / 4 : sampleMs
    this.#isLatencyKnown = true
  }
}

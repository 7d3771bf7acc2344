/** A stream held at the edge: opened, renewed every two minutes, moved when it breaks, given back at the end. */
import { CORRELATION_HEADER, newCorrelationId } from '#protocol/correlation.ts'
import { AppError } from '#protocol/errors.ts'
import type { PlayWish } from '#protocol/play-plan.ts'
import type { MoveBody } from '../../api.ts'
import { closeStream, moveStream, openStream, renewStream } from '../../edge-api.ts'
import { knownSpeeds, playsFrom } from '../device/agent-speeds.ts'
import { deviceProfile } from '../device/device-profile.ts'
import { openWay } from '../transports/open-way.ts'
import type { WayHome } from '../transports/way-home.ts'
import { askedSourceOf } from './asked-source.ts'
import { isSameFilm } from './is-same-film.ts'
import { type Opened, setWatching, takePrepared } from './prepared-stream.ts'
import { readStreamAnswer, type Stage, type StreamReady } from './stream-answer.ts'

/** A token lives five minutes; two failed renewals may pass unnoticed. */
const RENEW_EVERY_MS = 120_000
const RENEW_AGAIN_MS = 20_000

/** Ends with `signal`; each stage that home goes through is told. */
export type Asking = { signal: AbortSignal; onStage: (stage: Stage) => void }

/**
 * `onRenewed`: there are newer tokens. `onWay`: something was opened, and this is how its bytes come. `onLeaving`: the
 * agent asks to be left.
 */
type Hear = { onRenewed: () => void; onWay: (way: WayHome) => void; onLeaving: () => void }

type Wanted = Omit<MoveBody, 'device'>

export class StreamLease {
  readonly titleId: string
  #ready: StreamReady | undefined
  /** Of what was opened last, and before it of what may still be playing. */
  #ways: WayHome[] = []
  #hear: Hear
  #timer: ReturnType<typeof setTimeout> | undefined
  #renewedAtMs = 0
  #wasPrepared = false
  #closing = new AbortController()
  /** One id from the press of Play to the agent's last byte. */
  #headers = { [CORRELATION_HEADER]: newCorrelationId() }

  constructor(titleId: string, hear: Hear) {
    this.titleId = titleId
    this.#hear = hear
    setWatching(true)
    document.addEventListener('visibilitychange', this.#afterSleep)
    addEventListener('online', this.#afterSleep)
  }

  /** What the edge answered last; undefined before the first stream. */
  get ready(): StreamReady | undefined {
    return this.#ready
  }

  /** The way home of what was opened last. */
  get way(): WayHome | undefined {
    return this.#ways.at(-1)
  }

  /** What was opened last is shown: nothing comes by the ways before it any more. */
  wayIsTaken(): void {
    for (const old of this.#ways.splice(0, this.#ways.length - 1)) old.close()
  }

  /** It was opened before the press: what it was opened for may have gone since. */
  get wasPrepared(): boolean {
    return this.#wasPrepared
  }

  /** Takes over what was opened before the press, once. */
  async open(startSeconds: number, wish: PlayWish, { signal, onStage }: Asking): Promise<StreamReady> {
    const sourceId = askedSourceOf(this.titleId)
    this.#wasPrepared = false
    const prepared = sourceId === undefined ? await this.#takePrepared(wish, { signal, onStage }) : undefined
    const preferring = sourceId === undefined ? {} : { prefer: { sourceId } }
    if (prepared) return this.#take(prepared.ready, prepared.way)
    const body = {
      ...{ titleId: this.titleId, startSeconds, device: await deviceProfile(), wish, ...preferring },
      speeds: knownSpeeds(Date.now()),
    }
    return this.#take(await readStreamAnswer(await openStream(body, { signal, headers: this.#headers }), onStage))
  }

  /** `cannot_decode` and `chosen` are the same film by another plan; the other reasons look for it elsewhere. */
  async move(wanted: Wanted, asking: Asking): Promise<StreamReady> {
    return this.#take(await this.#askToMove(wanted, asking))
  }

  /** To another agent while the film plays on. True when what the player holds of it, and asks for, stays good. */
  async moveOn(wanted: Wanted, asking: Asking): Promise<boolean> {
    const before = this.#held()
    const { way } = this
    const ready = await this.#askToMove(wanted, asking)
    if (!way || way !== this.way || !isSameFilm(before, ready)) {
      this.#take(ready)
      return false
    }
    this.#ready = ready
    this.#renewed()
    await way.movedTo(ready)
    return true
  }

  async renew(signal: AbortSignal): Promise<void> {
    const held = this.#held()
    const { urls, expiresAt, isLeaving, otherAgents } = await renewStream(held.streamId, {
      signal,
      headers: this.#headers,
    })
    if (held !== this.#ready) return
    this.#ready = { ...held, urls, expiresAt, otherAgents }
    this.way?.renewed(urls)
    this.#renewed()
    if (isLeaving) this.#hear.onLeaving()
  }

  /** Gives the stream back, also while the page is being left. */
  close(): void {
    clearTimeout(this.#timer)
    this.#closing.abort()
    setWatching(false)
    document.removeEventListener('visibilitychange', this.#afterSleep)
    removeEventListener('online', this.#afterSleep)
    this.giveBack()
    for (const way of this.#ways) way.close()
  }

  /** Ends the stream at the edge but stays usable: the page may come back from the browser's cache. */
  giveBack(): void {
    if (this.#ready) closeStream(this.#ready.streamId, this.#headers).catch(() => undefined)
  }

  async #takePrepared(wish: PlayWish, { signal, onStage }: Asking): Promise<Opened | undefined> {
    const prepared = takePrepared(this.titleId, wish)
    if (!prepared) return undefined
    prepared.follow((stage) => signal.aborted || onStage(stage))
    signal.addEventListener('abort', prepared.giveBack, { once: true })
    try {
      const opened = await prepared.opened
      this.#headers = prepared.headers
      this.#wasPrepared = !prepared.wasPressed
      return opened
    } catch (error) {
      signal.throwIfAborted()
      if (prepared.wasPressed) throw error
      // It is not all at home, or home did not answer: it is asked anew, and then waited for.
      return undefined
    } finally {
      signal.removeEventListener('abort', prepared.giveBack)
    }
  }

  async #askToMove(wanted: Wanted, { signal, onStage }: Asking): Promise<StreamReady> {
    const { streamId } = this.#held()
    const body = { ...wanted, device: await deviceProfile(), speeds: knownSpeeds(Date.now()) }
    return readStreamAnswer(await moveStream(streamId, body, { signal, headers: this.#headers }), onStage)
  }

  #held(): StreamReady {
    if (!this.#ready) throw new AppError('not_found', 'This film has not been opened yet. Start it from its page.')
    return this.#ready
  }

  #take(ready: StreamReady, way: WayHome = openWay(ready)): StreamReady {
    this.#ready = ready
    this.#ways.push(way)
    this.#hear.onWay(way)
    this.#renewed()
    return ready
  }

  #renewed(): void {
    playsFrom(this.#ready?.agentId)
    this.#renewedAtMs = Date.now()
    this.#schedule(RENEW_EVERY_MS)
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer)
    if (!this.#closing.signal.aborted) this.#timer = setTimeout(this.#renewQuietly, afterMs)
  }

  /** A renewal that fails harms nothing yet: it is tried again, and the player notices if home refuses. */
  #renewQuietly = async (): Promise<void> => {
    try {
      await this.renew(this.#closing.signal)
      this.#hear.onRenewed()
    } catch {
      this.#schedule(RENEW_AGAIN_MS)
    }
  }

  /** Timers stand still while a device sleeps. */
  #afterSleep = (): void => {
    if (!document.hidden && this.#ready && Date.now() - this.#renewedAtMs > RENEW_EVERY_MS) void this.#renewQuietly()
  }
}

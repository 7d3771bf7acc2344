/** A stream held at the edge: opened, renewed every two minutes, moved when it breaks, given back at the end. */
import { CORRELATION_HEADER, newCorrelationId } from '#protocol/correlation.ts'
import { AppError } from '#protocol/errors.ts'
import type { PlayWish } from '#protocol/play-plan.ts'
import type { StreamUrl } from '#protocol/stream-url.ts'
import type { MoveBody } from '../../api.ts'
import { closeStream, moveStream, openStream, renewStream } from '../../edge-api.ts'
import { deviceProfile } from '../device/device-profile.ts'
import { askedSourceOf } from './asked-source.ts'
import { setWatching, takePrepared } from './prepared-stream.ts'
import { readStreamAnswer, type Stage, type StreamReady } from './stream-answer.ts'

/** A token lives five minutes; two failed renewals may pass unnoticed. */
const RENEW_EVERY_MS = 120_000
const RENEW_AGAIN_MS = 20_000

/** Ends with `signal`; each stage that home goes through is told. */
export type Asking = { signal: AbortSignal; onStage: (stage: Stage) => void }

export class StreamLease {
  readonly titleId: string
  #ready: StreamReady | undefined
  #onRenewed: (urls: readonly StreamUrl[]) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #renewedAtMs = 0
  #wasPrepared = false
  #closing = new AbortController()
  /** One id from the press of Play to the agent's last byte. */
  #headers = { [CORRELATION_HEADER]: newCorrelationId() }

  constructor(titleId: string, onRenewed: (urls: readonly StreamUrl[]) => void) {
    this.titleId = titleId
    this.#onRenewed = onRenewed
    setWatching(true)
    document.addEventListener('visibilitychange', this.#afterSleep)
    addEventListener('online', this.#afterSleep)
  }

  /** What the edge answered last; undefined before the first stream. */
  get ready(): StreamReady | undefined {
    return this.#ready
  }

  /** It was opened before the press: what it was opened for may have gone since. */
  get wasPrepared(): boolean {
    return this.#wasPrepared
  }

  /** Takes over what was opened before the press, once. */
  async open(startSeconds: number, wish: PlayWish, { signal, onStage }: Asking): Promise<StreamReady> {
    const sourceId = askedSourceOf(this.titleId)
    const prepared = sourceId === undefined ? await this.#takePrepared(wish, signal) : undefined
    const preferring = sourceId === undefined ? {} : { prefer: { sourceId } }
    this.#wasPrepared = prepared !== undefined
    if (prepared) return this.#take(prepared)
    const body = { titleId: this.titleId, startSeconds, device: await deviceProfile(), wish, ...preferring }
    return this.#take(await readStreamAnswer(await openStream(body, { signal, headers: this.#headers }), onStage))
  }

  /** `cannot_decode` and `chosen` are the same film by another plan; the other reasons look for it elsewhere. */
  async move(wanted: Omit<MoveBody, 'device'>, { signal, onStage }: Asking): Promise<StreamReady> {
    const { streamId } = this.#held()
    const body = { ...wanted, device: await deviceProfile() }
    return this.#take(
      await readStreamAnswer(await moveStream(streamId, body, { signal, headers: this.#headers }), onStage),
    )
  }

  async renew(signal: AbortSignal): Promise<readonly StreamUrl[]> {
    const held = this.#held()
    const { urls, expiresAt } = await renewStream(held.streamId, { signal, headers: this.#headers })
    this.#take({ ...held, urls, expiresAt })
    return urls
  }

  /** Gives the stream back, also while the page is being left. */
  close(): void {
    clearTimeout(this.#timer)
    this.#closing.abort()
    setWatching(false)
    document.removeEventListener('visibilitychange', this.#afterSleep)
    removeEventListener('online', this.#afterSleep)
    this.giveBack()
  }

  /** Ends the stream at the edge but stays usable: the page may come back from the browser's cache. */
  giveBack(): void {
    if (this.#ready) closeStream(this.#ready.streamId, this.#headers).catch(() => undefined)
  }

  async #takePrepared(wish: PlayWish, signal: AbortSignal): Promise<StreamReady | undefined> {
    const prepared = takePrepared(this.titleId, wish)
    if (!prepared) return undefined
    signal.addEventListener('abort', prepared.giveBack, { once: true })
    try {
      const ready = await prepared.opened
      this.#headers = prepared.headers
      return ready
    } catch {
      // It is not all at home, or home did not answer: it is asked anew, and then waited for.
      signal.throwIfAborted()
      return undefined
    } finally {
      signal.removeEventListener('abort', prepared.giveBack)
    }
  }

  #held(): StreamReady {
    if (!this.#ready) throw new AppError('not_found', 'This film has not been opened yet. Start it from its page.')
    return this.#ready
  }

  #take(ready: StreamReady): StreamReady {
    this.#ready = ready
    this.#renewedAtMs = Date.now()
    this.#schedule(RENEW_EVERY_MS)
    return ready
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer)
    if (!this.#closing.signal.aborted) this.#timer = setTimeout(this.#renewQuietly, afterMs)
  }

  /** A renewal that fails harms nothing yet: it is tried again, and the player notices if home refuses. */
  #renewQuietly = async (): Promise<void> => {
    try {
      this.#onRenewed(await this.renew(this.#closing.signal))
    } catch {
      this.#schedule(RENEW_AGAIN_MS)
    }
  }

  /** Timers stand still while a device sleeps. */
  #afterSleep = (): void => {
    if (!document.hidden && this.#ready && Date.now() - this.#renewedAtMs > RENEW_EVERY_MS) void this.#renewQuietly()
  }
}

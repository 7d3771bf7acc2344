/** The way home of one stream: which transport its requests take, what stands ready beside it, and when it changes. */
import { AppError } from '#protocol/errors.ts'
import type { StreamUrl, Transport } from '#protocol/stream-url.ts'
import { NoRoute } from '../../failure.ts'
import { answerGoingOn } from './answer-going-on.ts'
import { ANSWER_WITHIN_MS, chooseTransport, type Outcome } from './choose-transport.ts'
import { doubtWay, type Said } from './doubt-way.ts'
import { isExplanationDue } from './local-network.ts'
import { onceAtATime } from './once-at-a-time.ts'
import { isSameButToken, ReachHome } from './reach-home.ts'
import { tendWays } from './tend-ways.ts'
import { WayRecords } from './way-records.ts'
import { type WayReason, WayStore } from './way-state.ts'
import { notPlaying, type PlayerLook, WayWaits } from './way-waits.ts'
import type { Reached, WayWorld } from './way-world.ts'
import { forgetWay, knowWay } from './ways-home.ts'
import { order, spareFor } from './when-to-try.ts'
import { during, within } from './within.ts'

const TEND_EVERY_MS = 5000
const DOUBT_AGAIN_MS = 3000
/** For what is asked beside a way in doubt: with neither of them, all are asked anew. */
const HASTY_WITHIN_MS = 4000

export class WayHome {
  /** Stands for the stream whichever way it takes: known to `homeFetch` and to the service worker, and to nobody else. */
  readonly url: string
  /** What the player holds and needs now; set by whoever plays. Until then nothing is kept ready beside the way in use. */
  look: (() => PlayerLook) | undefined
  readonly #store = new WayStore()
  readonly getState = this.#store.getState
  readonly subscribe = this.#store.subscribe
  #world: WayWorld
  #reach: ReachHome
  #records = new WayRecords(() => performance.now())
  #leftOut = new Set<Transport>()
  #inUseSinceMs = 0
  /** Aborts what takes the way in use when another is taken. */
  #leaving = new AbortController()
  #closed = new AbortController()
  #choosing = onceAtATime(() => this.#choose())
  #moving = onceAtATime((lost: Transport, reason: 'broke' | 'slow') =>
    Promise.race([this.#findAnother(lost, reason), this.#moved.promise]),
  )
  #doubtedMs = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setInterval> | undefined
  #waits: WayWaits
  #moved = Promise.withResolvers<void>()

  constructor(world: WayWorld) {
    const { streamId, urls, origin, localNetwork } = world
    // With the first token in it, which tells one opening of a stream from the next.
    const path = new URL(urls[0]?.url ?? origin).pathname.replace(/^\/p2p\/[^/]+/, '')
    this.url = `${origin}/p2p/${streamId}${path}`
    this.#world = world
    this.#reach = this.#newReach()
    this.#waits = new WayWaits({
      look: () => this.look?.() ?? notPlaying,
      spare: () => this.#spareLook(),
      onVerdict: (verdict, pace) => (verdict === 'ask' ? this.suspect() : this.#leaveSlow(pace)),
    })
    localNetwork.subscribe(this.#permitChanged, this.#closed.signal)
    this.#permitChanged()
    knowWay(this)
  }

  /** What a request would take now: the way in use, or the one that is most hoped for. */
  get transport(): Transport | undefined {
    return this.getState().transport ?? this.#offered()[0]
  }

  /** Where the stream really is by this transport. */
  realUrl = (transport: Transport): string | undefined => this.#reach.urlOf(transport)

  /** Whether what plays from this address takes the way in use. */
  isInUse(url: string): boolean {
    const real = this.transport && this.realUrl(this.transport)
    return url === this.url || (real !== undefined && isSameButToken(url, real))
  }

  /** What the player cannot use: an element without a service worker plays from no data channel. */
  leaveOut = (transport: Transport): unknown => this.#leftOut.add(transport)

  renewed = (urls: readonly StreamUrl[]): void => this.#reach.renewed(urls)

  /** The same film comes from another agent now: what is under way goes on there. Throws what finding a way throws. */
  async movedTo({ urls, iceServers = [] }: Reached): Promise<void> {
    this.#reach.close()
    this.#world = { ...this.#world, urls, iceServers }
    this.#reach = this.#newReach()
    this.#records = new WayRecords(() => performance.now())
    this.#permitChanged()
    this.#moveTo(await this.#race(this.#offered()), 'chosen')
    this.#leave()
    // Whoever waited for the agent before goes on at once.
    this.#moved.resolve()
    this.#moved = Promise.withResolvers()
  }

  /** Finds the best way that answers, all of them asked anew. Throws a refusal, NoRoute, or the signal's reason. */
  choose(signal: AbortSignal): Promise<Transport> {
    return during(this.#choosing(), signal)
  }

  /** A film that has begun has answered, whoever else is still being asked. */
  begun(): void {
    if (!this.getState().transport && this.transport) this.#moveTo(this.transport, 'chosen')
  }

  /** Something seems wrong: one byte is asked for by the way in use. Throws home's refusal, or what finding another throws. */
  readonly doubt = onceAtATime(() => this.#doubt())

  /** This device is elsewhere now: the connection is suspect, and nothing that failed before says anything. */
  networkChanged(): void {
    this.#records.forgiveAll()
    this.suspect()
  }

  /** As `doubt`, not too often, and nobody waits for what comes of it. */
  suspect(): void {
    if (performance.now() - this.#doubtedMs < DOUBT_AGAIN_MS) return
    this.#doubtedMs = performance.now()
    this.doubt().catch(() => undefined)
  }

  /** As `fetch`, of what stands beneath the stream; see `homeFetch`. */
  fetch(beneath: string, init: RequestInit): Promise<Response> {
    const isEvents = beneath === '/status'
    return answerGoingOn({
      init,
      goesOn: !isEvents,
      ...(!isEvents && { waits: this.#waits }),
      now: () => {
        this.#closed.signal.throwIfAborted()
        const { transport } = this
        if (!transport) throw new NoRoute('No way leads home.')
        return { transport, leaving: this.#leaving.signal }
      },
      ask: (transport, wanted) => this.#reach.fetch(transport, beneath, wanted),
      lost: (transport) => this.#lost(transport, 'broke'),
    })
  }

  close(): void {
    forgetWay(this)
    const left = new DOMException('The film was left.', 'AbortError')
    this.#closed.abort(left)
    this.#leaving.abort(left)
    clearInterval(this.#timer)
    this.#waits.close()
    this.#reach.close()
    this.#store.close()
  }

  #newReach(): ReachHome {
    const { streamId, urls, iceServers, openLink, localNetwork } = this.#world
    const mayAsk = (url: string) => localNetwork.verdict(url) === 'go'
    return new ReachHome({ streamId, urls, iceServers, mayAsk, openLink })
  }

  async #choose(): Promise<Transport> {
    const { localNetwork } = this.#world
    await localNetwork.known
    const { signal } = this.#closed
    const transport = await this.#race(this.#offered()).catch(async (error: unknown) => {
      if (!(error instanceof NoRoute) || !this.getState().isLocalNetworkAsked) throw error
      // The local network may be the only way: what the person says is waited for.
      await localNetwork.changed(signal)
      return this.#choose()
    })
    this.#moveTo(transport, 'chosen')
    return transport
  }

  #race(offered: readonly Transport[], signal = this.#closed.signal, isHasty = false): Promise<Transport> {
    return chooseTransport(offered, {
      ask: (transport, asking) => this.#ask(transport, asking, isHasty ? HASTY_WITHIN_MS : undefined),
      onOutcome: (outcome) => this.#note(outcome),
      ...{ signal: AbortSignal.any([signal, this.#closed.signal]), isHasty },
    })
  }

  #ask(transport: Transport, signal: AbortSignal, withinMs = ANSWER_WITHIN_MS[transport]) {
    return within(withinMs, signal, (patience) => this.#reach.ask(transport, patience))
  }

  /** Asks one way, and keeps what came of it. What another agent has said meanwhile counts for nothing. */
  async #tryOne(transport: Transport, wanted = this.#closed.signal, withinMs?: number): Promise<Said> {
    const reach = this.#reach
    const beganMs = performance.now()
    const said = await this.#ask(transport, AbortSignal.any([this.#closed.signal, wanted]), withinMs)
    this.#closed.signal.throwIfAborted()
    if (reach !== this.#reach || wanted.aborted) return 'moved'
    const outcome = said instanceof AppError ? 'refused' : said
    this.#note({ transport, outcome, afterMs: performance.now() - beganMs })
    return said
  }

  #note(outcome: Outcome): void {
    this.#records.note(outcome)
    this.#store.set({ tried: this.#records.tried })
  }

  async #doubt(): Promise<void> {
    const { transport } = this.getState()
    if (!transport) return
    const [reach, sinceMs] = [this.#reach, performance.now()]
    const found = await doubtWay({
      ask: (signal, withinMs) => this.#tryOne(transport, signal, withinMs),
      hears: () => this.#waits.heardMs > sinceMs,
      // A second data channel may come through where the first does not any more.
      setAside: () => (transport === 'p2p' ? reach.setLinkAside() : undefined),
      findAnother: (signal) => this.#race(this.#offered(), signal, true),
    })
    if (found === 'silent') await this.#lost(transport, 'broke')
    else if (found && reach === this.#reach && this.getState().transport === transport) this.#moveTo(found, 'broke')
  }

  #leaveSlow(bytesPerSecond: number | undefined): void {
    const { transport } = this.getState()
    if (!transport) return
    if (bytesPerSecond !== undefined) this.#records.notePace(transport, bytesPerSecond)
    this.#lost(transport, 'slow').catch(() => undefined)
  }

  /** Resolves when another way, or this one again, can be asked. Throws when none answers. */
  #lost(transport: Transport, reason: 'broke' | 'slow'): Promise<void> {
    if (this.getState().transport === undefined) return this.choose(this.#closed.signal).then(() => undefined)
    if (this.getState().transport !== transport) return Promise.resolve()
    return this.#moving(transport, reason)
  }

  async #findAnother(lost: Transport, reason: 'broke' | 'slow'): Promise<void> {
    const reach = this.#reach
    this.#records.failed(lost)
    if (lost === 'p2p' && reason === 'broke') this.#reach.dropLink()
    const others = this.#offered().filter((transport) => transport !== lost)
    const ready = others.find((transport) => this.#isReady(transport))
    if (ready) return this.#moveTo(ready, reason)
    // A way that broke may be back by the time the others have answered.
    const found = await this.#race(reason === 'slow' ? others : this.#offered())
    if (reach === this.#reach) this.#moveTo(found, reason)
  }

  #moveTo(transport: Transport, reason: WayReason): void {
    const before = this.transport
    const isFirst = this.getState().transport === undefined
    const isOther = before !== transport
    this.#inUseSinceMs = performance.now()
    this.#timer ??= setInterval(() => void this.#tend().catch(() => undefined), TEND_EVERY_MS)
    const changes = this.getState().changes + (isOther && !isFirst ? 1 : 0)
    this.#store.set({ transport, changes, ...((isOther || isFirst) && { reason }) })
    // What was asked in good hope of the way that has now answered goes on.
    if (isOther || !(isFirst || reason === 'chosen')) this.#leave()
  }

  #leave(): void {
    this.#leaving.abort(new DOMException('Another way is taken.', 'AbortError'))
    this.#leaving = new AbortController()
  }

  async #tend(): Promise<void> {
    const { transport } = this.getState()
    if (!this.look || !transport || this.#moving.isUnderWay() || this.#choosing.isUnderWay()) return
    this.#records.carried(transport, this.#inUseSinceMs)
    const { better, spare } = await tendWays(transport, {
      offered: new Set(this.#offered()),
      records: this.#records.all,
      nowMs: performance.now(),
      answers: async (other) => (await this.#tryOne(other)) === 'answers',
      isReady: (other) => this.#isReady(other),
    })
    if (better && this.getState().transport === transport) this.#moveTo(better, 'better')
    else if (!better) this.#store.set({ spare })
  }

  #isReady(transport: Transport): boolean {
    return transport === 'p2p' ? this.#reach.isLinkOpen : this.#records.isReady(transport)
  }

  #spareLook(): { bytesPerSecond: number | undefined } | undefined {
    const { transport } = this.getState()
    const spare = transport && spareFor(transport, new Set(this.#offered()), this.#records.all, performance.now())
    return spare && { bytesPerSecond: this.#records.paceOf(spare) }
  }

  /** The ways that there are for this stream, in this browser, for this player; best first. */
  #offered(): Transport[] {
    const there = new Set(this.#reach.urls.map(({ transport }) => transport))
    if (!this.#world.openLink) there.delete('p2p')
    return order.filter((transport) => there.has(transport) && !this.#leftOut.has(transport))
  }

  #permitChanged = (): void => {
    const { urls, localNetwork } = this.#world
    this.#store.set({ isLocalNetworkAsked: isExplanationDue(urls, localNetwork) })
    void this.#tend().catch(() => undefined)
  }
}

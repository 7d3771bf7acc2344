/** The signed-in session of this tab: the access token in memory, its refresh (one at a time over all tabs), its end. */
import { CORRELATION_HEADER, newCorrelationId } from '#protocol/correlation.ts'
import { AppError, type ErrorCode } from '#protocol/errors.ts'
import type { Person, SignedIn } from '../api.ts'
import { answered, type FailureCode, failureCode } from '../failure.ts'
import {
  endsSession,
  goodUntil,
  type HeldToken,
  isRefreshDue,
  needsRefresh,
  nextRefreshInMs,
} from './refresh-decision.ts'
import { forget, type Remembered, readRemembered, remember } from './remembered-people.ts'

export type SessionState =
  | { status: 'unknown' }
  | { status: 'signed-in'; sessionId: string; person: Person }
  /** `because` is the code of the refusal when the sign-in was ended from elsewhere. */
  | { status: 'signed-out'; because?: FailureCode }

/** What tabs tell each other; it stays in their memory. */
type Word = { type: 'refreshed'; signedIn: SignedIn; goodUntilMs: number } | { type: 'ended'; sessionId: string }

/** What a session needs from the browser, passed in so that tests can stand in two tabs at once. */
export type SessionWorld = {
  fetch: typeof fetch
  storage: Pick<Storage, 'getItem' | 'setItem'>
  locks: Pick<LockManager, 'request'>
  channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage'>
  now: () => number
}

export class Session {
  #world: SessionWorld
  #state: SessionState = { status: 'unknown' }
  #held: HeldToken | undefined
  #refreshing: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #listeners = new Set<() => void>()

  constructor(world: SessionWorld) {
    this.#world = world
    world.channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data)
  }

  getState = (): SessionState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  remembered = (): Remembered => readRemembered(this.#world.storage)

  /** Finds out who is signed in, once. Throws Unreachable when the edge does not answer; ask again later. */
  async start(): Promise<SessionState> {
    if (this.#state.status === 'unknown') {
      const { current } = this.remembered()
      if (current === undefined) this.#set({ status: 'signed-out' })
      else await this.resume(current)
    }
    return this.#state
  }

  /** Goes on as somebody who signed in here before. A sign-in that has ended leaves them signed out. */
  async resume(sessionId: string): Promise<void> {
    await this.#refresh(sessionId).catch((error: unknown) => {
      if (!endsSession(failureCode(error))) throw error
    })
  }

  /** Signs in with what `POST /api/auth/sign-in` or `POST /api/setup` answered. */
  async signIn(path: '/api/auth/sign-in' | '/api/setup', body: Record<string, string>): Promise<void> {
    await this.#take(await this.#post(path, body))
  }

  /** Ends the session on the edge and in every tab. The tab is signed out even when the edge cannot be told. */
  async signOut(): Promise<void> {
    if (this.#state.status !== 'signed-in') return
    const { sessionId } = this.#state
    await this.#post(`/api/auth/logout/${sessionId}`).catch(() => undefined)
    this.#say({ type: 'ended', sessionId })
    this.#end(sessionId)
  }

  /** fetch with the access token: refreshed first when it is nearly over, and once more when the edge refuses it. */
  fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const token = await this.#freshToken()
    const response = await this.#world.fetch(input, authorized(init, token))
    if (response.status !== 401) return response
    const next = await this.#freshToken(token)
    return this.#world.fetch(input, authorized(init, next))
  }

  /** The headers of a request that cannot wait, such as one sent while the page is being left. */
  headersNow = (): Record<string, string> => ({
    [CORRELATION_HEADER]: newCorrelationId(),
    ...(this.#held && { authorization: `Bearer ${this.#held.accessToken}` }),
  })

  async #freshToken(refused?: string): Promise<string> {
    if (this.#state.status !== 'signed-in') throw signedOut(this.#state)
    if (needsRefresh(this.#held, this.#world.now(), refused)) await this.#refresh(this.#state.sessionId, refused)
    if (!this.#held) throw signedOut(this.#state)
    return this.#held.accessToken
  }

  /** One refresh at a time in this tab; one at a time over all tabs by the lock. */
  #refresh(sessionId: string, refused?: string): Promise<void> {
    this.#refreshing ??= this.#refreshLocked(sessionId, refused).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #refreshLocked(sessionId: string, refused: string | undefined): Promise<void> {
    await this.#world.locks.request(`porchlight.refresh.${sessionId}`, async () => {
      // Another tab may have refreshed while we waited for the lock.
      const isCurrent = this.#state.status === 'signed-in' && this.#state.sessionId === sessionId
      if (isCurrent && !isRefreshDue(this.#held, this.#world.now(), refused)) return
      try {
        await this.#take(await this.#post(`/api/auth/refresh/${sessionId}`))
      } catch (error) {
        if (endsSession(failureCode(error))) this.#end(sessionId, failureCode(error))
        throw error
      }
    })
  }

  async #post(path: string, body?: Record<string, string>): Promise<Response> {
    return answered(
      this.#world.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [CORRELATION_HEADER]: newCorrelationId() },
        body: JSON.stringify(body ?? {}),
      }),
    )
  }

  async #take(response: Response): Promise<void> {
    const signedIn = (await response.json()) as SignedIn
    const goodUntilMs = goodUntil(signedIn.expiresAt, response.headers.get('date'), this.#world.now())
    this.#adopt(signedIn, goodUntilMs)
    this.#say({ type: 'refreshed', signedIn, goodUntilMs })
  }

  #adopt({ accessToken, person, sessionId }: SignedIn, goodUntilMs: number): void {
    this.#held = { accessToken, goodUntilMs }
    remember(this.#world.storage, { sessionId, displayName: person.displayName })
    this.#schedule(sessionId)
    const before = this.#state
    const isSame = before.status === 'signed-in' && JSON.stringify(before.person) === JSON.stringify(person)
    if (!isSame || before.sessionId !== sessionId) this.#set({ status: 'signed-in', sessionId, person })
  }

  #schedule(sessionId: string): void {
    clearTimeout(this.#timer)
    if (!this.#held) return
    this.#timer = setTimeout(
      () => {
        // A failure here is met again by the next request, which then speaks to the person.
        this.#refresh(sessionId).catch(() => this.#schedule(sessionId))
      },
      nextRefreshInMs(this.#held, this.#world.now()),
    )
  }

  #hear(word: Word): void {
    if (this.#state.status !== 'signed-in') return
    if (word.type === 'ended' && word.sessionId === this.#state.sessionId) this.#end(word.sessionId)
    if (word.type === 'refreshed' && word.signedIn.sessionId === this.#state.sessionId)
      this.#adopt(word.signedIn, word.goodUntilMs)
  }

  #say(word: Word): void {
    this.#world.channel.postMessage(word)
  }

  #end(sessionId: string, because?: FailureCode): void {
    forget(this.#world.storage, sessionId)
    clearTimeout(this.#timer)
    this.#held = undefined
    this.#set({ status: 'signed-out', ...(because !== undefined && { because }) })
  }

  #set(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

function authorized(init: RequestInit, token: string): RequestInit {
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${token}`)
  if (!headers.has(CORRELATION_HEADER)) headers.set(CORRELATION_HEADER, newCorrelationId())
  return { ...init, headers }
}

function signedOut(state: SessionState): AppError {
  const code: ErrorCode =
    state.status === 'signed-out' && state.because === 'refresh_reused' ? 'refresh_reused' : 'session_ended'
  return new AppError(code, 'Your sign-in has ended. Sign in again to go on.')
}

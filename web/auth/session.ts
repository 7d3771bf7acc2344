/** The signed-in session of this tab: the access token in memory, its refresh (one at a time over all tabs), its end. */
import { CORRELATION_HEADER, newCorrelationId } from '#protocol/correlation.ts'
import { AppError, type ErrorCode } from '#protocol/errors.ts'
import type { Person, SecondFactorNeeded, SignedIn } from '../api.ts'
import { answered, type FailureCode, failureCode, readRefusal } from '../failure.ts'
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
  /** `restriction`: the one thing that has to be done before anything else is open. */
  | { status: 'signed-in'; sessionId: string; person: Person; restriction: SignedIn['restriction'] }
  /** `because` is the code of the refusal when the sign-in was ended from elsewhere. */
  | { status: 'signed-out'; because?: FailureCode }

/** The requests that answer with somebody signed in, or with the second factor that is still to be shown. */
export type Door =
  | '/api/auth/sign-in'
  | '/api/auth/second-factor'
  | '/api/auth/passkeys/sign-in'
  | '/api/auth/invites/accept'
  | '/api/setup'

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
  #refreshing: { sessionId: string; done: Promise<void> } | undefined
  #arriving: string | undefined
  #stepUp: (() => Promise<boolean>) | undefined
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
      const current = this.#arriving ?? this.remembered().current
      this.#arriving = undefined
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

  /** Before `start`: whoever comes back from a way in elsewhere goes on as the session that was made there. */
  arriveAs(sessionId: string): void {
    this.#arriving = sessionId
  }

  /** Signs in by one of the doors; what comes back is the second factor that it still asks for, if it does. */
  async signIn(path: Door, body: unknown): Promise<SecondFactorNeeded | undefined> {
    const response = await this.#post(path, body)
    const answer = (await response.json()) as SignedIn | SecondFactorNeeded
    if ('secondFactor' in answer) return answer
    this.take(answer, response.headers.get('date'))
    return undefined
  }

  /** Becomes what the edge has handed over. `edgeDate` is the answer's `Date` header. */
  take(signedIn: SignedIn, edgeDate: string | null): void {
    const goodUntilMs = goodUntil(signedIn.expiresAt, edgeDate, this.#world.now())
    this.#adopt(signedIn, goodUntilMs)
    this.#say({ type: 'refreshed', signedIn, goodUntilMs })
  }

  /** A new access token for this session, such as one that no longer is restricted, or that was stepped up. */
  async renew(): Promise<void> {
    if (this.#state.status === 'signed-in') await this.#refresh(this.#state.sessionId, this.#held?.accessToken)
  }

  /** The access token that a step-up answered with. */
  takeToken({ accessToken, expiresAt }: { accessToken: string; expiresAt: number }, edgeDate: string | null): void {
    this.#held = { accessToken, goodUntilMs: goodUntil(expiresAt, edgeDate, this.#world.now()) }
    if (this.#state.status === 'signed-in') this.#schedule(this.#state.sessionId)
  }

  /** Who asks the person to prove again who they are, when the edge wants it; false when they would rather not. */
  onStepUp(ask: () => Promise<boolean>): void {
    this.#stepUp = ask
  }

  /** Ends the session on the edge and in every tab. The tab is signed out even when the edge cannot be told. */
  async signOut(): Promise<void> {
    if (this.#state.status !== 'signed-in') return
    const { sessionId } = this.#state
    await this.#post(`/api/auth/logout/${sessionId}`).catch(() => undefined)
    this.#say({ type: 'ended', sessionId })
    this.#end(sessionId)
  }

  /**
   * fetch with the access token: refreshed first when it is nearly over, and once more when the edge refuses it. Where
   * the edge asks for a step-up, so is the person, and the request is made again.
   */
  fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const response = await this.#fetchOnce(input, init)
    if (response.status !== 403) return response
    const code = readRefusal(
      await response
        .clone()
        .json()
        .catch(() => undefined),
    )?.code
    if (code === 'step_up_needed' && (await this.#stepUp?.())) return this.#fetchOnce(input, init)
    const isRestricted = code === 'second_factor_needed' || code === 'password_change_needed'
    // The account has changed under this tab: what it may do now comes with the next token.
    if (isRestricted && this.#state.status === 'signed-in' && this.#state.restriction === null) await this.renew()
    return response
  }

  async #fetchOnce(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
    const token = await this.#freshToken()
    const response = await this.#world.fetch(input, authorized(init, token))
    if (response.status !== 401) return response
    const refusal = readRefusal(
      await response
        .clone()
        .json()
        .catch(() => undefined),
    )
    if (refusal && !isOfTheToken(refusal.code)) return response
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
    const before = this.#refreshing
    if (before?.sessionId === sessionId) return before.done
    const run = () => this.#refreshLocked(sessionId, refused)
    // Another person's refresh is let finish first: its answer must not come after ours.
    const done = (before ? before.done.then(run, run) : run()).finally(() => {
      if (this.#refreshing?.done === done) this.#refreshing = undefined
    })
    this.#refreshing = { sessionId, done }
    return done
  }

  async #refreshLocked(sessionId: string, refused: string | undefined): Promise<void> {
    await this.#world.locks.request(`porchlight.refresh.${sessionId}`, async () => {
      // Another tab may have refreshed while we waited for the lock.
      const isCurrent = this.#state.status === 'signed-in' && this.#state.sessionId === sessionId
      if (isCurrent && !isRefreshDue(this.#held, this.#world.now(), refused)) return
      try {
        const response = await this.#post(`/api/auth/refresh/${sessionId}`)
        this.take((await response.json()) as SignedIn, response.headers.get('date'))
      } catch (error) {
        if (endsSession(failureCode(error))) this.#end(sessionId, failureCode(error))
        throw error
      }
    })
  }

  async #post(path: string, body?: unknown): Promise<Response> {
    return answered(
      this.#world.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [CORRELATION_HEADER]: newCorrelationId() },
        body: JSON.stringify(body ?? {}),
      }),
    )
  }

  #adopt({ accessToken, person, sessionId, restriction }: SignedIn, goodUntilMs: number): void {
    this.#held = { accessToken, goodUntilMs }
    remember(this.#world.storage, { sessionId, displayName: person.displayName })
    this.#schedule(sessionId)
    const before = this.#state
    const state: SessionState = { status: 'signed-in', sessionId, person, restriction }
    if (JSON.stringify(before) !== JSON.stringify(state)) this.#set(state)
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
    // Somebody else's, who was to be gone on as: whoever is here stays.
    if (this.#state.status === 'signed-in' && this.#state.sessionId !== sessionId) return
    clearTimeout(this.#timer)
    this.#held = undefined
    this.#set({ status: 'signed-out', ...(because !== undefined && { because }) })
  }

  #set(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** A 401 about the token, not about what was typed: a wrong code or password is for the person to hear. */
const isOfTheToken = (code: ErrorCode): boolean => code !== 'code_wrong' && code !== 'wrong_credentials'

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

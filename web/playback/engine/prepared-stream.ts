/** A stream that home is asked for before there is a player: the film is whole at home, or Play was pressed. The player takes it over. */
import { CORRELATION_HEADER, newCorrelationId } from '#protocol/correlation.ts'
import { AppError } from '#protocol/errors.ts'
import type { PlayWish } from '#protocol/play-plan.ts'
import { session } from '../../auth/current-session.ts'
import { closeStream, openStream } from '../../edge-api.ts'
import { knownSpeeds } from '../device/agent-speeds.ts'
import { deviceProfile, hlsWayHere } from '../device/device-profile.ts'
import { openWay } from '../transports/open-way.ts'
import type { WayHome } from '../transports/way-home.ts'
import { fetchPlaylists } from './sources/first-pieces.ts'
import { prepareSource } from './sources/make-source.ts'
import { readStreamAnswer, type Stage, type StreamReady } from './stream-answer.ts'

/** Less than a token lives by as much as the player needs to renew it. */
const KEPT_MS = 100_000
/** So long a film that was not at home is taken to be elsewhere still: a press shortly after is not to wait for the same answer. */
const ELSEWHERE_MS = 10_000

type Wanted = { titleId: string; startSeconds: number; wish: PlayWish }

type Headers = { [CORRELATION_HEADER]: string }
export type Opened = { ready: StreamReady; way: WayHome }
/**
 * `headers` carry the correlation id that the viewing goes on with. `opened` rejects when there is nothing to take: what
 * was asked for at a press is then refused, and what was only there to be found is asked for anew.
 */
export type PreparedStream = {
  headers: Headers
  opened: Promise<Opened>
  wasPressed: boolean
  /** Tells how far home has got, and each stage from now on. */
  follow: (onStage: (stage: Stage) => void) => void
  giveBack: () => void
}

type Kept = PreparedStream & { key: string; timer: ReturnType<typeof setTimeout>; isRefused: boolean }
/** One at a time: the last film that somebody was about to watch. */
let kept: Kept | undefined
/** A film is watched: another one opened beside it would take its line, and what was fetched early for it. */
let isWatching = false
/** What home said last that it has not all of. */
let elsewhere: { key: string; untilMs: number } | undefined

addEventListener('pagehide', giveBackKept)

/** Whether a film is watched now; nothing is prepared meanwhile. */
export function setWatching(is: boolean): void {
  isWatching = is
}

/** Asks home for the film if all of it is there, and fetches what a player reads first. Never throws. */
export function prepareStream(wanted: Wanted): void {
  const key = keyOf(wanted.titleId, wanted.wish)
  if (elsewhere?.key === key && Date.now() < elsewhere.untilMs) return
  prepare(wanted, key, false)
}

/** Play was pressed: home is asked while the player is being drawn. Never throws. */
export const openPressed = (wanted: Wanted): void => prepare(wanted, keyOf(wanted.titleId, wanted.wish), true)

function prepare(wanted: Wanted, key: string, wasPressed: boolean): void {
  if (isWatching || (kept?.key === key && !kept.isRefused)) return
  giveBackKept()
  const begun = begin(wanted, wasPressed)
  const one: Kept = { ...begun, key, timer: setTimeout(giveBackKept, KEPT_MS), isRefused: false }
  kept = one
  begun.opened.catch((error: unknown) => {
    one.isRefused = true
    // A refusal of what was pressed is kept for the player, which tells it.
    if (wasPressed) return
    forget(one)
    // What was given back, or never answered, says nothing of where the film is.
    if (error instanceof AppError) elsewhere = { key, untilMs: Date.now() + ELSEWHERE_MS }
  })
}

/** What was prepared for this person and this wish, which is now the caller's to give back. What is of no use to them ends. */
export function takePrepared(titleId: string, wish: PlayWish): PreparedStream | undefined {
  const taken = kept
  if (!taken || taken.key !== keyOf(titleId, wish)) {
    giveBackKept()
    return undefined
  }
  forget(taken)
  return taken
}

function begin({ titleId, startSeconds, wish }: Wanted, wasPressed: boolean): PreparedStream {
  const leaving = new AbortController()
  const headers = { [CORRELATION_HEADER]: newCorrelationId() }
  const asking = { signal: leaving.signal, headers }
  let opened: Opened | undefined
  let stage: Stage | undefined
  let tell: (stage: Stage) => void = () => undefined
  const onStage = (now: Stage) => {
    stage = now
    tell(now)
  }
  const giveBack = () => {
    leaving.abort()
    if (opened) closeStream(opened.ready.streamId, headers).catch(() => undefined)
    opened?.way.close()
    opened = undefined
  }
  const open = async (): Promise<Opened> => {
    const device = await deviceProfile()
    const body = { titleId, startSeconds, device, wish, speeds: knownSpeeds(Date.now()), ifAtHome: !wasPressed }
    const stream = await readStreamAnswer(await openStream(body, asking), onStage)
    const { plan } = stream
    const way = openWay(stream)
    opened = { ready: stream, way }
    // The player is there, and loads it at once.
    if (wasPressed) return opened
    await way.choose(leaving.signal)
    const hls = await hlsWayHere()
    leaving.signal.throwIfAborted()
    if (plan.resource !== undefined && hls === 'mse') {
      fetchPlaylists(way.url, plan.resource)
      void prepareSource(hls)
    }
    return opened
  }
  const ready = open().catch((error: unknown) => {
    giveBack()
    throw error
  })
  const follow = (onStageHeard: typeof tell) => {
    tell = onStageHeard
    if (stage) tell(stage)
  }
  return { headers, opened: ready, wasPressed, follow, giveBack }
}

function giveBackKept(): void {
  const one = kept
  if (!one) return
  forget(one)
  one.giveBack()
}

function forget(one: Kept): void {
  clearTimeout(one.timer)
  if (kept === one) kept = undefined
}

/** Nobody takes what was opened for somebody else, or for another plan. */
function keyOf(titleId: string, wish: PlayWish): string {
  const state = session.getState()
  return JSON.stringify([state.status === 'signed-in' ? state.sessionId : '', titleId, wish])
}

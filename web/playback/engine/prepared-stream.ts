/** A stream opened before Play is pressed, of a film that is whole at home: Play takes it over instead of asking. */
import { CORRELATION_HEADER, newCorrelationId } from '#protocol/correlation.ts'
import type { PlayWish } from '#protocol/play-plan.ts'
import { session } from '../../auth/current-session.ts'
import { closeStream, openStream } from '../../edge-api.ts'
import { deviceProfile, hlsWayHere } from '../device/device-profile.ts'
import { openWay } from '../transports/open-way.ts'
import type { WayHome } from '../transports/way-home.ts'
import { fetchPlaylists } from './sources/first-pieces.ts'
import { prepareSource } from './sources/make-source.ts'
import { readStreamAnswer, type StreamReady } from './stream-answer.ts'

/** Less than a token lives by as much as the player needs to renew it. */
const KEPT_MS = 100_000

type Wanted = { titleId: string; startSeconds: number; wish: PlayWish }

type Headers = { [CORRELATION_HEADER]: string }
export type Opened = { ready: StreamReady; way: WayHome }
/** `headers` carry the correlation id that the viewing goes on with. `opened` rejects when there is nothing to take. */
export type PreparedStream = { headers: Headers; opened: Promise<Opened>; giveBack: () => void }

type Kept = PreparedStream & { key: string; timer: ReturnType<typeof setTimeout> }
/** One at a time: the last film that somebody was about to watch. */
let kept: Kept | undefined
/** A film is watched: another one opened beside it would take its line, and what was fetched early for it. */
let isWatching = false

addEventListener('pagehide', giveBackKept)

/** Whether a film is watched now; nothing is prepared meanwhile. */
export function setWatching(is: boolean): void {
  isWatching = is
}

/** Asks home for the film if all of it is there, and fetches what a player reads first. Never throws. */
export function prepareStream(wanted: Wanted): void {
  const key = keyOf(wanted.titleId, wanted.wish)
  if (isWatching || kept?.key === key) return
  giveBackKept()
  const begun = begin(wanted)
  const one: Kept = { ...begun, key, timer: setTimeout(giveBackKept, KEPT_MS) }
  kept = one
  begun.opened.catch(() => forget(one))
}

/** What was prepared for this person and this wish, which is now the caller's to give back. */
export function takePrepared(titleId: string, wish: PlayWish): PreparedStream | undefined {
  const taken = kept
  if (taken?.key !== keyOf(titleId, wish)) return undefined
  forget(taken)
  return taken
}

function begin({ titleId, startSeconds, wish }: Wanted): PreparedStream {
  const leaving = new AbortController()
  const headers = { [CORRELATION_HEADER]: newCorrelationId() }
  const asking = { signal: leaving.signal, headers }
  let opened: Opened | undefined
  const giveBack = () => {
    leaving.abort()
    if (opened) closeStream(opened.ready.streamId, headers).catch(() => undefined)
    opened?.way.close()
    opened = undefined
  }
  const open = async (): Promise<Opened> => {
    const body = { titleId, startSeconds, device: await deviceProfile(), wish, ifAtHome: true }
    const stream = await readStreamAnswer(await openStream(body, asking), () => undefined)
    const { plan } = stream
    const way = openWay(stream)
    opened = { ready: stream, way }
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
  return { headers, opened: ready, giveBack }
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

/** Pings on a socket to the hub, and the end of a socket that does not answer them. */

import type { WebSocket } from 'ws'
import { PING, PONG } from '#protocol/agent-messages.ts'
import type { Log } from '../log.ts'
import { type PingDue, pingDue } from './ping-due.ts'

/** How often it is looked whether a ping is due, at most. */
const LOOK_EVERY_SECONDS = 1
/** A line that has not answered for so long is dead. */
const ANSWER_WITHIN_SECONDS = 10
/** While somebody watches: what they hold of a film is to last until home can be asked again. */
const WATCHED = { everySeconds: 1, answerWithinSeconds: 3 } as const
/** And a line that has not answered for so long is in doubt. */
const DOUBTED_AFTER_SECONDS = 0.7

export type KeepAliveOptions = {
  everySeconds: number
  /** The machine's own addresses, as one text. */
  addresses?: (() => string) | undefined
  /** Nothing can arrive any more: the machine has lost the address that the socket goes out from. */
  isCut?: (() => boolean) | undefined
  /** Somebody watches a film from here. */
  isWatched?: (() => boolean) | undefined
  /** Whether the edge answers over a connection that is new. Rejects, or is false, when it does not. */
  answersAnew?: ((signal: AbortSignal) => Promise<boolean>) | undefined
  /** Ends the socket. `isOursAlone`: no other agent has lost its line for the same reason. */
  end: (isOursAlone: boolean) => void
  /** Epoch milliseconds, by the clock on the wall: it alone runs on while the machine sleeps. */
  now?: () => number
}

/**
 * A silent line is a dead one, though TCP may take many minutes to say so: a ping that is not answered in time ends the
 * socket. One is sent at once when the machine has slept, or has other addresses than before; a line that is cut is not
 * asked. While somebody watches, a line in doubt is held against a new connection, which a router whose address changed
 * lets through: what waits in a queue for both comes by the old line first, so a busy line is not taken for a dead one.
 * The hub sleeps through the pings, its runtime answers. Returns what stops it.
 */
export function keepAlive(
  socket: WebSocket,
  log: Log,
  {
    everySeconds,
    addresses = () => '',
    isCut = () => false,
    isWatched = () => false,
    answersAnew = async () => false,
    end,
    now = Date.now,
  }: KeepAliveOptions,
): () => void {
  const lookEveryMs = Math.min(LOOK_EVERY_SECONDS, everySeconds) * 1000
  const pace = () => {
    const calm = { everySeconds, answerWithinSeconds: Math.min(ANSWER_WITHIN_SECONDS, everySeconds) }
    return isWatched() && WATCHED.everySeconds < everySeconds ? WATCHED : calm
  }
  let before: PingDue = { pingedAtMs: now(), lookedAtMs: now(), addresses: addresses() }
  let asked: AbortController | undefined
  const settle = () => {
    asked?.abort()
    asked = undefined
  }
  const onMessage = (data: unknown, isBinary: boolean) => {
    if (!isBinary && String(data) === PONG) settle()
  }
  const die = (event: string, isOursAlone: boolean) => {
    settle()
    log.warn(event)
    end(isOursAlone)
  }
  const ping = () => {
    if (asked) return
    asked = new AbortController()
    const { signal } = asked
    socket.send(PING)
    after(pace().answerWithinSeconds, signal, () => die('hub_silent', false))
    if (!isWatched()) return
    after(DOUBTED_AFTER_SECONDS, signal, async () => {
      const isThere = await answersAnew(signal).catch(() => false)
      if (isThere && !signal.aborted) die('hub_line_dead', true)
    })
  }
  socket.on('message', onMessage)
  const interval = setInterval(() => {
    if (isCut()) return die('hub_line_gone', true)
    const rule = { everyMs: pace().everySeconds * 1000, lookEveryMs }
    const { isDue, next } = pingDue(before, { nowMs: now(), addresses: addresses() }, rule)
    before = next
    if (isDue) ping()
  }, lookEveryMs)
  return () => {
    clearInterval(interval)
    settle()
    socket.off('message', onMessage)
  }
}

function after(seconds: number, signal: AbortSignal, then: () => void): void {
  const timer = setTimeout(then, seconds * 1000)
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
}

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
const WATCHED = { everySeconds: 2, answerWithinSeconds: 3 } as const

export type KeepAliveOptions = {
  everySeconds: number
  /** The machine's own addresses, as one text. */
  addresses?: (() => string) | undefined
  /** Nothing can arrive any more: the machine has lost the address that the socket goes out from. */
  isCut?: (() => boolean) | undefined
  /** Somebody watches a film from here. */
  isWatched?: (() => boolean) | undefined
  /** Epoch milliseconds, by the clock on the wall: it alone runs on while the machine sleeps. */
  now?: () => number
}

/**
 * A silent line is a dead one, though TCP may take many minutes to say so: a ping that is not answered in time ends the
 * socket. One is sent at once when the machine has slept, or has other addresses than before; a line that is cut is not
 * asked. The hub sleeps through them, its runtime answers. Returns what stops it.
 */
export function keepAlive(
  socket: WebSocket,
  log: Log,
  {
    everySeconds,
    addresses = () => '',
    isCut = () => false,
    isWatched = () => false,
    now = Date.now,
  }: KeepAliveOptions,
): () => void {
  const lookEveryMs = Math.min(LOOK_EVERY_SECONDS, everySeconds) * 1000
  const pace = () => {
    const calm = { everySeconds, answerWithinSeconds: Math.min(ANSWER_WITHIN_SECONDS, everySeconds) }
    return isWatched() && WATCHED.everySeconds < everySeconds ? WATCHED : calm
  }
  let before: PingDue = { pingedAtMs: now(), lookedAtMs: now(), addresses: addresses() }
  let dead: NodeJS.Timeout | undefined
  const onMessage = (data: unknown, isBinary: boolean) => {
    if (isBinary || String(data) !== PONG) return
    clearTimeout(dead)
    dead = undefined
  }
  const ping = () => {
    if (dead) return
    socket.send(PING)
    dead = setTimeout(() => {
      log.warn('hub_silent')
      socket.terminate()
    }, pace().answerWithinSeconds * 1000)
  }
  socket.on('message', onMessage)
  const interval = setInterval(() => {
    if (isCut()) {
      log.warn('hub_line_gone')
      return socket.terminate()
    }
    const rule = { everyMs: pace().everySeconds * 1000, lookEveryMs }
    const { isDue, next } = pingDue(before, { nowMs: now(), addresses: addresses() }, rule)
    before = next
    if (isDue) ping()
  }, lookEveryMs)
  return () => {
    clearInterval(interval)
    clearTimeout(dead)
    socket.off('message', onMessage)
  }
}

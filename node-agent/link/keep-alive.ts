/** Pings on a socket to the hub, and the end of a socket that does not answer them. */

import type { WebSocket } from 'ws'
import { PING, PONG } from '#protocol/agent-messages.ts'
import type { Log } from '../log.ts'
import { type PingDue, pingDue } from './ping-due.ts'

/** How often it is looked whether a ping is due, at most. */
const LOOK_EVERY_SECONDS = 5
/** A line that has not answered for so long is dead. */
const ANSWER_WITHIN_SECONDS = 10

export type KeepAliveOptions = {
  everySeconds: number
  /** The machine's own addresses, as one text. */
  addresses?: (() => string) | undefined
  /** Epoch milliseconds, by the clock on the wall: it alone runs on while the machine sleeps. */
  now?: () => number
}

/**
 * A silent line is a dead one, though TCP may take many minutes to say so: a ping that is not answered in time ends the
 * socket. One is sent at once when the machine has slept, or has other addresses than before. The hub sleeps through
 * them, its runtime answers. Returns what stops it.
 */
export function keepAlive(
  socket: WebSocket,
  log: Log,
  { everySeconds, addresses = () => '', now = Date.now }: KeepAliveOptions,
): () => void {
  const lookEveryMs = Math.min(LOOK_EVERY_SECONDS, everySeconds) * 1000
  const rule = { everyMs: everySeconds * 1000, lookEveryMs }
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
    }, Math.min(ANSWER_WITHIN_SECONDS, everySeconds) * 1000)
  }
  socket.on('message', onMessage)
  const interval = setInterval(() => {
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

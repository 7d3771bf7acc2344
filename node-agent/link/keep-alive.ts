/** Pings on a socket to the hub, and the end of a socket that does not answer them. */

import type { WebSocket } from 'ws'
import { PING, PONG } from '#protocol/agent-messages.ts'
import type { Log } from '../log.ts'

/**
 * A silent line is a dead one, though TCP may take many minutes to say so: a ping that is unanswered when the next is
 * due ends the socket. The hub sleeps through them, its runtime answers. Returns what stops it.
 */
export function keepAlive(socket: WebSocket, everySeconds: number, log: Log): () => void {
  let isUnanswered = false
  const onMessage = (data: unknown, isBinary: boolean) => {
    if (!isBinary && String(data) === PONG) isUnanswered = false
  }
  socket.on('message', onMessage)
  const interval = setInterval(() => {
    if (isUnanswered) {
      log.warn('hub_silent')
      return socket.terminate()
    }
    isUnanswered = true
    socket.send(PING)
  }, everySeconds * 1000)
  return () => {
    clearInterval(interval)
    socket.off('message', onMessage)
  }
}

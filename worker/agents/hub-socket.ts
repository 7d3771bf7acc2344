/** Speaking on an agent's socket: messages out, and a polite end. */
import type { HubMessage } from '#protocol/agent-messages.ts'
import { type AppError, toErrorData } from '#protocol/errors.ts'
import { log } from '../log.ts'
import { type CloseReason, closeCodes } from './read-agent-message.ts'
import { setState, stateOf } from './socket-state.ts'

/** Nothing when the other side has gone: the close event tells the rest. */
export function send(socket: WebSocket, message: HubMessage): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

/** Says why, then closes with the reason's code. From here on the socket counts for nothing. */
export function closePolitely(socket: WebSocket, reason: CloseReason, error: AppError): void {
  const state = stateOf(socket)
  const agentId = state.stage === 'closing' ? undefined : state.identity.agentId
  setState(socket, { stage: 'closing' })
  log('warn', 'agent_socket_closed', { agentId, reason, code: error.code })
  send(socket, { type: 'refused', error: toErrorData(error) })
  socket.close(closeCodes[reason], reason)
}

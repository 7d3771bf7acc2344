/** Does this hello prove that the agent holds the private half of its key, here and now? */
import { AgentMessage } from '#protocol/agent-messages.ts'
import { connectProof, PROOF_TOLERANCE_SECONDS } from '#protocol/agent-proof.ts'
import { importPublicKey, verifyText } from '#protocol/ed25519.ts'
import { AppError } from '#protocol/errors.ts'
import { agreeWith } from './read-agent-message.ts'
import { isTooLong, type SocketState } from './socket-state.ts'

type Hello = Extract<AgentMessage, { type: 'hello' }>
type Challenged = Extract<SocketState, { stage: 'challenged' }>

/** Undefined when it does, else the refusal. The nonce is this socket's own, so a proof seen elsewhere is worthless. */
export async function helloProblem(state: Challenged, hello: Hello, nowSeconds: number): Promise<AppError | undefined> {
  const { agentId, hubHost, publicKey } = state.identity
  const { sentAt, protocolVersion } = hello
  if (isTooLong(hello.capabilities)) {
    return new AppError('too_large', 'The agent’s description of itself is too long. Give it fewer addresses.')
  }
  if (Math.abs(nowSeconds - sentAt) > PROOF_TOLERANCE_SECONDS) {
    return new AppError('bad_signature', 'The agent’s clock is more than two minutes off. Please set it.')
  }
  const proof = connectProof({ nonce: state.nonce, agentId, hubHost, protocolVersion, sentAt })
  if (await verifyText(await importPublicKey(publicKey), proof, hello.signature)) return undefined
  return new AppError('bad_signature', 'This agent could not prove itself. Pair it again.')
}

/** Whether a hello of a version that is not spoken here is this agent's own all the same. `data` is JSON. */
export async function provesItself(state: SocketState, data: string | ArrayBuffer, nowSeconds: number) {
  const hello = AgentMessage.safeParse(JSON.parse(String(data)))
  if (state.stage !== 'challenged' || !hello.success || hello.data.type !== 'hello') return false
  return (await helloProblem(state, hello.data, nowSeconds)) === undefined
}

/** What both sides speak from here on: a hello that was read has such a version. */
export function agreedVersion(hello: Hello): { version: number; isAgentOld: boolean } {
  const agreement = agreeWith(hello)
  return 'tooOld' in agreement ? { version: hello.protocolVersion, isAgentOld: true } : agreement
}

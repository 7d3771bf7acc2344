/** Pairing: how this agent becomes one of a household's, by a short code that a person confirms. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { AppError, ErrorBody } from '#protocol/errors.ts'
import { PairingAnswer, PairingPollAnswer, type PairingRequest, type VerificationKey } from '#protocol/pairing.ts'
import type { Log } from '../log.ts'
import { parseJson } from '../parse-json.ts'
import { reconnectDelaySeconds } from './reconnect-delay.ts'

export type Paired = { agentId: string; verificationKeys: VerificationKey[] }

export type PairOptions = {
  /** Origin of the edge. */
  edgeUrl: string
  request: PairingRequest
  /** Shows a person where to confirm which code; called again for each new code. Not called when none is needed. */
  show: (answer: PairingAnswer) => void
  fetch: typeof fetch
  log: Log
  signal: AbortSignal
  /** Waits; for tests. */
  wait?: Wait
  random?: () => number
}

type Wait = (seconds: number, signal: AbortSignal) => Promise<void>

const waitSeconds: Wait = (seconds, signal) => sleep(seconds * 1000, undefined, { signal })

/** Asks, shows the code and polls until a person has confirmed; a code that expired is replaced by a new one. */
export async function pair(options: PairOptions): Promise<Paired> {
  const { wait = waitSeconds, random = Math.random, signal, log } = options
  let { request } = options
  for (let attempt = 0; ; attempt++) {
    try {
      return await pairOnce({ ...options, request }, wait)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof AppError && ['pairing_expired', 'pairing_unknown'].includes(error.code)) {
        log.info('pairing_code_expired')
        attempt = -1
        await wait(1, signal)
        continue
      }
      if (error instanceof AppError && error.code === 'forbidden' && request.localSecret !== undefined) {
        log.warn('local_pairing_refused', { reason: error.message })
        const { localSecret: _refused, ...withoutSecret } = request
        request = withoutSecret
        continue
      }
      const delaySeconds = reconnectDelaySeconds(attempt, random())
      log.warn('pairing_failed', { attempt, delaySeconds: Math.round(delaySeconds), reason: reasonOf(error) })
      await wait(delaySeconds, signal)
    }
  }
}

async function pairOnce(options: PairOptions, wait: Wait): Promise<Paired> {
  const { request, signal } = options
  const answer = await post(options, '/api/agents/pairings', request, PairingAnswer)
  if (request.localSecret === undefined) options.show(answer)
  for (let delaySeconds = request.localSecret === undefined ? answer.pollEverySeconds : 0; ; ) {
    await wait(delaySeconds, signal)
    delaySeconds = answer.pollEverySeconds
    const polled = await pollOnce(options, answer)
    if (polled?.status === 'paired') return { agentId: polled.agentId, verificationKeys: polled.verificationKeys }
  }
}

/** Undefined when the edge could not be asked just now: the code stays good, and is asked about again. */
async function pollOnce(options: PairOptions, { pollToken }: PairingAnswer): Promise<PairingPollAnswer | undefined> {
  try {
    return await post(options, '/api/agents/pairings/poll', { pollToken }, PairingPollAnswer)
  } catch (error) {
    options.signal.throwIfAborted()
    if (error instanceof AppError && error.code.startsWith('pairing_')) throw error
    options.log.warn('pairing_poll_failed', { reason: reasonOf(error) })
    return undefined
  }
}

async function post<T>(options: PairOptions, path: string, body: object, schema: z.ZodType<T>): Promise<T> {
  const response = await options.fetch(`${options.edgeUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(15_000)]),
  })
  const json = z.json().safeParse(parseJson(await response.text()))
  const refusal = ErrorBody.safeParse(json.data)
  if (!response.ok && refusal.success) throw new AppError(refusal.data.error.code, refusal.data.error.message)
  const parsed = schema.safeParse(json.data)
  if (parsed.success && response.ok) return parsed.data
  throw new AppError(
    'internal',
    `The edge answered ${response.status} to ${path} in a way that this agent does not understand.`,
  )
}

/** The edge's own words stay out of the log: an edge that echoes what it was sent would put the poll token there. */
const reasonOf = (error: unknown) => {
  if (error instanceof AppError) return error.code
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error instanceof Error ? error.message : error}${cause}`
}

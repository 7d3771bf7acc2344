/** The Durable Object where a viewer's request waits for an agent's answer, named by the stream. */
import { DurableObject } from 'cloudflare:workers'
import * as z from 'zod'
import { SignedRequestHeaders, STREAMED_BODY, verifyRequest } from '#protocol/agent-proof.ts'
import { importPublicKey } from '#protocol/ed25519.ts'
import { AppError, type ErrorBody, statusOf, toErrorData } from '#protocol/errors.ts'
import { RELAY_ANSWER_SECONDS, RELAY_HEAD_HEADER, RELAY_PART_BYTES, RelayHead, RelayPart } from '#protocol/relay.ts'
import { askAgent, presenceOf } from '../agents/ask-agent.ts'
import { openDb } from '../db.ts'
import type { Bindings } from '../env.ts'
import { toRefusal } from '../error-response.ts'
import { log } from '../log.ts'
import { readRelayLimits } from '../playback/relay-limits.ts'
import { randomId } from '../random-id.ts'
import { securityHeaders } from '../security-headers.ts'
import { type Exchange, newExchange, type Pace } from './exchange.ts'
import { PIECE_BYTES } from './pump.ts'
import { meterOf } from './relay-meter.ts'
import { addUsage } from './usage.ts'
import { newUsageTally, type UsageTally } from './usage-tally.ts'

/** What the Worker says of a viewer whose token and grant it has checked, in a header that only it can set. */
export const TICKET_HEADER = 'x-relay-ticket'
export const Ticket = z.object({
  streamId: z.string(),
  agentId: z.string(),
  personId: z.string(),
  correlationId: z.string(),
  path: z.string(),
})
export type Ticket = z.infer<typeof Ticket>

/** Requests of one stream that may wait or run at once; a player that seeks leaves some behind for a moment. */
const EXCHANGES = 32
/** Whoever was let in is not asked about for so long: shorter than the meter remembers. */
const ADMITTED_MS = 15_000
/** Longest silence between two parts of one answer. */
const NEXT_PART_SECONDS = 30

const forwarded = ['range', 'if-range', 'if-none-match', 'if-modified-since', 'accept']

type Waiting = { ticket: Ticket; exchange: Exchange; timer: ReturnType<typeof setTimeout> | null }

export class Relay extends DurableObject<Bindings> {
  readonly #waiting = new Map<string, Waiting>()
  /** The keys of the agents that serve this stream, as their hubs said: an agent keeps its key for life. */
  readonly #keys = new Map<string, CryptoKey>()
  /** Of the person whose stream this is; there is no other. */
  readonly #tallies = new Map<string, UsageTally>()
  readonly #admitted = new Map<string, number>()

  /** A viewer's GET or HEAD with its ticket, or an agent's POST as it came in. */
  override async fetch(request: Request): Promise<Response> {
    try {
      return request.method === 'POST' ? await this.#agentPosts(request) : await this.#viewerAsks(request)
    } catch (error) {
      return refused(error)
    }
  }

  async #viewerAsks(request: Request): Promise<Response> {
    const ticket = Ticket.parse(JSON.parse(request.headers.get(TICKET_HEADER) ?? 'null'))
    await this.#admit(ticket.personId)
    if (request.signal.aborted) throw new AppError('timed_out', 'The viewer left.')
    // No await from here until it waits: of many at once no more than this come in.
    if (this.#waiting.size >= EXCHANGES) {
      throw new AppError('too_many', 'Too much of this film is asked for at once. Please try again in a moment.')
    }
    const requestId = randomId()
    const waiting: Waiting = { ticket, exchange: newExchange(request.method, ticket.correlationId), timer: null }
    this.#waiting.set(requestId, waiting)
    this.#failAfter(requestId, RELAY_ANSWER_SECONDS, 'The agent at home did not answer in time. Please try again.')
    request.signal.addEventListener('abort', () => this.#end(requestId, new AppError('timed_out', 'The viewer left.')))
    try {
      await this.#learnKey(ticket.agentId)
      this.ctx.waitUntil(this.#tellAgent(requestId, ticket, request))
      return await waiting.exchange.answered
    } catch (error) {
      this.#end(requestId, toRefusal(error) ?? new AppError('internal', 'The relay failed. Please try again.'))
      throw error
    }
  }

  /** Where the household's limit has no share left, nobody new comes in: it would stutter for all. */
  async #admit(personId: string): Promise<void> {
    const { household } = readRelayLimits(this.env)
    const nowMs = Date.now()
    if (household === undefined || nowMs - (this.#admitted.get(personId) ?? 0) < ADMITTED_MS) return
    if (!(await meterOf(this.env).enter(personId))) {
      throw new AppError(
        'relay_full',
        'As many people watch through the relay as its limit allows. Please try again later, or from your home network.',
      )
    }
    this.#admitted.set(personId, nowMs)
  }

  #tallyOf(personId: string): UsageTally {
    const known = this.#tallies.get(personId)
    if (known) return known
    const write = async (bytes: number) => {
      const written = addUsage(openDb(this.env.DB), personId, bytes, Math.floor(Date.now() / 1000))
      const told = written.catch((error: unknown) => log('warn', 'relay_not_counted', { error }))
      this.ctx.waitUntil(told)
      await told
    }
    const tally = newUsageTally(write)
    this.#tallies.set(personId, tally)
    return tally
  }

  /** Counts every piece, and holds it back where a limit is set, by a second's bytes at a time. */
  #paceOf(personId: string): Pace {
    const tally = this.#tallyOf(personId)
    const { household, viewer } = readRelayLimits(this.env)
    const limit = Math.min(household ?? Number.POSITIVE_INFINITY, viewer ?? Number.POSITIVE_INFINITY)
    if (limit === Number.POSITIVE_INFINITY) {
      return { pieceBytes: PIECE_BYTES, before: (bytes) => void tally.add(bytes) }
    }
    let allowed = 0
    const pieceBytes = Math.min(PIECE_BYTES, Math.max(4096, Math.floor(limit / 8)))
    const before = async (bytes: number) => {
      if (allowed < bytes) {
        const more = Math.max(bytes, Math.floor(limit / 2))
        await scheduler.wait(await meterOf(this.env).take(personId, more))
        allowed += more
      }
      allowed -= bytes
      tally.add(bytes)
    }
    return { pieceBytes, before }
  }

  async #learnKey(agentId: string): Promise<void> {
    if (this.#keys.has(agentId)) return
    const presence = (await presenceOf({ env: this.env }, [agentId])).get(agentId)
    if (!presence?.online) throw new AppError('agent_offline', 'The agent at home is not connected. Please check it.')
    this.#keys.set(agentId, await importPublicKey(presence.publicKey))
  }

  async #tellAgent(requestId: string, ticket: Ticket, { method, headers }: Request): Promise<void> {
    const { streamId, path } = ticket
    const passed = forwarded.flatMap((name) => {
      const value = headers.get(name)
      return value === null || value.length > 1024 ? [] : [[name, value]]
    })
    try {
      await this.#ask(ticket, {
        kind: 'relay',
        streamId,
        requestId,
        method: method === 'HEAD' ? 'HEAD' : 'GET',
        path,
        headers: Object.fromEntries(passed),
        shortBelow: RELAY_PART_BYTES,
      })
    } catch (error) {
      this.#end(requestId, toRefusal(error) ?? new AppError('internal', 'The relay failed. Please try again.'), false)
    }
  }

  #ask(ticket: Ticket, request: Parameters<typeof askAgent<'relay' | 'relay-cancel'>>[2]): Promise<object> {
    const later = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    const asker = { env: this.env, correlationId: ticket.correlationId, later }
    return askAgent(asker, ticket.agentId, request, { deadlineSeconds: RELAY_ANSWER_SECONDS })
  }

  /** Always answered, also when the viewer has left: an upload that nobody answers hangs. */
  async #agentPosts(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const requestId = url.pathname.split('/').at(-1) ?? ''
    const waiting = this.#waiting.get(requestId)
    if (!waiting) throw new AppError('not_found', 'Nobody waits for this answer any more.')
    await this.#checkSignature(request, url, waiting.ticket.agentId)
    const part = RelayPart.parse(Object.fromEntries(url.searchParams))
    if (Number(request.headers.get('content-length') ?? 0) > RELAY_PART_BYTES) {
      throw new AppError('too_large', `A part has at most ${RELAY_PART_BYTES} bytes.`)
    }
    const head = headOf(request)
    waiting.exchange.checkTurn(part, head)
    clearTimeout(waiting.timer)
    let isLast = false
    try {
      isLast = await waiting.exchange.pipe(part, head, request.body, this.#paceOf(waiting.ticket.personId))
    } catch (error) {
      // The pipe broke: the viewer has gone, or the agent's upload has. Either way the other side's part is over.
      const { streamId, correlationId } = waiting.ticket
      log('info', 'relay_broke_off', { correlationId, streamId, error })
      const gone = new AppError('conflict', 'The viewer has left.')
      this.#end(requestId, gone)
      throw gone
    } finally {
      this.#tallyOf(waiting.ticket.personId).answered()
    }
    if (isLast) this.#waiting.delete(requestId)
    else this.#failAfter(requestId, NEXT_PART_SECONDS, 'The agent at home stopped in the middle.')
    return new Response(null, { status: 204 })
  }

  async #checkSignature(request: Request, url: URL, agentId: string): Promise<void> {
    const signed = SignedRequestHeaders.safeParse(Object.fromEntries(request.headers))
    const key = this.#keys.get(agentId)
    const parts = signed.success && { method: 'POST', path: url.pathname + url.search, headers: signed.data }
    const isGood =
      parts &&
      key &&
      parts.headers['x-agent-id'] === agentId &&
      parts.headers['x-agent-body-digest'] === STREAMED_BODY &&
      (await verifyRequest(key, parts, Math.floor(Date.now() / 1000)))
    if (!isGood) throw new AppError('bad_signature', 'This answer is not signed by the agent that was asked.')
  }

  #failAfter(requestId: string, seconds: number, sentence: string): void {
    const waiting = this.#waiting.get(requestId)
    if (!waiting) return
    clearTimeout(waiting.timer)
    waiting.timer = setTimeout(() => this.#end(requestId, new AppError('timed_out', sentence)), seconds * 1000)
  }

  /** The exchange is over before its answer is complete; unless the agent said so itself, it is told to stop. */
  #end(requestId: string, error: AppError, tellAgent = true): void {
    const waiting = this.#waiting.get(requestId)
    if (!waiting) return
    this.#waiting.delete(requestId)
    clearTimeout(waiting.timer)
    waiting.exchange.fail(error)
    if (!tellAgent) return
    const told = this.#ask(waiting.ticket, { kind: 'relay-cancel', requestId })
    // An agent that is gone has stopped already.
    this.ctx.waitUntil(told.catch(() => undefined))
  }
}

/** The head of the first part. Throws `invalid` when the header is there and makes no sense. */
function headOf(request: Request): RelayHead | undefined {
  const header = request.headers.get(RELAY_HEAD_HEADER)
  if (header === null) return undefined
  const head = RelayHead.safeParse(parseJson(header))
  if (!head.success) throw new AppError('invalid', 'The status and headers of this answer cannot be read.')
  return head.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An error crosses to the Worker as the response it will be. */
function refused(error: unknown): Response {
  const refusal = toRefusal(error)
  if (!refusal) log('error', 'unexpected', { error })
  const data = toErrorData(refusal)
  const body: ErrorBody = { error: data }
  return Response.json(body, {
    status: statusOf(data.code),
    headers: { 'cache-control': 'no-store', ...securityHeaders },
  })
}

/** What crosses a data channel between a viewer and home: requests, answers, and how much the reader will take. */
import * as z from 'zod'
import { AppError, ErrorData } from './errors.ts'

/**
 * A lane is one ordered, reliable data channel, labelled `lane-0`, `lane-1`, … by the viewer, who opens all of them.
 * A message is one byte of type, four of request id (big-endian), and what the type brings. Ids are the viewer's, and
 * mean something on their own lane only; any number of requests may be under way on a lane.
 */
export const laneLabel = (index: number): string => `lane-${index}`
export const LANE_LABEL = /^lane-[0-7]$/
/** Lanes of one connection. */
export const MOST_LANES = 8
/** Requests under way at once on all lanes of one connection; the next is answered `failed` with `busy`. */
export const MOST_REQUESTS = 64
/** The longest message, both ways, its head of five bytes included. */
export const LANE_MESSAGE_BYTES = 64 * 1024
const HEAD_BYTES = 5
/** Most bytes of a film in one message. */
export const LANE_BODY_BYTES = LANE_MESSAGE_BYTES - HEAD_BYTES

/**
 * Bytes of a body that home may send before the reader has taken any: SCTP's own window says what a browser's network
 * process has taken in, not what the page has read. What the reader takes it gives back as credit.
 */
export const WINDOW_BYTES = 4 * 1024 * 1024
/** A reader may ask for less than `WINDOW_BYTES`, or for more. */
export const SMALLEST_WINDOW_BYTES = LANE_MESSAGE_BYTES
export const LARGEST_WINDOW_BYTES = 16 * 1024 * 1024
/** Credit is worth a message once this part of the window was read; less would be chatter. */
export const CREDIT_PART = 1 / 4

/** A request as the handler at home answers it on every transport. Header names are in lower case. */
export const LaneRequest = z.strictObject({
  method: z.enum(['GET', 'HEAD']),
  path: z.string().startsWith('/api/stream/').max(6000),
  headers: z
    .record(z.string().regex(/^[a-z0-9-]{1,64}$/), z.string().max(1024))
    .refine((headers) => Object.keys(headers).length <= 32, 'too many headers'),
  windowBytes: z.int().min(SMALLEST_WINDOW_BYTES).max(LARGEST_WINDOW_BYTES),
})
export type LaneRequest = z.infer<typeof LaneRequest>

/** Status and headers of an answer; its body, if it has one, follows until `end` or `failed`. */
export const LaneHead = z.object({
  status: z.int().min(200).max(599),
  headers: z.record(z.string().max(64), z.string().max(2048)),
})
export type LaneHead = z.infer<typeof LaneHead>

/** What a viewer says. `credit`: so many bytes of the body were read. `cancel`: nobody reads any more. */
export type ToHome =
  | { type: 'request'; id: number; request: LaneRequest }
  | { type: 'credit'; id: number; bytes: number }
  | { type: 'cancel'; id: number }

/**
 * What home says: `head`, any number of `body`, then `end`; or `failed`, before or after the head, which ends it.
 * A refusal of the handler's (a token that expired) is not `failed`: it has a head and a body of JSON as everywhere.
 */
export type ToViewer =
  | { type: 'head'; id: number; head: LaneHead }
  | { type: 'body'; id: number; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'end'; id: number }
  | { type: 'failed'; id: number; error: ErrorData }

const types = { request: 1, credit: 2, cancel: 3, head: 17, body: 18, end: 19, failed: 20 } as const

/** Throws `too_large` when it is longer than a message may be. */
export function encodeToHome(message: ToHome): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'request':
      return withJson(types.request, message.id, message.request)
    case 'credit': {
      const encoded = framed(types.credit, message.id, 4)
      viewOf(encoded).setUint32(HEAD_BYTES, message.bytes)
      return encoded
    }
    case 'cancel':
      return framed(types.cancel, message.id, 0)
  }
}

/** Throws `too_large` when it is longer than a message may be. */
export function encodeToViewer(message: ToViewer): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'head':
      return withJson(types.head, message.id, message.head)
    case 'body': {
      const encoded = framed(types.body, message.id, message.bytes.length)
      encoded.set(message.bytes, HEAD_BYTES)
      return encoded
    }
    case 'end':
      return framed(types.end, message.id, 0)
    case 'failed':
      return withJson(types.failed, message.id, message.error)
  }
}

/** Throws `invalid` for whatever is not a viewer's message: the connection that it came on is closed then. */
export function decodeToHome(message: Uint8Array): ToHome {
  const { type, id, rest } = opened(message)
  switch (type) {
    case types.request:
      return { type: 'request', id, request: readJson(rest, LaneRequest) }
    case types.credit: {
      const bytes = rest.length === 4 ? viewOf(rest).getUint32(0) : 0
      if (bytes === 0 || bytes > LARGEST_WINDOW_BYTES) throw malformed()
      return { type: 'credit', id, bytes }
    }
    case types.cancel:
      return { type: 'cancel', id: empty(rest, id) }
    default:
      throw malformed()
  }
}

/** Throws `invalid` for whatever is not a message from home. Bytes of a body are a view into the message. */
export function decodeToViewer(message: Uint8Array<ArrayBuffer>): ToViewer {
  const { type, id, rest } = opened(message)
  switch (type) {
    case types.head:
      return { type: 'head', id, head: readJson(rest, LaneHead) }
    case types.body:
      return { type: 'body', id, bytes: message.subarray(HEAD_BYTES) }
    case types.end:
      return { type: 'end', id: empty(rest, id) }
    case types.failed:
      return { type: 'failed', id, error: readJson(rest, ErrorData) }
    default:
      throw malformed()
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength)

function framed(type: number, id: number, restBytes: number): Uint8Array<ArrayBuffer> {
  if (restBytes > LANE_BODY_BYTES) throw new AppError('too_large', 'This is more than one message may hold.')
  const encoded = new Uint8Array(HEAD_BYTES + restBytes)
  encoded[0] = type
  viewOf(encoded).setUint32(1, id)
  return encoded
}

function withJson(type: number, id: number, value: object): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(value))
  const encoded = framed(type, id, text.length)
  encoded.set(text, HEAD_BYTES)
  return encoded
}

function opened(message: Uint8Array): { type: number; id: number; rest: Uint8Array } {
  if (message.length < HEAD_BYTES || message.length > LANE_MESSAGE_BYTES) throw malformed()
  return { type: message[0] ?? 0, id: viewOf(message).getUint32(1), rest: message.subarray(HEAD_BYTES) }
}

function empty(rest: Uint8Array, id: number): number {
  if (rest.length > 0) throw malformed()
  return id
}

function readJson<Value>(bytes: Uint8Array, schema: z.ZodType<Value>): Value {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw malformed(cause)
  }
}

const malformed = (cause?: unknown) => new AppError('invalid', 'This is no message of a lane.', { cause })

/** What the edge answers to Play and to a move: stages while it works, then the stream or the refusal. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { IceServers } from '#protocol/p2p-signalling.ts'
import { PlayPlan, PlayReason } from '#protocol/play-plan.ts'
import { OpenStage } from '#protocol/stream-status.ts'
import { StreamUrl } from '#protocol/stream-url.ts'
import { Chapter, Marker, Tracks } from '#protocol/tracks.ts'
import { readRefusal, Unreachable } from '../../failure.ts'
import { chunksOf, readNdjson } from './read-ndjson.ts'

/** Of a list those that this page knows: the edge may be newer than a page that is still open. */
const known = <Value>(one: z.ZodType<Value>) =>
  z.array(z.unknown()).transform((values) =>
    values.flatMap((value) => {
      const read = one.safeParse(value)
      return read.success ? [read.data] : []
    }),
  )

/** A stream that can be played. `expiresAt` is epoch seconds; `urls` are tried in order. */
export const StreamReady = z.object({
  streamId: z.string(),
  sourceId: z.string().optional(),
  agentId: z.string().optional(),
  /** What the household calls that agent. */
  agentName: z.string().optional(),
  /** How many other agents could go on with it. */
  otherAgents: z.number().optional(),
  expiresAt: z.number(),
  contentType: z.string(),
  sizeBytes: z.number(),
  durationSeconds: z.number().nullable(),
  tracks: Tracks,
  plan: PlayPlan.extend({ reasons: known(PlayReason) }),
  chapters: z.array(Chapter),
  markers: z.array(Marker),
  thumbnails: z.boolean(),
  fontCount: z.number(),
  urls: known(StreamUrl),
  iceServers: IceServers.optional(),
  resumeAtSeconds: z.number(),
})
export type StreamReady = z.infer<typeof StreamReady>

const StreamLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stage'), stage: OpenStage, peers: z.number() }),
  z.object({ type: z.literal('ready'), stream: StreamReady }),
  // Read by the same hand as every other refusal, which keeps zod out of the first page (see failure.ts).
  z.object({ type: z.literal('failed'), error: z.unknown() }),
])

export type Stage = { stage: OpenStage; peers: number }

/** Tells each stage, then gives the stream. Throws the refusal, or Unreachable when the answer breaks off. */
export async function readStreamAnswer(response: Response, onStage: (stage: Stage) => void): Promise<StreamReady> {
  const { body } = response
  if (!body) throw new Unreachable('The answer had no body.')
  const stream = await readLines(body, onStage)
  // An answer that is cut off looks to the edge like a person who left, so it is read to its end.
  void body.pipeTo(new WritableStream()).catch(() => undefined)
  return stream
}

async function readLines(body: ReadableStream<Uint8Array>, onStage: (stage: Stage) => void): Promise<StreamReady> {
  try {
    for await (const value of readNdjson(chunksOf(body))) {
      const line = StreamLine.safeParse(value)
      // A line of a newer edge that we do not know is not an error: what matters comes last.
      if (!line.success) continue
      if (line.data.type === 'ready') return line.data.stream
      if (line.data.type === 'failed') throw readRefusal(line.data) ?? new Unreachable('The refusal had no code.')
      onStage(line.data)
    }
  } catch (cause) {
    const isOurs = cause instanceof AppError || cause instanceof Unreachable
    if (isOurs || (cause instanceof DOMException && cause.name === 'AbortError')) throw cause
    throw new Unreachable('The answer broke off.', { cause })
  }
  throw new Unreachable('The answer ended early.')
}

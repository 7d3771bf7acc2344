/** One event of a stream's live status, sent by the agent while a person waits or watches. */
import * as z from 'zod'

/** Where opening a film stands, in the order in which it happens. */
export const OpenStage = z.enum(['finding', 'metadata', 'peers', 'probing', 'ready'])
export type OpenStage = z.infer<typeof OpenStage>

export const StreamStatus = z.object({
  state: z.enum(['finding-peers', 'downloading', 'complete', 'disk-full']),
  peers: z.int().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
  /** Bytes of this file that are on disk and verified. */
  downloadedBytes: z.int().nonnegative(),
  sizeBytes: z.int().nonnegative(),
  /** Byte ranges of the file on disk, ends exclusive, in order and merged; at most 200 of them. */
  buffered: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).max(200),
  /** Nothing more comes before this is over: the VPN at home is away. Never of a file that is complete. */
  waiting: z.literal('vpn').optional(),
  /** The agent is about to stop, or to rest: go on elsewhere if there is an elsewhere. */
  isLeaving: z.boolean().optional(),
  /** A status comes at least this often, changed or not: longer silence means that the line is gone. Absent: not so. */
  beatSeconds: z.number().positive().optional(),
})
export type StreamStatus = z.infer<typeof StreamStatus>

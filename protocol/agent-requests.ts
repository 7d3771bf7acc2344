/** What the hub asks of an agent, and what each kind is answered with. */
import * as z from 'zod'
import { Base64Url } from './base64url.ts'
import { DeviceProfile } from './device-profile.ts'
import { OwnFilmChoice, OwnFilmId, OwnFilmPage, OwnFilmView } from './own-films.ts'
import { IceServers, P2pChange, P2pChanged, SessionDescription } from './p2p-signalling.ts'
import { PlayPlan, PlayWish } from './play-plan.ts'
import { ProviderId, ProviderReport, ProviderSettings } from './provider-settings.ts'
import { Release, ReleaseDoubt } from './release.ts'
import { FileHint, TorrentSource } from './source.ts'
import { TitleWish } from './source-search.ts'
import { TaskName, TaskReport, TaskRunReport } from './task-report.ts'
import { Chapter, Marker, SubtitleTrack, Tracks } from './tracks.ts'

const id = z.string().min(1).max(64)

/** Find the source, pick the file, start its head and tail, look inside. Several of these for one file share the download. */
export const OpenRequest = z.object({
  kind: z.literal('open'),
  streamId: id,
  sourceId: id,
  source: TorrentSource,
  file: FileHint,
  device: DeviceProfile.optional(),
  wish: PlayWish.optional(),
  startSeconds: z.number().nonnegative(),
  /** Nobody has pressed Play yet: only a film that is whole at home, and nothing is fetched or made for it. */
  ifAtHome: z.boolean().optional(),
  /** Where other agents of the household that hold some of it listen for peers, `address:port`. */
  householdPeers: z.array(z.string().max(64)).max(16).optional(),
})
export type OpenRequest = z.infer<typeof OpenRequest>

export const OpenReply = z.object({
  path: z.string().min(1).max(1024),
  sizeBytes: z.int().nonnegative(),
  contentType: z.string().max(100),
  /** Undefined when the file does not say. */
  durationSeconds: z.number().nonnegative().optional(),
  tracks: Tracks,
  plan: PlayPlan,
  chapters: z.array(Chapter).max(500).optional(),
  markers: z.array(Marker).max(50).optional(),
  /** Small pictures can be made of it (`thumbnails/:n.jpg`). */
  thumbnails: z.boolean().optional(),
  /** Fonts that the film brings (`fonts/:n`), so that nobody asks for one that is not there. */
  fontCount: z.int().nonnegative().max(1000).optional(),
})
export type OpenReply = z.infer<typeof OpenReply>

/** The viewer has left: forget the stream's lease and drop what nobody else reads. */
export const CloseRequest = z.object({ kind: z.literal('close'), streamId: id })
export type CloseRequest = z.infer<typeof CloseRequest>

/**
 * A viewer waits at the edge: answer this path as over HTTP, by POSTing status, headers and body to
 * `/api/relay/:streamId/:requestId` (see relay.ts). The reply only says that the agent will.
 */
export const RelayRequest = z.object({
  kind: z.literal('relay'),
  streamId: id,
  requestId: id,
  method: z.enum(['GET', 'HEAD']),
  path: z.string().startsWith('/api/stream/').max(6000),
  headers: z.record(z.string().max(64), z.string().max(1024)),
  /** Bytes of a full part, where a shorter one may end an answer of unknown length (`last=short` in relay.ts). */
  shortBelow: z.int().positive().optional(),
})
export type RelayRequest = z.infer<typeof RelayRequest>

/** The viewer of a relayed request has gone: stop reading for it. */
export const RelayCancelRequest = z.object({ kind: z.literal('relay-cancel'), requestId: id })
export type RelayCancelRequest = z.infer<typeof RelayCancelRequest>

/** A viewer's browser wants a data channel for this stream; the servers are those that the browser has, with credentials. */
export const P2pOpenRequest = z.object({
  kind: z.literal('p2p-open'),
  streamId: id,
  connectionId: id,
  offer: SessionDescription,
  iceServers: IceServers,
})
export type P2pOpenRequest = z.infer<typeof P2pOpenRequest>

/** What the browser has found since. Throws `not_found` for a connection that is over, or another stream's. */
export const P2pCandidatesRequest = z.object({
  kind: z.literal('p2p-candidates'),
  streamId: id,
  connectionId: id,
  ...P2pChange.shape,
})
export type P2pCandidatesRequest = z.infer<typeof P2pCandidatesRequest>

/** Nobody uses this connection any more. */
export const P2pCloseRequest = z.object({ kind: z.literal('p2p-close'), streamId: id, connectionId: id })
export type P2pCloseRequest = z.infer<typeof P2pCloseRequest>

/** Tokens of these streams are refused from now on, whatever their expiry. */
export const RevokeRequest = z.object({ kind: z.literal('revoke'), streamIds: z.array(id).max(1000) })
export type RevokeRequest = z.infer<typeof RevokeRequest>

/** What a subtitle file of a person's own may be. */
export const AddedSubtitleFormat = z.enum(['srt', 'vtt', 'ass'])
export type AddedSubtitleFormat = z.infer<typeof AddedSubtitleFormat>

/** The file of an added subtitle, base64url, at most this many characters. */
export const ADDED_SUBTITLE_CHARACTERS = 900_000

/** Subtitles from elsewhere (a person's own file, a search) are kept beside a film that was opened here. */
export const AddSubtitleRequest = z.object({
  kind: z.literal('add-subtitle'),
  sourceId: id,
  path: z.string().min(1).max(1024),
  /** What people will read in the menu. */
  name: z.string().max(200),
  language: z.string().max(35).optional(),
  format: AddedSubtitleFormat,
  /** The file itself, base64url, in whatever character set it has. */
  file: Base64Url.max(ADDED_SUBTITLE_CHARACTERS),
})
export type AddSubtitleRequest = z.infer<typeof AddSubtitleRequest>

/** Look for a title at every provider. What is found is posted to `/api/catalog/found`, also after the reply. */
export const SearchRequest = z.object({
  kind: z.literal('search'),
  wish: TitleWish,
  /** The reply comes no later than this. */
  waitSeconds: z.number().nonnegative().max(60),
})
export type SearchRequest = z.infer<typeof SearchRequest>

export const SearchReply = z.object({
  providers: z
    .array(
      z.object({
        id: z.string().max(40),
        state: z.enum(['asked', 'answered', 'failed', 'benched']),
        count: z.int().nonnegative(),
      }),
    )
    .max(50),
  /** Nobody is still looking. */
  isComplete: z.boolean(),
})
export type SearchReply = z.infer<typeof SearchReply>

/** Nothing new comes to this agent, and the players it serves are told to go on elsewhere; or no longer so. */
export const DrainRequest = z.object({ kind: z.literal('drain'), isDraining: z.boolean() })
export type DrainRequest = z.infer<typeof DrainRequest>

/** Which of these torrents does the agent have on its disk? Asked before a title is opened somewhere. */
export const HoldsRequest = z.object({ kind: z.literal('holds'), infoHashes: z.array(z.string().max(64)).max(20) })
export type HoldsRequest = z.infer<typeof HoldsRequest>

export const HoldsReply = z.object({
  held: z.array(z.object({ infoHash: z.string().max(64), isWhole: z.boolean() })).max(20),
  /** Where it listens for peers on the home network; none behind a bound VPN, where no neighbour reaches it. */
  peerAddresses: z.array(z.string().max(64)).max(4),
})
export type HoldsReply = z.infer<typeof HoldsReply>

/**
 * A neighbour at these addresses (`peerAddresses` of its own reply to `holds`) is about to fetch what this agent has on
 * its disk: it is given to them, and announced to nobody. Sent only to agents whose `alsoAnswers` names it.
 */
export const LendRequest = z.object({
  kind: z.literal('lend'),
  infoHash: z.string().max(64),
  to: z.array(z.string().max(64)).max(4),
})
export type LendRequest = z.infer<typeof LendRequest>

// ── what the operator looks after from the admin page: sent only to agents whose `alsoAnswers` names the kind ──

export const ProvidersRequest = z.object({ kind: z.literal('providers') })

/** Secrets among the settings stay on the agent: the edge passes them on, and keeps and logs none. */
export const SetProviderRequest = z.object({
  kind: z.literal('set-provider'),
  id: ProviderId,
  settings: ProviderSettings,
  /** The operator said once that what is fetched may lawfully be fetched; the edge has it in its audit. */
  isLawfulUseConfirmed: z.boolean(),
})
export type SetProviderRequest = z.infer<typeof SetProviderRequest>

export const TasksRequest = z.object({ kind: z.literal('tasks') })
export const TaskRunsRequest = z.object({ kind: z.literal('task-runs'), name: TaskName })
export const RunTaskRequest = z.object({ kind: z.literal('run-task'), name: TaskName })
export const PauseTaskRequest = z.object({ kind: z.literal('pause-task'), name: TaskName, isPaused: z.boolean() })

/** `problems` by setting, for the form; where there are any, nothing was changed. */
export const SetProviderReply = z.object({
  provider: ProviderReport,
  problems: z.array(z.object({ name: z.string().max(60), problem: z.string().max(300) })).max(30),
})
export type SetProviderReply = z.infer<typeof SetProviderReply>

/** A page of the operator's own films, from the `from`th entry on. */
export const OwnFilmsRequest = z.object({
  kind: z.literal('own-films'),
  view: OwnFilmView,
  from: z.int().nonnegative().max(200_000),
})
export type OwnFilmsRequest = z.infer<typeof OwnFilmsRequest>

/** Null takes back what was said. */
export const SetOwnFilmRequest = z.object({
  kind: z.literal('set-own-film'),
  id: OwnFilmId,
  choice: OwnFilmChoice.nullable(),
})
export type SetOwnFilmRequest = z.infer<typeof SetOwnFilmRequest>

/** A source that the operator added by hand: what does its name say, and may it be something else? */
export const ReadReleaseRequest = z.object({
  kind: z.literal('read-release'),
  wish: TitleWish,
  name: z.string().min(1).max(300),
  sizeBytes: z.int().nonnegative().optional(),
})
export type ReadReleaseRequest = z.infer<typeof ReadReleaseRequest>

export const AgentRequest = z.discriminatedUnion('kind', [
  OpenRequest,
  CloseRequest,
  RelayRequest,
  RelayCancelRequest,
  P2pOpenRequest,
  P2pCandidatesRequest,
  P2pCloseRequest,
  RevokeRequest,
  AddSubtitleRequest,
  SearchRequest,
  ProvidersRequest,
  SetProviderRequest,
  TasksRequest,
  TaskRunsRequest,
  RunTaskRequest,
  PauseTaskRequest,
  ReadReleaseRequest,
  OwnFilmsRequest,
  SetOwnFilmRequest,
  DrainRequest,
  HoldsRequest,
  LendRequest,
])
export type AgentRequest = z.infer<typeof AgentRequest>

/** What each kind of request is answered with. */
export const agentReplies = {
  open: OpenReply,
  close: z.object({}),
  relay: z.object({}),
  'relay-cancel': z.object({}),
  /** Throws `invalid` for an offer that is none, `busy`, `not_configured`. */
  'p2p-open': z.object({ answer: SessionDescription }),
  'p2p-candidates': P2pChanged,
  'p2p-close': z.object({}),
  revoke: z.object({}),
  /** The track as the menu shows it; throws `not_found`, `not_playable` (no cue in it). */
  'add-subtitle': SubtitleTrack,
  providers: z.object({ providers: z.array(ProviderReport).max(50) }),
  /** Throws `not_found`, `forbidden` where it is set at home, or without the lawful word. */
  'set-provider': SetProviderReply,
  tasks: z.object({ tasks: z.array(TaskReport).max(100) }),
  /** Newest first, of the last thirty days. Throws `not_found`. */
  'task-runs': z.object({ runs: z.array(TaskRunReport).max(100) }),
  /** Throws `not_found`. */
  'run-task': z.object({}),
  'pause-task': z.object({}),
  'read-release': z.object({ release: Release.optional(), doubts: z.array(ReleaseDoubt).max(20) }),
  'own-films': OwnFilmPage,
  /** Throws `not_found`, and `invalid` for a show where neither name nor choice says which episode. */
  'set-own-film': z.object({}),
  /** Throws `busy`. */
  search: SearchReply,
  drain: z.object({}),
  holds: HoldsReply,
  /** Whether or not there is anything to lend. */
  lend: z.object({}),
} as const satisfies Record<AgentRequest['kind'], z.ZodType>
export type AgentReply<Kind extends AgentRequest['kind']> = z.infer<(typeof agentReplies)[Kind]>

/** A household that plays: an admin, a home agent that opens whatever it is asked, a title, and a press of Play. */
import { env } from 'cloudflare:workers'
import type { AgentRequest, OpenReply } from '#protocol/agent-requests.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import type { StreamReady } from '../playback/answers.ts'
import { type Browser, callEdge, setUp } from './call-edge.ts'
import { type Answers, type ConnectedAgent, connectAgent, pairAgent } from './test-agent.ts'

export const opened: OpenReply = {
  path: 'Sintel/Sintel.mp4',
  sizeBytes: 1_000_000,
  contentType: 'video/mp4',
  durationSeconds: 888,
  tracks: { video: [{ id: 1, codec: 'avc1.640028', width: 1280, height: 720 }], audio: [], subtitles: [] },
  plan: { mode: 'direct', reasons: ['plays_as_it_is'] },
  chapters: [{ startSeconds: 0, name: 'Opening' }],
  markers: [{ kind: 'intro', startSeconds: 0, endSeconds: 40 }],
  thumbnails: true,
  fontCount: 2,
}

export const addedTrack: SubtitleTrack = { id: 'u1', kind: 'text', format: 'subrip', name: 'Mine' }

/** Opens everything, agrees to everything; relayed requests are the test's to answer. */
export const agreeable: Answers = ({ kind }: AgentRequest) => {
  if (kind === 'open') return opened
  return kind === 'add-subtitle' ? addedTrack : {}
}

export type Household = { admin: Browser; agent: ConnectedAgent }

export async function makeHousehold(): Promise<Household> {
  const admin = await setUp()
  const agent = await connectAgent(await pairAgent())
  agent.answer(agreeable)
  return { admin, agent }
}

export const play = (token: string, change: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
  callEdge('/api/streams', { token, headers, json: { titleId: 'sintel-2010', startSeconds: 0, ...change } })

export async function playing(token: string): Promise<StreamReady> {
  const response = await play(token)
  if (response.status !== 201) throw new Error(`not playing: ${response.status} ${await response.text()}`)
  return response.json()
}

/** Path of the stream through the relay, token and all. */
export const relayPathOf = ({ urls }: Pick<StreamReady, 'urls'>): string =>
  new URL(urls.find(({ transport }) => transport === 'relay')?.url ?? 'http://none').pathname

export const setGrant = (streamId: string, assignment: string): Promise<unknown> =>
  env.DB.prepare(`update stream_grants set ${assignment} where id = ?`).bind(streamId).run()

/** The TMDB stand-in as tests order it about: what it knows, what goes wrong, how often it was asked. */
import { env } from 'cloudflare:workers'
import type { Edge } from '../edge.ts'
import { testEdge } from './test-edge.ts'

/** The same as in e2e/upstreams/tmdb.ts. */
export const TMDB_TOKEN = 'tmdb-read-access-token-under-test'

type Told = { asked: number; busiest: number; paths: string[] }
type Fault = {
  path: string
  times: number
  status?: number
  hangs?: boolean
  text?: string
  headers?: Record<string, string>
}

const order = (path: string, body: object): Promise<Response> =>
  fetch(new URL(path, env.TMDB_URL), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Changes the world; tells what was asked since the last time. */
export const tellWorld = async (change: object = {}): Promise<Told> => (await order('/stand-in/world', change)).json()

export const addFault = (fault: Fault): Promise<Response> => order('/stand-in/faults', fault)

/** An edge whose operator has set TMDB up; what goes on after the response is waited for by `settled`. */
export function tmdbEdge(now: number, change: Partial<Edge['env']> = {}): { edge: Edge; settled: () => Promise<void> } {
  const work: Promise<unknown>[] = []
  const edge = { ...testEdge(now, { TMDB_TOKEN, ...change }), later: (one: Promise<unknown>) => void work.push(one) }
  return { edge, settled: async () => void (await Promise.allSettled(work)) }
}

/** A gate that has forgotten what went wrong before. */
export const freshGate = (): Partial<Edge['env']> => {
  const name = crypto.randomUUID()
  const { UPSTREAM_GATE: gates } = env
  const one = { idFromName: () => gates.idFromName(name), get: (id: DurableObjectId) => gates.get(id) }
  return { UPSTREAM_GATE: one as unknown as typeof gates }
}

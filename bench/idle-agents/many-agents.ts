/** A thousand agents of one household, each with a key of its own, in one process: their links to the edge, and no films. */
import type { Capabilities } from '#protocol/capabilities.ts'
import { publicKeyOf } from '#protocol/ed25519.ts'
import { HubLink } from '../../node-agent/link/hub-link.ts'
import { reconnectDelaySeconds } from '../../node-agent/link/reconnect-delay.ts'
import { createLog } from '../../node-agent/log.ts'

const ROWS_AT_ONCE = 500

const capabilities: Capabilities = {
  name: 'Idle',
  softwareVersion: '0.1.0',
  addresses: ['http://192.168.1.20:8788', 'http://localhost:8788'],
  relay: true,
  ffmpeg: true,
  vpn: { policy: 'off', state: 'unknown' },
  disk: { freeBytes: 1e12, usedBytes: 0 },
  load: { streams: 0, mostStreams: 30, makings: 0, mostMakings: 1 },
  alsoAnswers: ['drain', 'holds'],
}

/** Paired with the edge at `origin`, which they reach by `edgeUrl`; not yet connected. */
export async function pairAgents(
  count: number,
  { origin, edgeUrl, pingEverySeconds }: { origin: string; edgeUrl: string; pingEverySeconds: number },
): Promise<HubLink[]> {
  const keys = await Promise.all(Array.from({ length: count }, newKey))
  const rows = keys.map(({ publicKey }) => ({
    ...{ id: publicKey.slice(0, 22), name: 'Idle', public_key: publicKey },
    ...{ software_version: '0.1.0', addresses: '[]', paired_at: 1 },
  }))
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const body = JSON.stringify({ table: 'agents', rows: rows.slice(at, at + ROWS_AT_ONCE) })
    const answer = await fetch(`${origin}/api/bare/rows`, { method: 'POST', body })
    if (!answer.ok) throw new Error(`${answer.status} for the rows of the agents`)
  }
  const log = createLog(() => undefined)
  return keys.map(
    (key) =>
      new HubLink({
        ...{ edgeUrl, agentId: key.publicKey.slice(0, 22), key, log, pingEverySeconds },
        now: () => Date.now() / 1000,
        capabilities: () => ({ ...capabilities, instanceId: key.publicKey.slice(0, 13) }),
        handle: async () => ({}),
        onEdgeTime: () => undefined,
        onWelcome: () => undefined,
        onRemoved: () => undefined,
        delaySeconds: (attempt, fights) => reconnectDelaySeconds(attempt, Math.random(), fights),
      }),
  )
}

async function newKey() {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])
  const { privateKey } = pair as CryptoKeyPair
  return { privateKey, publicKey: await publicKeyOf(privateKey) }
}

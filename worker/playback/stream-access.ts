/** What a player is given for a grant: its token, inside the URLs of every way home. */
import { p2pPath } from '#protocol/p2p-signalling.ts'
import { type StreamClaims, signStreamToken } from '#protocol/stream-token.ts'
import { type StreamUrl, streamPath } from '#protocol/stream-url.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { activeSigningKey } from '../signing-keys.ts'
import type { Grant } from './grants.ts'
import { readRelayLimits } from './relay-limits.ts'

/** An agent's clock may run behind ours by this much. */
const CLOCK_BEHIND_SECONDS = 60

/** Where the agent of a grant can be reached. */
export type Reach = { addresses: readonly string[]; relay: boolean; p2p?: boolean | undefined }

export async function mintStreamToken(edge: Edge, grant: Grant): Promise<string> {
  const key = await activeSigningKey(readKeyring(edge.env.KEYRING), 'stream-token')
  const claims: StreamClaims = {
    keyId: key.keyId,
    streamId: grant.id,
    personId: grant.personId,
    sessionId: grant.sessionId,
    agentId: grant.agentId,
    sourceId: grant.sourceId,
    path: grant.path,
    scopes: ['media', 'subtitles', 'thumbnails'],
    notBefore: edge.now - CLOCK_BEHIND_SECONDS,
    expiresAt: grant.expiresAt,
    counter: grant.counter,
    correlationId: grant.correlationId,
  }
  return signStreamToken(claims, key.privateKey)
}

/** Best first: each address of the agent itself, then peer to peer, then the relay where the operator allows it. */
export async function streamUrls(edge: Edge, grant: Grant, reach: Reach): Promise<StreamUrl[]> {
  const path = streamPath(await mintStreamToken(edge, grant))
  const direct = reach.addresses.map((address) => ({
    transport: 'direct' as const,
    url: new URL(address).origin + path,
  }))
  const peer = { transport: 'p2p' as const, url: edge.appOrigin + p2pPath(grant.id, path) }
  const { household, viewer } = readRelayLimits(edge.env)
  const bytesPerSecond = Math.min(household ?? Number.POSITIVE_INFINITY, viewer ?? Number.POSITIVE_INFINITY)
  const relayed = {
    ...{ transport: 'relay' as const, url: edge.appOrigin + path },
    ...(Number.isFinite(bytesPerSecond) && { bytesPerSecond }),
  }
  return [...direct, ...(reach.p2p ? [peer] : []), ...(edge.env.RELAY === 'on' && reach.relay ? [relayed] : [])]
}

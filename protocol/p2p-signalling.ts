/** How a viewer's browser and home come to a data channel: an offer and its answer through the edge, after WHIP (RFC 9725). */
import * as z from 'zod'

/** A session description (RFC 8866) with nothing but an application section is a few kilobytes. */
export const SessionDescription = z
  .string()
  .min(1)
  .max(32 * 1024)

/** `candidate:…` (RFC 8839 §5.1), as RTCIceCandidate.candidate has it. */
export const IceCandidate = z
  .string()
  .max(512)
  .regex(/^candidate:[\x20-\x7e]+$/)
const candidates = z.array(IceCandidate).max(32)
/** The one section of the description. */
const mid = z.string().max(32).regex(/^\S+$/).default('0')

/** As RTCConfiguration takes them. Credentials of TURN are good for hours, and for whoever has them. */
export const IceServer = z.object({
  urls: z.array(z.string().max(256)).min(1).max(8),
  username: z.string().max(256).optional(),
  credential: z.string().max(256).optional(),
})
export type IceServer = z.infer<typeof IceServer>
export const IceServers = z.array(IceServer).max(8)

/** `POST /api/streams/:id/p2p`. */
export const P2pOffer = z.strictObject({ offer: SessionDescription })
export type P2pOffer = z.infer<typeof P2pOffer>

/** 201. Home's own description, the answer (RFC 9429), holds the candidates that it has found by then. */
export const P2pOpened = z.object({ connectionId: z.string().max(64), description: SessionDescription })
export type P2pOpened = z.infer<typeof P2pOpened>

/**
 * `PATCH /api/streams/:id/p2p/:connectionId`: what the browser has found since its offer. There is no ICE restart:
 * libjuice, which home uses, cannot (RFC 8445 §9). When the browser's network changes it opens another connection;
 * home keeps two for a stream, and the older one goes when a third comes, or when nothing is heard from it.
 */
export const P2pChange = z.strictObject({ candidates, mid })
export type P2pChange = z.infer<typeof P2pChange>

/** 200. What home has found since it last said so. */
export const P2pChanged = z.object({ candidates })
export type P2pChanged = z.infer<typeof P2pChanged>

/**
 * Where the edge names a stream on this transport: the path that the stream has on every transport, behind this. Nobody
 * serves it but the page itself, by its loader and its service worker.
 */
export const p2pPath = (streamId: string, path: string): string => `/p2p/${streamId}${path}`

/** Stream id and path of a request that is to go over a data channel, or undefined when it is none. */
export function readP2pPath(pathname: string): { streamId: string; path: string } | undefined {
  const [, streamId, path] = /^\/p2p\/([A-Za-z0-9_-]{1,64})(\/api\/stream\/.+)$/.exec(pathname) ?? []
  return streamId === undefined || path === undefined ? undefined : { streamId, path }
}

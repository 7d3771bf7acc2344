/** Pure: which tracks of the file stand in a playlist, read from the paths that protocol/stream-url.ts writes. */
import { readP2pPath } from '#protocol/p2p-signalling.ts'
import { readStreamPath, type StreamResource } from '#protocol/stream-url.ts'

/** The master playlist that a plan names; undefined for the file itself, and for what is none. */
export function masterIn(resource: string | undefined): Extract<StreamResource, { kind: 'master' }> | undefined {
  const read = resource === undefined ? undefined : readStreamPath(`/api/stream/any/${resource}`)?.resource
  return read?.kind === 'master' ? read : undefined
}

/** Ids of the audio tracks in a master playlist, in its order; `resource` as in PlayPlan. Empty for the file itself. */
export function audioTracksIn(resource: string | undefined): number[] {
  const ids = (masterIn(resource)?.renditions ?? []).flatMap((rendition) =>
    rendition.kind === 'audio' ? [rendition.trackId] : [],
  )
  return [...new Set(ids)]
}

/** The audio track of a media playlist's URL; undefined when it is none of ours. */
export function audioTrackOf(url: string): number | undefined {
  if (!URL.canParse(url)) return undefined
  const { pathname } = new URL(url)
  const resource = readStreamPath(readP2pPath(pathname)?.path ?? pathname)?.resource
  return resource?.kind === 'playlist' && resource.rendition.kind === 'audio' ? resource.rendition.trackId : undefined
}

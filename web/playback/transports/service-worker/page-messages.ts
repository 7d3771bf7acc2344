/** What the service worker and a page say to each other about one request of a video element, through a port of its own. */

/** Comes with the port. `url` is the stream's address for this page (`WayHome.url`), or beneath it. */
export type ToPage = { type: 'home-request'; url: string; method: string; headers: Record<string, string> }

/** `pull`: the element has taken the last chunk. `cancel`: it wants no more. */
export type PullOrCancel = { type: 'pull' } | { type: 'cancel' }

/** A head, then a chunk for each pull, then its end. */
export type FromPage =
  | { type: 'head'; status: number; headers: Record<string, string> }
  | { type: 'chunk'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'end' }
  | { type: 'failed' }

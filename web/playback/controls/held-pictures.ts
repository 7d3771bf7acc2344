/** Small pictures of films, each fetched once and kept for a while; what is on its way gives way to a seek. */
import { homeFetch } from '../transports/ways-home.ts'

const KEPT = 80

/** Fetched as bytes and shown from a blob: the page's policy lets pictures come from no other machine in the house. */
const held = new Map<string, Promise<string | undefined>>()
const onTheirWay = new Set<AbortController>()

/** A URL for an image; undefined when there is none, or when it was left. `key` names the picture, whatever its URL. */
export function pictureOf(key: string, url: string): Promise<string | undefined> {
  const known = held.get(key)
  if (known) return known
  const leaving = new AbortController()
  onTheirWay.add(leaving)
  const picture = homeFetch(url, { signal: leaving.signal })
    .then(async (response) => (response.ok ? URL.createObjectURL(await response.blob()) : undefined))
    .catch(() => undefined)
    .finally(() => onTheirWay.delete(leaving))
  held.set(key, picture)
  // It may have been asked for again since it was left.
  void picture.then((made) => made === undefined && held.get(key) === picture && held.delete(key))
  for (const [old, was] of held) {
    if (held.size <= KEPT) break
    held.delete(old)
    void was.then((made) => made !== undefined && URL.revokeObjectURL(made))
  }
  return picture
}

/** For a seek: home makes pictures on the processor that sends the film, and often the same one shows it. */
export function leavePictures(): void {
  for (const one of onTheirWay) one.abort()
}

/** The only place that builds or reads the path of a stream; the same path on every transport. */
import * as z from 'zod'

/** What stands beneath a token: the file itself (by ranges), or its live status (an event stream). */
export const StreamResource = z.enum(['file', 'status'])
export type StreamResource = z.infer<typeof StreamResource>

/** How a URL reaches home; the player prefers them in this order. */
export const Transport = z.enum(['direct', 'relay'])
export type Transport = z.infer<typeof Transport>

/** A way to reach a stream: the base URL of the stream, without a trailing slash. */
export const StreamUrl = z.object({ transport: Transport, url: z.url() })
export type StreamUrl = z.infer<typeof StreamUrl>

const prefix = '/api/stream/'

/** `/api/stream/:token`, or a resource beneath it. */
export function streamPath(token: string, resource: StreamResource = 'file'): string {
  return resource === 'file' ? `${prefix}${token}` : `${prefix}${token}/${resource}`
}

/** Token and resource of a path, or undefined when it is not a stream's path. A query is not part of a path. */
export function readStreamPath(path: string): { token: string; resource: StreamResource } | undefined {
  if (!path.startsWith(prefix)) return undefined
  const [token, resource = 'file', ...rest] = path.slice(prefix.length).split('/')
  const parsed = StreamResource.safeParse(resource)
  if (!token || !/^[A-Za-z0-9_.-]{1,4096}$/.test(token) || rest.length > 0 || !parsed.success) return undefined
  if (path.endsWith('/file')) return undefined
  return { token, resource: parsed.data }
}

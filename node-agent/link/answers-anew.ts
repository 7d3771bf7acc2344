/** Whether the edge answers over a connection of its own, whatever has become of those that are open. */
import { once } from 'node:events'
import { get as httpGet } from 'node:http'
import { get as httpsGet } from 'node:https'

/** True whatever its answer is. Rejects when there is none, or with the signal's reason. */
export async function answersAnew(edgeUrl: string, signal: AbortSignal): Promise<boolean> {
  const get = edgeUrl.startsWith('https:') ? httpsGet : httpGet
  // `agent: false`: none of the connections that are kept.
  const request = get(`${edgeUrl}/health`, { agent: false, signal })
  const [response] = await once(request, 'response', { signal })
  response.resume()
  return true
}

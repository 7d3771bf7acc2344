/** Where data channels may be reached: no further than the agent's own server is. */
import { isIP } from 'node:net'

/** Undefined for every address of this machine. A name is this machine's own alone: what else it may mean nobody says. */
export function boundTo(httpHost: string): string | undefined {
  if (httpHost === '0.0.0.0' || httpHost === '::') return undefined
  return isIP(httpHost) === 0 ? '127.0.0.1' : httpHost
}

/** The operator's STUN and TURN servers, from a browser's words into those of libdatachannel. */
import type { IceServer as NativeServer } from 'node-datachannel'
import type { IceServer } from '#protocol/p2p-signalling.ts'

const url = /^(stun|turn):([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/
const DEFAULT_PORT = 3478

/** Those that home can use: STUN and TURN over UDP. TURN over TCP or TLS is the browser's, on whose side UDP is blocked. */
export function nativeServers(servers: readonly IceServer[]): NativeServer[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.flatMap((text): NativeServer[] => {
      const [, scheme, hostname = '', port, transport] = url.exec(text) ?? []
      if (scheme === undefined || transport === 'tcp') return []
      const where = { hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port ?? DEFAULT_PORT) }
      if (scheme === 'stun') return [where]
      if (username === undefined || credential === undefined) return []
      return [{ ...where, username, password: credential, relayType: 'TurnUdp' }]
    }),
  )
}

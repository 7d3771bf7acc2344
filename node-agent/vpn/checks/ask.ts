/** Asks a service what it sees of us: from the address that peers will see, bounded in time and bytes, led nowhere else. */
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { createBoundLookup } from '../bound-lookup.ts'

/** The body of a 200; rejects with whatever else happened. */
export type Ask = (address: string, signal: AbortSignal) => Promise<string>

const MOST_BYTES = 16 * 1024
const PATIENCE_MILLISECONDS = 4000

/** `from`: the address that peers' sockets are bound to; undefined is any. It is asked while the door is still shut. */
export function createAsk(
  from: () => string | undefined,
  nameServers?: readonly string[],
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Ask {
  return async (address, given) => {
    const url = new URL(address)
    const signal = AbortSignal.any([given, AbortSignal.timeout(patienceMilliseconds)])
    const localAddress = from()
    const bound =
      localAddress === undefined
        ? {}
        : { localAddress, family: 4, lookup: createBoundLookup(localAddress, nameServers, signal) }
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
        // A connection kept from before the VPN changed would tell of then.
        agent: false,
        headers: { accept: 'application/json, text/plain', 'accept-encoding': 'identity' },
        maxHeaderSize: 16 * 1024,
        signal,
        ...bound,
      })
      request.once('error', reject)
      request.once('response', async (response) => {
        try {
          // A redirect as well: what answers there was not asked.
          if (response.statusCode !== 200) throw new Error(`${url.hostname} answers ${response.statusCode}`)
          const chunks: Buffer[] = []
          let sizeBytes = 0
          for await (const chunk of response as AsyncIterable<Buffer>) {
            sizeBytes += chunk.length
            if (sizeBytes > MOST_BYTES) throw new Error(`${url.hostname} answers without end`)
            chunks.push(chunk)
          }
          resolve(Buffer.concat(chunks).toString('utf8'))
        } catch (error) {
          response.destroy()
          reject(error as Error)
        }
      })
      request.end()
    })
  }
}

/** How browsers reach this agent over HTTPS: its certificate, the door that uses it, the names, and the router's port. */
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { NamesAnswer, type NamesRequest } from '#protocol/agent-names.ts'
import type { CertificateStatus } from '#protocol/capabilities.ts'
import { openCertificateStore } from './certificate/certificate-store.ts'
import { createCertificateKeeper } from './certificate/keep-certificate.ts'
import { addressesIn, announced, globalIpv6, namedOrigins } from './certificate/named-origins.ts'
import { createOrderCertificate } from './certificate/order-certificate.ts'
import type { AgentConfig } from './config.ts'
import { createPortMapping } from './gateway/port-mapping.ts'
import { waysToMap } from './gateway/ways-to-map.ts'
import { type HttpServer, startHttpServer } from './http/server.ts'
import type { HttpHandle } from './http-exchange.ts'
import type { Log } from './log.ts'

export type Reach = {
  /** All that browsers are told, best first; `plain` are the origins of the plain door. */
  origins: (plain: readonly string[]) => string[]
  /** Undefined when the agent is to have no certificate of its own. */
  status: () => CertificateStatus | undefined
  /** Sees to names and certificate for the addresses behind these origins. Never rejects. */
  tend: (plain: readonly string[], signal: AbortSignal) => Promise<void>
  close: () => Promise<void>
}

type Surroundings = {
  handle: HttpHandle
  /** Signed, to the edge; resolves with its answer. */
  post: (path: string, body: unknown, signal: AbortSignal) => Promise<unknown>
  appOrigin: () => string | undefined
  /** Epoch seconds. */
  now: () => number
  log: Log
}

export async function startReach(config: AgentConfig, surroundings: Surroundings): Promise<Reach> {
  const ipv6 = () => (config.addresses ? [] : globalIpv6(config.httpHost, networkInterfaces()))
  if (!config.acme) {
    return {
      origins: (plain) => announced(plain, [], undefined),
      status: () => undefined,
      tend: async () => undefined,
      close: async () => undefined,
    }
  }
  const { handle, post, appOrigin, now, log } = surroundings
  let server: HttpServer | undefined
  const mapping = createPortMapping(config.portMapping ? waysToMap() : [], now, log)
  const inside = (plain: readonly string[]) => [...new Set([...addressesIn(plain), ...ipv6()])]
  const wanted = (plain: readonly string[]) => {
    const outside = mapping.outside()
    return outside ? [...inside(plain), outside.address] : inside(plain)
  }
  const publish = async (names: NamesRequest, signal: AbortSignal) =>
    NamesAnswer.parse(await post('/api/agents/names', names, signal))
  const keeper = await createCertificateKeeper({
    ...{ publish, now, log, random: Math.random },
    store: openCertificateStore(join(config.stateDir, 'certificate')),
    order: createOrderCertificate({
      directoryUrl: config.acmeDirectory,
      ...{ email: config.acmeEmail, settleSeconds: config.acmeSettleSeconds },
    }),
    async onCertificate({ pem }) {
      const tls = { cert: Buffer.from(pem), key: Buffer.from(pem) }
      if (server) return server.renew(tls)
      const where = { host: config.httpHost, port: config.httpsPort, tls, portSetting: 'PORCHLIGHT_HTTPS_PORT' }
      server = await startHttpServer(handle, where, log)
      log.info('https_started', { port: server.port })
    },
  })
  return {
    origins(plain) {
      const [said, held] = [keeper.published(), keeper.certificate()]
      if (!server || !said || held?.domain !== said.domain || held.notAfter <= now())
        return announced(plain, [], undefined)
      const { port } = server
      const [isNamed, outside] = [(address: string) => said.addresses.includes(address), mapping.outside()]
      const named = namedOrigins(inside(plain).filter(isNamed), said.domain, port)
      const mapped = outside && isNamed(outside.address) ? [outside.address] : []
      return announced(plain, [...named, ...namedOrigins(mapped, said.domain, outside?.port ?? port)], appOrigin())
    },
    status() {
      const [held, trouble] = [keeper.certificate(), keeper.problem()]
      return {
        state: held ? 'held' : 'none',
        ...(held && { expiresAt: held.notAfter }),
        ...(trouble && { problem: trouble.problem, retryAt: trouble.retryAt }),
      }
    },
    async tend(plain, signal) {
      if (config.portMapping && server) await mapping.tend(server.port)
      await keeper.tend(wanted(plain), signal)
    },
    async close() {
      await mapping.close()
      await server?.close()
    },
  }
}

/** What the agent keeps of its certificate: the account's key, the certificate with its key, and when to try again. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { parseJson } from '../parse-json.ts'
import { freshMemory, type Held, type OrderMemory } from './when-to-order.ts'

/** Key and chain in one text, so that they are never of two certificates. */
export type KeptCertificate = Held & { pem: string }

const Memory = z.object({
  failures: z.int().nonnegative(),
  restUntil: z.number(),
  problem: z.enum(['rate_limited', 'challenge_refused', 'names_refused', 'authority_away', 'failed']).optional(),
})
const Published = z.object({ domain: z.string(), addresses: z.array(z.string()), at: z.number() })
/** What the edge has published for this agent, and when (epoch seconds). */
export type Published = z.infer<typeof Published>

export type CertificateStore = ReturnType<typeof openCertificateStore>

/** Files of mode 600 in a directory of mode 700; each is replaced as a whole. What cannot be read is as good as none. */
export function openCertificateStore(directory: string) {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  chmodSync(directory, 0o700)
  const read = (name: string): string | undefined => {
    try {
      return readFileSync(join(directory, name), 'utf8')
    } catch {
      return undefined
    }
  }
  const write = (name: string, text: string): void => {
    writeFileSync(join(directory, `${name}.new`), text, { mode: 0o600 })
    renameSync(join(directory, `${name}.new`), join(directory, name))
  }
  return {
    certificate: (): KeptCertificate | undefined => readCertificate(read('certificate.pem')),
    keepCertificate: (pem: string): void => write('certificate.pem', pem),
    accountKey: (): string | undefined => read('account.key'),
    keepAccountKey: (pem: string): void => write('account.key', pem),
    memory(): OrderMemory {
      const { problem, ...rest } = Memory.safeParse(parseJson(read('orders.json') ?? '')).data ?? freshMemory
      return { ...rest, ...(problem && { problem }) }
    },
    keepMemory: (memory: OrderMemory): void => write('orders.json', JSON.stringify(memory)),
    published: (): Published | undefined => Published.safeParse(parseJson(read('names.json') ?? '')).data,
    keepPublished: (published: Published): void => write('names.json', JSON.stringify(published)),
  }
}

/** The domain is the one that its wildcard is for. Undefined when the text holds no certificate of ours. */
export function readCertificate(pem: string | undefined): KeptCertificate | undefined {
  if (pem === undefined) return undefined
  try {
    const certificate = new X509Certificate(pem)
    const domain = /DNS:\*\.([a-z0-9.-]+)/.exec(certificate.subjectAltName ?? '')?.[1]
    if (domain === undefined || !certificate.checkPrivateKey(createPrivateKey(pem))) return undefined
    const seconds = (text: string) => Math.floor(Date.parse(text) / 1000)
    return { pem, domain, notBefore: seconds(certificate.validFrom), notAfter: seconds(certificate.validTo) }
  } catch {
    return undefined
  }
}

/** Keeps the agent's names and its certificate as they should be: one look at a time, whenever it is told to look. */
import type { NamesAnswer, NamesRequest } from '#protocol/agent-names.ts'
import { MOST_NAMED_ADDRESSES } from '#protocol/agent-names.ts'
import { AppError } from '#protocol/errors.ts'
import type { Log } from '../log.ts'
import { OrderFailure } from './acme-client.ts'
import type { CertificateStore, KeptCertificate, Published } from './certificate-store.ts'
import { readCertificate } from './certificate-store.ts'
import { newAccountKey, type OrderCertificate } from './order-certificate.ts'
import { afterFailure, freshMemory, nextStep, type OrderMemory, type OrderProblem } from './when-to-order.ts'

export type KeepOptions = {
  store: CertificateStore
  /** Signed, to the edge. Throws its refusals. */
  publish: (names: NamesRequest, signal: AbortSignal) => Promise<NamesAnswer>
  order: OrderCertificate
  /** There is a new certificate, or one was found on disk. */
  onCertificate: (certificate: KeptCertificate) => Promise<void>
  /** Epoch seconds, by the edge's clock. */
  now: () => number
  random: () => number
  log: Log
}

export type CertificateKeeper = {
  /** Publishes these addresses, and orders when it is time. Never rejects; what failed is in `problem`. */
  tend: (addresses: readonly string[], signal: AbortSignal) => Promise<void>
  /** Domain and addresses that have names now, by the edge's last word. */
  published: () => Published | undefined
  certificate: () => KeptCertificate | undefined
  problem: () => { problem: OrderProblem; retryAt: number } | undefined
}

/** What stands in the zone is said again once a day: somebody may have tidied it. */
const PUBLISH_AGAIN_SECONDS = 24 * 3600

export async function createCertificateKeeper(options: KeepOptions): Promise<CertificateKeeper> {
  const { store, now, log } = options
  let certificate = store.certificate()
  let published = store.published()
  let memory = store.memory()
  /** Of publishing alone, which goes on while orders rest: an address may change at any time. */
  let naming = freshMemory
  if (certificate) await options.onCertificate(certificate)

  const say = async (wanted: readonly string[], challenges: string[], signal: AbortSignal): Promise<Published> => {
    const addresses = wanted.slice(0, MOST_NAMED_ADDRESSES)
    const { name: domain } = await options.publish({ addresses, challenges }, signal)
    published = { domain, addresses, at: now() }
    store.keepPublished(published)
    return published
  }

  const isSaid = (addresses: readonly string[]) =>
    published !== undefined &&
    published.addresses.join() === addresses.slice(0, MOST_NAMED_ADDRESSES).join() &&
    now() - published.at < PUBLISH_AGAIN_SECONDS

  const told = (failed: OrderMemory, cause: unknown) => {
    const delaySeconds = Math.round(failed.restUntil - now())
    log.warn('certificate_failed', {
      reason: failed.problem,
      code: codeOf(cause),
      attempt: failed.failures,
      delaySeconds,
    })
  }

  const orderOne = async (domain: string, addresses: readonly string[], signal: AbortSignal) => {
    const accountKey = store.accountKey() ?? (await newAccountKey())
    store.keepAccountKey(accountKey)
    const publish = (challenges: string[]) => say(addresses, challenges, signal)
    const pem = await options.order({ domain, accountKey, publish, signal })
    const made = readCertificate(pem)
    if (!made || made.domain !== domain) throw new OrderFailure('failed', { cause: new Error('not what was ordered') })
    store.keepCertificate(pem)
    certificate = made
    memory = freshMemory
    store.keepMemory(memory)
    log.info('certificate_ordered', { delaySeconds: made.notAfter - Math.floor(now()) })
    await options.onCertificate(made)
  }

  /** The domain, once the edge has published these addresses; undefined while it does not. */
  const domainFor = async (addresses: readonly string[], signal: AbortSignal): Promise<string | undefined> => {
    if (published && isSaid(addresses)) return published.domain
    if (naming.restUntil > now()) return undefined
    try {
      const { domain } = await say(addresses, [], signal)
      naming = freshMemory
      return domain
    } catch (error) {
      if (signal.aborted) return undefined
      naming = afterFailure(naming, { problem: 'names_refused' }, now(), options.random())
      told(naming, error)
      return undefined
    }
  }

  const look = async (addresses: readonly string[], signal: AbortSignal) => {
    const domain = await domainFor(addresses, signal)
    if (domain === undefined || nextStep(domain, certificate, memory, now()).do === 'rest') return
    try {
      await orderOne(domain, addresses, signal)
    } catch (error) {
      if (signal.aborted) return
      const failure = error instanceof OrderFailure ? error : new OrderFailure('failed', { cause: error })
      memory = afterFailure(memory, failure, now(), options.random())
      store.keepMemory(memory)
      told(memory, failure.cause)
      if (failure.problem === 'failed') log.error('certificate_error', failure)
    }
  }

  let running: Promise<void> | undefined
  return {
    tend: (addresses, signal) => {
      running ??= look(addresses, signal).finally(() => {
        running = undefined
      })
      return running
    },
    published: () => published,
    certificate: () => certificate,
    problem() {
      const { problem, restUntil } = memory.problem ? memory : naming
      return problem && { problem, retryAt: restUntil }
    },
  }
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : undefined)

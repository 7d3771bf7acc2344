/** One order of a certificate (RFC 8555, DNS-01): the key is made here and stays here; the edge publishes the proof. */
import { type Acme, loadAcme, OrderFailure } from './acme-client.ts'
import type { OrderProblem } from './when-to-order.ts'

export type OrderOptions = {
  directoryUrl: string
  email: string | undefined
  /** How long the zone's servers need until all of them show what was published. */
  settleSeconds: number
}

export type Order = {
  domain: string
  /** Of the account, PEM. */
  accountKey: string
  /** Replaces the values that stand at `_acme-challenge.<domain>`; rejects when they could not be published. */
  publish: (challenges: string[]) => Promise<unknown>
  signal: AbortSignal
}

export type OrderCertificate = (order: Order) => Promise<string>

export const newAccountKey = async (): Promise<string> =>
  String(await (await loadAcme()).crypto.createPrivateEcdsaKey('P-256'))

/** Returns key and chain as one PEM text. Throws `OrderFailure` and nothing else; the proof is gone afterwards. */
export const createOrderCertificate =
  ({ directoryUrl, email, settleSeconds }: OrderOptions): OrderCertificate =>
  async ({ domain, accountKey, publish, signal }) => {
    const acme = await loadAcme()
    const client = new acme.Client({ directoryUrl, accountKey, ...patience })
    const step = <Value>(problem: OrderProblem, work: () => Promise<Value>): Promise<Value> => {
      if (signal.aborted) throw new OrderFailure('failed', { cause: signal.reason })
      return work().catch((cause: unknown) => {
        throw cause instanceof OrderFailure ? cause : new OrderFailure(problem, { cause })
      })
    }
    await step('failed', () =>
      client.createAccount({ termsOfServiceAgreed: true, ...(email && { contact: [`mailto:${email}`] }) }),
    )
    const identifiers = [{ type: 'dns', value: `*.${domain}` }]
    const order = await step('failed', () => client.createOrder({ identifiers }))
    const authorizations = await step('failed', () => client.getAuthorizations(order))
    const challenges = authorizations
      .filter(({ status }) => status === 'pending')
      .flatMap((authorization) => authorization.challenges.filter(({ type }) => type === 'dns-01'))
    if (challenges.length > 0) {
      const values = await Promise.all(challenges.map((challenge) => client.getChallengeKeyAuthorization(challenge)))
      await step('names_refused', () => publish(values))
      try {
        await settled(settleSeconds, signal)
        for (const challenge of challenges) {
          await step('challenge_refused', () => client.completeChallenge(challenge))
          await step('challenge_refused', () => client.waitForValidStatus(challenge))
        }
      } finally {
        // Left behind it does no harm, and the next publication of names takes it away.
        await publish([]).catch(() => undefined)
      }
    }
    return step('failed', async () => {
      const [key, csr] = await newKey(acme, domain)
      const chain = await client.getCertificate(await client.finalizeOrder(order, csr))
      return `${key}\n${chain}`
    })
  }

/** Of waiting for the authority to make up its mind, in milliseconds: a minute in all. */
const patience = { backoffAttempts: 15, backoffMin: 500, backoffMax: 5000 }

const newKey = async ({ crypto }: Acme, domain: string): Promise<[string, Buffer]> => {
  const [key, csr] = await crypto.createCsr({ altNames: [`*.${domain}`] }, await crypto.createPrivateEcdsaKey('P-256'))
  return [String(key).trim(), csr]
}

async function settled(seconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, seconds * 1000)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(timer)
}

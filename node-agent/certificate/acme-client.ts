/** acme-client with bounds: left alone it waits for ever, asks again by itself, and does not say why it was refused. */
import * as z from 'zod'
import { retryAfterSeconds } from '../retry-after.ts'
import { softwareVersion } from '../version.ts'
import type { OrderProblem } from './when-to-order.ts'

/** A request to an authority; an order is some ten of them. */
const ANSWER_MS = 20_000
const MOST_BYTES = 512 * 1024

/** Why there is no certificate, and how long the authority asks to be left alone. */
export class OrderFailure extends Error {
  override readonly name = 'OrderFailure'
  readonly problem: OrderProblem
  readonly retryAfterSeconds: number | undefined

  constructor(problem: OrderProblem, options: { retryAfterSeconds?: number | undefined; cause?: unknown } = {}) {
    super(`no certificate: ${problem}`, { cause: options.cause })
    this.problem = problem
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

export type Acme = typeof import('acme-client')

let loaded: Promise<Acme> | undefined
/** Loaded when it is first needed, which in most homes is never. */
export const loadAcme = (): Promise<Acme> => {
  loaded ??= import('acme-client').then(bounded)
  return loaded
}

function bounded(acme: Acme): Acme {
  const { defaults, interceptors } = acme.axios
  defaults.timeout = ANSWER_MS
  defaults.maxContentLength = MOST_BYTES
  defaults.maxRedirects = 0
  defaults.headers.common['User-Agent'] = `Porchlight/${softwareVersion} acme-client`
  // Whether and when to ask again is decided by when-to-order.ts, not by a library that sleeps.
  Object.assign(defaults, { acmeSettings: { ...settingsOf(defaults), retryMaxAttempts: 0 } })
  interceptors.response.use(
    (response) => {
      refuseLimits(response.status, response.data, response.headers['retry-after'])
      return response
    },
    (cause: unknown) => {
      throw new OrderFailure('authority_away', { cause })
    },
  )
  return acme
}

const settingsOf = (defaults: object): object => ('acmeSettings' in defaults ? Object(defaults.acmeSettings) : {})

const Problem = z.object({ type: z.string() })

/** RFC 8555 §6.6: a limit is told by its problem type, and by Retry-After when it ends. */
function refuseLimits(status: number, data: unknown, retryAfter: unknown): void {
  const isLimit = status === 429 || Problem.safeParse(data).data?.type.endsWith(':rateLimited') === true
  if (!isLimit && status < 500) return
  throw new OrderFailure(isLimit ? 'rate_limited' : 'authority_away', {
    retryAfterSeconds: retryAfterSeconds(typeof retryAfter === 'string' ? retryAfter : undefined, Date.now()),
    cause: new Error(`the authority answered ${status}`),
  })
}

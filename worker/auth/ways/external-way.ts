/** What a way in that leads elsewhere is: a walk to a provider and back, or a code typed in over there. */
import type { FetchLike } from './guarded-fetch.ts'
import type { WaySettings } from './way-settings.ts'

/** Somebody's account elsewhere, as its provider described it just now. */
export type ExternalAccount = {
  /** Who says so, and their name for the account: together the key of an identity. */
  issuer: string
  subject: string
  /** What its owner calls it. */
  label: string
  displayName: string
  /** Lower case and NFC; null when there is none that reads as an address. */
  email: string | null
  /** The provider checked that address, and is one that can know. */
  isEmailProven: boolean
  /** The provider says that they belong to this household. */
  isMember: boolean
  /** What lets us ask the provider more later on; null when nothing needs it. */
  token: string | null
}

/** What a way is given: settings, a guarded fetch, the clock (epoch seconds), and where the provider sends people back. */
export type WayMoment = { env: WaySettings; fetch: FetchLike; now: number; redirectUri: string }

type Way = {
  /** In addresses and in the audit: `[a-z0-9-]`, up to 40. */
  id: string
  label: string
  /** The higher comes first on the page. */
  priority: number
  /** Beside 443, where the operator's own address for it names one. */
  ports?: string[]
}

/** What must be remembered until the person is back; sealed in the transaction. */
export type CodeMemory = { state: string; nonce: string; verifier: string; issuer: string }
export type DeviceMemory = { secret: string; intervalSeconds: number }

export type RedirectWay = Way & {
  kind: 'redirect'
  begin: (moment: WayMoment) => Promise<{ url: URL; memory: CodeMemory }>
  /** `answer` is the query the person came back with. Throws `way_refused`, `way_unavailable`. */
  finish: (moment: WayMoment, memory: CodeMemory, answer: URLSearchParams) => Promise<ExternalAccount>
}

export type DeviceWay = Way & {
  kind: 'device'
  begin: (moment: WayMoment) => Promise<{
    userCode: string
    verificationUrl: string
    expiresInSeconds: number
    memory: DeviceMemory
  }>
  /** Throws `way_refused`, `link_over`, `way_unavailable`. */
  poll: (moment: WayMoment, memory: DeviceMemory) => Promise<ExternalAccount | 'pending' | 'slow_down'>
}

export type ExternalWay = RedirectWay | DeviceWay

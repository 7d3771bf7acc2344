/** Whether this page may ask an address in the local network, which Chrome lets a person decide, once. */
import type { StreamUrl } from '#protocol/stream-url.ts'
import { isLocalHost } from './local-address.ts'

/** As `navigator.permissions` says it; `unknown` in browsers that have no such permission, `pending` until it has said so. */
export type LocalPermission = PermissionState | 'unknown' | 'pending'
export type LocalVerdict = 'go' | 'explain' | 'leave_out'

type Asked = {
  page: Pick<Location, 'protocol' | 'hostname'>
  url: string
  permission: LocalPermission
  /** What the person said to our own explanation. */
  said: 'yes' | 'not_now' | undefined
}

/** Pure: a page from the public network that reaches into a local one makes the browser ask; it is explained before. */
export function mayReach({ page, url, permission, said }: Asked): LocalVerdict {
  const isAsked = page.protocol === 'https:' && !isLocalHost(page.hostname) && isLocalHost(new URL(url).hostname)
  if (!isAsked || permission === 'granted' || permission === 'unknown') return 'go'
  if (permission !== 'prompt' || said === 'not_now') return 'leave_out'
  return said === 'yes' ? 'go' : 'explain'
}

/** Whether a person has to hear what their browser will ask, before one of these addresses can be tried. */
export const isExplanationDue = (urls: readonly StreamUrl[], { verdict }: Pick<LocalNetwork, 'verdict'>): boolean =>
  urls.some(({ transport, url }) => transport === 'direct' && verdict(url) === 'explain')

const SAID_KEY = 'porchlight.local-network'
/** Chrome 145 and later, and before it. */
const names = ['local-network', 'local-network-access']

export class LocalNetwork {
  #permission: LocalPermission = 'pending'
  #hasSaidYes = false
  #listeners = new Set<() => void>()
  /** Resolves once the browser has said what it allows. */
  readonly known: Promise<void>

  constructor() {
    this.known = this.#query()
  }

  verdict = (url: string): LocalVerdict =>
    mayReach({ page: location, url, permission: this.#permission, said: this.#said() })

  /** `isWanted`: the browser may ask now. Else it is not asked again, and another way is taken. */
  say(isWanted: boolean): void {
    if (isWanted) this.#hasSaidYes = true
    else localStorage.setItem(SAID_KEY, 'not_now')
    this.#tell()
  }

  subscribe(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener)
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true })
  }

  /** Resolves when the answer to some address may be another. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.subscribe(resolve, signal)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }

  #said(): Asked['said'] {
    if (this.#hasSaidYes) return 'yes'
    return localStorage.getItem(SAID_KEY) === 'not_now' ? 'not_now' : undefined
  }

  async #query(): Promise<void> {
    for (const name of names) {
      try {
        const status = await navigator.permissions.query({ name: name as PermissionName })
        const take = () => {
          this.#permission = status.state
          this.#tell()
        }
        status.addEventListener('change', take)
        return take()
      } catch {
        // This browser does not know it by that name.
      }
    }
    this.#permission = 'unknown'
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

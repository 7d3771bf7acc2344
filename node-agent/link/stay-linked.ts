/** Keeps this agent one of the household's: pairs it when it is not, connects it when it is, for as long as it runs. */

import { keyFingerprint } from '#protocol/agent-proof.ts'
import type { Capabilities } from '#protocol/capabilities.ts'
import type { ErrorData } from '#protocol/errors.ts'
import type { Log } from '../log.ts'
import type { SettingsState } from '../state/settings-state.ts'
import type { Handle } from './answer.ts'
import type { EdgeClock } from './edge-clock.ts'
import { HubLink, type LinkState, type Welcome } from './hub-link.ts'
import type { IdentityKey } from './identity-key.ts'
import { pair } from './pair.ts'
import { reconnectDelaySeconds } from './reconnect-delay.ts'
import { pairingText } from './show-code.ts'

export type StayLinkedOptions = {
  edgeUrl: string
  name: string
  softwareVersion: string
  localPairingSecret: string | undefined
  key: IdentityKey
  state: SettingsState
  clock: EdgeClock
  capabilities: () => Capabilities
  handle: Handle
  /** Keys and app origin are in the state by then. `signal` ends with the connection's successor. */
  onWelcome: (welcome: Welcome, signal: AbortSignal) => void
  /** This agent is nobody's any more. */
  onRemoved: () => void
  /** Lines for the person at the terminal. */
  say: (text: string) => void
  log: Log
  fetch: typeof fetch
  delaySeconds?: (attempt: number, fights: number) => number
  /** The machine's own addresses, as one text. */
  addresses?: () => string
  /** Whether the machine has this address now. */
  hasAddress?: (address: string) => boolean
  /** Whether somebody watches a film from here. */
  isWatched?: () => boolean
}

export type Linked = {
  state(): LinkState | 'unpaired'
  changed(capabilities: Capabilities): void
  close(): Promise<void>
}

const patiently = (attempt: number, fights: number) => reconnectDelaySeconds(attempt, Math.random(), fights)

export function stayLinked(options: StayLinkedOptions): Linked {
  const { state, key, log, say } = options
  const stop = new AbortController()
  let link: HubLink | undefined
  let visit = new AbortController()
  /** Whoever removed an agent that was connected meant it: the machine's own secret does not bring it back. */
  let wasWelcome = false

  const pairNow = async (): Promise<string> => {
    const fingerprint = await keyFingerprint(key.publicKey)
    const localSecret = wasWelcome ? undefined : options.localPairingSecret
    const { name, softwareVersion, edgeUrl, fetch } = options
    const { agentId, verificationKeys } = await pair({
      edgeUrl,
      request: { publicKey: key.publicKey, name, softwareVersion, ...(localSecret ? { localSecret } : {}) },
      show: (answer) => say(pairingText(answer, name, fingerprint)),
      fetch,
      log,
      signal: stop.signal,
    })
    state.replaceVerificationKeys(verificationKeys)
    state.set('agentId', agentId)
    say(`"${name}" is paired.`)
    return agentId
  }

  const welcomed = (welcome: Welcome) => {
    wasWelcome = true
    state.replaceVerificationKeys(welcome.verificationKeys)
    state.set('appOrigin', welcome.appOrigin)
    visit.abort()
    visit = new AbortController()
    options.onWelcome(welcome, AbortSignal.any([visit.signal, stop.signal]))
  }

  /** Resolves when the edge does not know this agent any more. */
  const connect = (agentId: string) =>
    new Promise<ErrorData>((resolve) => {
      const {
        edgeUrl,
        clock,
        capabilities,
        handle,
        delaySeconds = patiently,
        addresses,
        hasAddress,
        isWatched,
      } = options
      link = new HubLink({
        ...{ edgeUrl, agentId, key, capabilities, handle, delaySeconds, log },
        now: clock.now,
        ...(addresses && { addresses }),
        ...(hasAddress && { hasAddress }),
        ...(isWatched && { isWatched }),
        onEdgeTime: (edgeTime) => state.set('clockOffsetSeconds', String(clock.heard(edgeTime))),
        onWelcome: welcomed,
        onRemoved: resolve,
      })
      link.start()
    })

  const run = async () => {
    for (;;) {
      const error = await connect(state.get('agentId') ?? (await pairNow()))
      link = undefined
      visit.abort()
      state.clear('agentId')
      log.warn('pairing_removed', { code: error.code })
      options.onRemoved()
      say(`This agent was removed from your Porchlight (${error.message}) It serves nobody now. To pair it again:`)
    }
  }
  const running = run().catch((error: unknown) => {
    if (!stop.signal.aborted) log.error('link_failed', error)
  })
  return {
    state: () => link?.state ?? 'unpaired',
    changed: (capabilities) => link?.changed(capabilities),
    async close() {
      stop.abort(new Error('the agent stops'))
      visit.abort()
      link?.close()
      // A link that is connected waits for its removal, which does not come any more.
      if (!link) await running
    },
  }
}

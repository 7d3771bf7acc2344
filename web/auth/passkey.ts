/** Passkeys in this browser: asking for one, making one. The library comes only when it is needed. */

import { PasskeyFailed } from '../failure.ts'
import type { NewPasskey, PasskeyAnswer } from '../identity-api.ts'

const library = () => import('@simplewebauthn/browser')
type Library = Awaited<ReturnType<typeof library>>
type AskOptions = Parameters<Library['startAuthentication']>[0]['optionsJSON']
type MakeOptions = Parameters<Library['startRegistration']>[0]['optionsJSON']

/** What the edge answers with: the JSON forms of WebAuthn Level 3. */
export type PasskeyOptions = Record<string, unknown>

/** A passkey belongs to a name: at an address of numbers, as on the Wi-Fi, there is none (WebAuthn §5.1.3: a valid domain). */
export const canHavePasskeys = (hostname: string): boolean => !hostname.startsWith('[') && !/^[\d.]+$/.test(hostname)

export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && canHavePasskeys(location.hostname)

/** Whether the browser offers passkeys in the field where the address is typed. */
export const canOfferInField = async (): Promise<boolean> =>
  hasPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true

/** Throws PasskeyFailed. `inField`: waits quietly until one is chosen there; anything newer ends the wait. */
export async function askPasskey(options: PasskeyOptions, { inField = false } = {}): Promise<PasskeyAnswer> {
  const { startAuthentication } = await library()
  const optionsJSON = options as unknown as AskOptions
  return startAuthentication({ optionsJSON, useBrowserAutofill: inField }).then(
    (answer) => answer as PasskeyAnswer,
    fail,
  )
}

/** Throws PasskeyFailed. */
export async function makePasskey(options: PasskeyOptions): Promise<NewPasskey> {
  const { startRegistration } = await library()
  return startRegistration({ optionsJSON: options as unknown as MakeOptions }).then(
    (answer) => answer as NewPasskey,
    fail,
  )
}

/** Ends a wait in the field, when the page is left. */
export async function stopAsking(): Promise<void> {
  const { WebAuthnAbortService } = await library()
  WebAuthnAbortService.cancelCeremony()
}

function fail(cause: unknown): never {
  const isThere = cause instanceof Error && cause.name === 'InvalidStateError'
  throw new PasskeyFailed(isThere ? 'passkey_there' : 'passkey_unused', { cause })
}

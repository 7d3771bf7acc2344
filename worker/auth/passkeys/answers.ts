/** What passkeys send (WebAuthn Level 3, the JSON forms of its responses), as strict as it may be. */
import * as z from 'zod'

const bytes = (max: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .max(max)
const transports = z.array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])).max(8)
const rest = {
  id: bytes(1400),
  rawId: bytes(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['cross-platform', 'platform']).optional(),
  clientExtensionResults: z.record(z.string(), z.unknown()),
}

export const RegistrationResponse = z.object({
  ...rest,
  response: z.object({
    clientDataJSON: bytes(8000),
    attestationObject: bytes(20_000),
    transports: transports.optional(),
  }),
})
export type RegistrationResponse = z.infer<typeof RegistrationResponse>

export const AuthenticationResponse = z.object({
  ...rest,
  response: z.object({
    clientDataJSON: bytes(8000),
    authenticatorData: bytes(8000),
    signature: bytes(2000),
    userHandle: bytes(100)
      .nullish()
      .transform((handle) => handle ?? undefined),
  }),
})
export type AuthenticationResponse = z.infer<typeof AuthenticationResponse>

const ClientData = z.object({ challenge: bytes(100) })

/** The challenge that an answer says it signed; whether it did is the library's to check. '' for what is none. */
export function challengeIn(clientDataJson: string): string {
  try {
    const text = atob(clientDataJson.replace(/-/g, '+').replace(/_/g, '/'))
    return ClientData.parse(JSON.parse(text)).challenge
  } catch {
    return ''
  }
}

export const PasskeyName = z.string().trim().min(1).max(60)
export const PasskeyParam = z.object({ id: bytes(1400) })
export const PasskeyCard = z.object({
  id: z.string(),
  name: z.string(),
  isBackedUp: z.boolean(),
  createdAt: z.int(),
  lastUsedAt: z.int().nullable(),
})
export const RegisterPasskey = z.strictObject({ name: PasskeyName, response: RegistrationResponse })
export const RenamePasskey = z.strictObject({ name: PasskeyName })
/** Options for `navigator.credentials`, as `@simplewebauthn/browser` takes them. */
export const PasskeyOptions = z.record(z.string(), z.unknown())

/** How a passkey can be reached, as one column holds it. */
import type { generateAuthenticationOptions } from '@simplewebauthn/server'

type Allowed = NonNullable<Parameters<typeof generateAuthenticationOptions>[0]['allowCredentials']>[number]
type Transport = NonNullable<Allowed['transports']>[number]

const known = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const satisfies Transport[]

/** What is not known is left out: it is only a hint. */
export const transportsOf = (column: string): Transport[] =>
  known.filter((transport) => column.split(',').includes(transport))

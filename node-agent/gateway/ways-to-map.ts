/** The ways in which a router can be asked for a port, in the order in which they are tried. */
import { randomBytes } from 'node:crypto'
import { askByUpnp } from './ask-by-upnp.ts'
import { askRouter, CONTROL_PORT } from './ask-router.ts'
import { findRouter } from './default-router.ts'
import type { AskForMapping } from './port-mapping.ts'

/** PCP and NAT-PMP where the system says which router it is, and UPnP, which asks around. */
export function waysToMap(): AskForMapping[] {
  const nonce = randomBytes(12)
  const byControl: AskForMapping = async (wish) => {
    const address = await findRouter()
    return address === undefined ? undefined : askRouter({ address, port: CONTROL_PORT }, wish, nonce)
  }
  return [byControl, (wish) => askByUpnp(wish)]
}

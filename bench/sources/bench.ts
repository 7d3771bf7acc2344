/** Finding what can be played: how quickly names are read, and how soon all is silent without the VPN. */
import { measureParser } from './parser.ts'
import { measureVpnLoss } from './vpn-loss.ts'

measureParser()
await measureVpnLoss()

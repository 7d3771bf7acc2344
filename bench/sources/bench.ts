/** Finding what can be played: how soon, how quickly names and folders are read, and how soon all is silent without the VPN. */
import { measureParser } from './parser.ts'
import { measurePlay } from './play.ts'
import { measureScan } from './scan.ts'
import { measureVpnLoss } from './vpn-loss.ts'

measureParser()
await measurePlay()
await measureScan()
await measureVpnLoss()

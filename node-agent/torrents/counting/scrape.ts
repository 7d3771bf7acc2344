/** One question to one tracker, by whichever way its address says, and into no home that nobody named. */
import { isIP } from 'node:net'
import { isPrivateAddress } from '../../private-address.ts'
import { type AskStrangers, mayLeadHome } from '../swarm/fetch-public.ts'
import { type AskByUdp, httpUrlOf, lookupFor } from '../swarm/guard-udp-trackers.ts'
import type { Scrape } from './count-swarms.ts'
import { MOST_HASHES as MOST_BY_HTTP, scrapeHttp } from './scrape-http.ts'
import { MOST_HASHES as MOST_BY_UDP, scrapeUdp } from './scrape-udp.ts'

export type Strangers = AskStrangers & AskByUdp

/** `patienceMilliseconds`: of each question by UDP, for tests. */
export const createScrape = (strangers: Strangers, patienceMilliseconds?: readonly number[]): Scrape => ({
  mostHashes: (tracker) => (tracker.startsWith('udp:') ? MOST_BY_UDP : MOST_BY_HTTP),
  async ask(tracker, infoHashes, signal) {
    const url = httpUrlOf(tracker)
    if (!url) throw new Error('the tracker has no address')
    if (!tracker.startsWith('udp:')) return scrapeHttp(url, infoHashes, strangers, signal)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const isHidden = isIP(host) !== 0 && isPrivateAddress(host) && !mayLeadHome(url, strangers)
    if (isHidden) throw new Error(`${host} lies in the home`)
    const to = { host, port: Number(url.port) || 80 }
    return scrapeUdp(to, infoHashes, lookupFor(url, strangers), signal, patienceMilliseconds)
  },
})

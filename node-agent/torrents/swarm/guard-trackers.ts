/** Answers of HTTP trackers (BEP 3, 7, 23), read as a stranger's: bounded and checked; what is wrong is a warning. */
import bencode from 'bencode'
import Client, { type HttpTracker, type TrackerAnswer } from 'bittorrent-tracker/client'
import * as z from 'zod'
import { type AskStrangers, fetchPublic, noGuard, readAtMost } from './fetch-public.ts'

/** A thousand peers are 20 kB. */
const MOST_ANSWER_BYTES = 1024 * 1024
const PATIENCE_MILLISECONDS = 15_000

const bytes = z.instanceof(Uint8Array)
/** Each byte a character, as it came. */
const text = bytes.transform((value) => Buffer.from(value).toString('latin1'))
const peers = z.union([bytes, z.array(z.object({ ip: text, port: z.int().min(1).max(65_535) }))])
const Answer = z.object({
  'failure reason': text.optional(),
  'warning message': text.optional(),
  interval: z.int().positive().optional(),
  'min interval': z.int().positive().optional(),
  'tracker id': text.optional(),
  complete: z.int().optional(),
  incomplete: z.int().optional(),
  peers: peers.optional(),
  peers6: peers.optional(),
})

let isGuarded = false
let strangers = noGuard

/**
 * bittorrent-tracker reads an answer to its end, however long, and trusts its parts: a reason that is a number, or a
 * connection that breaks off in the middle, is an error that nobody catches, and ends the process. For all trackers from
 * now on; once is enough. `ask`: how they are asked from now on, for all as well.
 */
export function guardTrackers(ask: AskStrangers = noGuard): void {
  strangers = ask
  if (isGuarded) return
  isGuarded = true
  const announce = ['http://tracker.invalid/announce']
  const [tracker] = new Client({ infoHash: '0'.repeat(40), peerId: '0'.repeat(40), announce, port: 1 })._trackers
  if (!tracker) throw new Error('bittorrent-tracker is not the one that is known')
  const prototype = Object.getPrototypeOf(tracker) as HttpTracker
  prototype._request = async function (address, parameters, done) {
    const ended = new AbortController()
    const timer = setTimeout(() => ended.abort(new Error('the tracker does not answer')), PATIENCE_MILLISECONDS)
    timer.unref()
    const cleanup = () => {
      clearTimeout(timer)
      this.cleanupFns = this.cleanupFns.filter((one) => one !== cleanup)
      ended.abort()
      this.maybeDestroyCleanup?.()
    }
    this.cleanupFns.push(cleanup)
    try {
      const url = new URL(`${address}${address.includes('?') ? '&' : '?'}${query(parameters)}`)
      const { _userAgent } = this.client
      const headers: Record<string, string> = _userAgent ? { 'user-agent': _userAgent } : {}
      const answer = await read(await fetchPublic(url, { headers, signal: ended.signal }, strangers))
      cleanup()
      if (this.destroyed) return
      if (answer['warning message']) this.client.emit('warning', new Error(answer['warning message']))
      done(null, answer)
    } catch (error) {
      cleanup()
      if (!this.destroyed) done(error as Error)
    }
  }
}

async function read(response: Response): Promise<TrackerAnswer> {
  if (response.status !== 200) throw new Error(`the tracker answers ${response.status}`)
  const answer = Answer.safeParse(bencode.decode(await readAtMost(response, MOST_ANSWER_BYTES)))
  if (!answer.success) throw new Error('the tracker answers what is none')
  const { 'failure reason': failure } = answer.data
  if (failure !== undefined) throw new Error(failure)
  return answer.data
}

/** Values are bytes, each a character. */
const query = (parameters: Readonly<Record<string, unknown>>) =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${escaped(String(value ?? ''))}`)
    .join('&')
const escaped = (value: string) =>
  value.replace(/[^A-Za-z0-9._~-]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)

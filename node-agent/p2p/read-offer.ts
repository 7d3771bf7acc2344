/** A viewer's offer, cut down to what a data channel needs before a library reads it (RFC 8866, RFC 8841). */
import { AppError } from '#protocol/errors.ts'
import { isUsableCandidate } from './usable-candidate.ts'

const MOST_LINES = 200
const section = /^m=application \d{1,5} UDP\/DTLS\/SCTP webrtc-datachannel$/
/** What is kept of each part. Everything else of an offer belongs to sound and pictures. */
const ofSession =
  /^(v=0|o=\S+ \d+ \d+ IN IP[46] \S+|s=.{1,64}|t=0 0|a=group:BUNDLE \S{1,32}|a=fingerprint:sha-256 [\dA-F:]{95})$/i
const ofSection =
  /^(c=IN IP[46] \S{1,64}|a=(ice-ufrag:[\w+/]{4,256}|ice-pwd:[\w+/]{22,256}|fingerprint:sha-256 [\dA-F:]{95}|setup:(actpass|active)|mid:\S{1,32}|sctp-port:\d{1,5}|max-message-size:\d{1,10}))$/i
const needed = [/^a=ice-ufrag:/, /^a=ice-pwd:/, /^a=setup:/, /^a=mid:/, /^a=fingerprint:/i]

/** Throws `invalid` for whatever is not an offer of data channels alone. */
export function readOffer(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  const at = lines.findIndex((line) => line.startsWith('m='))
  if (lines.length > MOST_LINES || at < 0 || !section.test(lines[at] ?? '')) throw notOurs()
  const rest = lines.slice(at + 1)
  if (rest.some((line) => line.startsWith('m='))) throw notOurs()
  const kept = [
    ...lines.slice(0, at).filter((line) => ofSession.test(line)),
    ...lines.slice(at, at + 1),
    ...rest.filter(
      (line) => ofSection.test(line) || (line.startsWith('a=candidate:') && isUsableCandidate(line.slice(2))),
    ),
  ]
  if (needed.some((pattern) => kept.filter((line) => pattern.test(line)).length !== 1)) throw notOurs()
  return `${kept.join('\r\n')}\r\n`
}

const notOurs = () => new AppError('invalid', 'This is no offer of data channels. Reload the page and try again.')

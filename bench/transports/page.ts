/** What runs in Chromium: reads a film by each way, counts its bytes and says how long that took. */
import { openPeerLink, type PeerLink } from '../../web/playback/transports/p2p/peer-link.ts'
import type { Signalling } from '../../web/playback/transports/p2p/signalling.ts'

export type Timed = { bytes: number; seconds: number }
export type Ask = { url: string; range?: string }

async function read(answer: Promise<Response>, began: number): Promise<Timed> {
  const response = await answer
  if (!response.ok || !response.body) throw new Error(`${response.status} instead of a film`)
  let bytes = 0
  const reader = response.body.getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return { bytes, seconds: (performance.now() - began) / 1000 }
    bytes += value.byteLength
  }
}

async function firstByteMs(answer: Promise<Response>, began: number): Promise<number> {
  const reader = (await answer).body?.getReader()
  await reader?.read()
  const waited = performance.now() - began
  while (reader && !(await reader.read()).done);
  return waited
}

const init = ({ range }: Ask): RequestInit => ({ cache: 'no-store', ...(range ? { headers: { range } } : {}) })

let link: PeerLink | undefined
const overPeer = (ask: Ask) => {
  if (!link) throw new Error('no connection')
  return link.fetch(ask.url, init(ask))
}

function signallingBy(streamId: string, accessToken: string): Signalling {
  const send = async (method: string, beneath: string, body?: object) =>
    (
      await fetch(`/api/streams/${streamId}/p2p${beneath}`, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    ).json()
  return {
    offer: (offer) => send('POST', '', { offer }),
    change: (id, candidates) => send('PATCH', `/${id}`, { candidates }),
    end: (id) => void send('DELETE', `/${id}`).catch(() => undefined),
  }
}

const bench = {
  read: (ask: Ask) => read(fetch(ask.url, init(ask)), performance.now()),
  firstByteMs: (ask: Ask) => firstByteMs(fetch(ask.url, init(ask)), performance.now()),
  /** How long until a request can be sent, from nothing. What was open before is closed. */
  async openPeerMs(streamId: string, accessToken: string): Promise<number> {
    link?.close()
    const began = performance.now()
    link = await openPeerLink(signallingBy(streamId, accessToken), {
      iceServers: [],
      signal: AbortSignal.timeout(20_000),
    })
    return performance.now() - began
  },
  readPeer: (ask: Ask) => read(overPeer(ask), performance.now()),
  peerFirstByteMs: (ask: Ask) => firstByteMs(overPeer(ask), performance.now()),
  /** A data channel with nothing on it but bytes; `signal` brings the other side's answer. */
  async readBare(bytes: number, signal: (offer: string) => Promise<string>): Promise<Timed> {
    const connection = new RTCPeerConnection()
    const channel = connection.createDataChannel('bare')
    channel.binaryType = 'arraybuffer'
    await connection.setLocalDescription()
    while (connection.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 5))
    await connection.setRemoteDescription({
      type: 'answer',
      sdp: await signal(connection.localDescription?.sdp ?? ''),
    })
    await new Promise((resolve) => channel.addEventListener('open', resolve, { once: true }))
    let came = 0
    const began = performance.now()
    const done = new Promise<Timed>((resolve) => {
      channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        came += data.byteLength
        if (came >= bytes) resolve({ bytes: came, seconds: (performance.now() - began) / 1000 })
      })
    })
    channel.send(String(bytes))
    const timed = await done
    connection.close()
    return timed
  },
}
export type PageBench = typeof bench
Object.assign(window, { bench })

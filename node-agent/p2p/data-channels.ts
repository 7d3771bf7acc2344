/** The library that speaks WebRTC (node-datachannel), loaded when this machine has it; without it there is no peer to peer. */
import type { PeerConnection, RtcConfig } from 'node-datachannel'
import type { Log } from '../log.ts'

/** Makes one end of a connection. What it makes must be closed: it has threads and sockets of its own. */
export type MakePeerConnection = (name: string, config: RtcConfig) => PeerConnection

/**
 * What the transport below takes of a connection before it is on the network. Whoever seeks waits until it has left, so
 * less is better on a thin line; more is faster on a long one: this is 10 MB/s at 50 ms. The library's own is twice that.
 */
export const SEND_BUFFER_BYTES = 512 * 1024

/** Undefined, and a line in the log, where its binary is missing: another platform, or installed without optional parts. */
export async function loadDataChannels(log: Log): Promise<MakePeerConnection | undefined> {
  try {
    const library = await import('node-datachannel')
    library.setSctpSettings({ sendBufferSize: SEND_BUFFER_BYTES })
    return (name, config) => new library.PeerConnection(name, config)
  } catch (error) {
    log.warn('p2p_missing', { reason: error instanceof Error ? error.message.slice(0, 200) : undefined })
    return undefined
  }
}

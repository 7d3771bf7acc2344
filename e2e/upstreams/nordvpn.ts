/** NordVPN's insights as its servers see it: protected is whoever comes out of the tunnel. */
import { type Answering, insights } from '../../node-agent/testing/vpn-services.ts'

export const insightsBySource =
  (tunnelAddress: string): Answering =>
  (request, response) => {
    const from = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
    insights(from === tunnelAddress, from)(request, response)
  }

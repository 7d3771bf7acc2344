/** The table of keyframes of an MP4: its sample table, which is read whole to open it, so that nothing more is. */
import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny'
import type { Keyframes } from '../../state/probe.ts'
import { isIdr, nalCodecOf, nalLengthBytes, saysOpenGop } from './keyframe-kind.ts'

const MOST_KEYFRAMES = 200_000

/** Times are the file's own seconds. `isAllHere`: frames in the middle may be looked at, too. */
export async function mp4Keyframes(track: InputVideoTrack, isAllHere: boolean): Promise<Keyframes | undefined> {
  const sink = new EncodedPacketSink(track)
  const timesSeconds: number[] = []
  let packet = await sink.getFirstKeyPacket({ metadataOnly: true })
  while (packet && timesSeconds.length < MOST_KEYFRAMES) {
    timesSeconds.push(packet.timestamp)
    packet = await sink.getNextKeyPacket(packet, { metadataOnly: true })
  }
  timesSeconds.sort((a, b) => a - b)
  if (timesSeconds.length === 0) return undefined
  return { timesSeconds, isClosed: await areClosed(track, sink, timesSeconds, isAllHere) }
}

async function areClosed(
  track: InputVideoTrack,
  sink: EncodedPacketSink,
  timesSeconds: readonly number[],
  isAllHere: boolean,
): Promise<boolean> {
  const config = await track.getDecoderConfig()
  const codec = nalCodecOf(config?.codec)
  if (!codec) return true
  const { description } = config ?? {}
  const lengthBytes = nalLengthBytes(codec, description ? bytesOf(description) : undefined)
  const count = timesSeconds.length
  const further = isAllHere ? [0.25, 0.5, 0.75, 1].map((part) => Math.floor(part * (count - 1))) : []
  for (const n of new Set([0, 1, 2, ...further])) {
    const time = timesSeconds[n]
    const packet = time === undefined ? null : await sink.getKeyPacket(time + 0.0005)
    if (!packet) continue
    const said = n === 0 ? saysOpenGop(packet.data.subarray(0, 8192)) : undefined
    if (said !== undefined) return !said
    if (isIdr(codec, packet.data, lengthBytes) === false) return false
  }
  return true
}

const bytesOf = (source: ArrayBufferLike | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)

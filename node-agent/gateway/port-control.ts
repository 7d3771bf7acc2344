/** The messages by which a router is asked to forward a port: PCP (RFC 6887) and NAT-PMP (RFC 6886). Pure. */
import { isIPv4 } from 'node:net'

/** What is asked: TCP from outside at `externalPort`, if that is free, to `internalPort` here. 0 seconds ends it. */
export type MapWish = { internalPort: number; externalPort: number; lifetimeSeconds: number }
/** What was given. `address` is missing where the answer does not tell (NAT-PMP's). */
export type Mapped = { externalPort: number; lifetimeSeconds: number; address?: string }
export type ControlAnswer = Mapped | { refused: number } | { address: string }

const TCP = 6
const MAP = 1
const RESPONSE = 0x80
const NAT_PMP_ADDRESS = 0
const NAT_PMP_MAP_TCP = 2

/** `nonce`: 12 bytes, the same for every request about one mapping. `clientAddress` is ours, as the router sees it. */
export function writePcpMap(wish: MapWish, clientAddress: string, nonce: Uint8Array): Buffer {
  const message = Buffer.alloc(60)
  message.writeUInt8(2, 0)
  message.writeUInt8(MAP, 1)
  message.writeUInt32BE(wish.lifetimeSeconds, 4)
  writeMappedAddress(message, 8, clientAddress)
  message.set(nonce, 24)
  message.writeUInt8(TCP, 36)
  message.writeUInt16BE(wish.internalPort, 40)
  message.writeUInt16BE(wish.externalPort, 42)
  // Any address of the router's: all zeros, as an IPv4 one.
  writeMappedAddress(message, 44, '0.0.0.0')
  return message
}

export function writeNatPmpMap({ internalPort, externalPort, lifetimeSeconds }: MapWish): Buffer {
  const message = Buffer.alloc(12)
  message.writeUInt8(NAT_PMP_MAP_TCP, 1)
  message.writeUInt16BE(internalPort, 4)
  // Of an end, nothing is suggested (RFC 6886 §3.4).
  message.writeUInt16BE(lifetimeSeconds === 0 ? 0 : externalPort, 6)
  message.writeUInt32BE(lifetimeSeconds, 8)
  return message
}

export const writeNatPmpAddress = (): Buffer => Buffer.from([0, NAT_PMP_ADDRESS])

/** Undefined for whatever is not the answer to a request of ours about this port and with this nonce. */
export function readAnswer(
  message: Uint8Array,
  { internalPort, nonce }: { internalPort: number; nonce: Uint8Array },
): ControlAnswer | undefined {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  if (bytes.length < 8 || (bytes[1] ?? 0) < RESPONSE) return undefined
  const opcode = (bytes[1] ?? 0) - RESPONSE
  return bytes[0] === 2 ? readPcp(bytes, opcode, internalPort, nonce) : readNatPmp(bytes, opcode, internalPort)
}

function readPcp(bytes: Buffer, opcode: number, internalPort: number, nonce: Uint8Array): ControlAnswer | undefined {
  if (opcode !== MAP || bytes.length < 24) return undefined
  const isOurs = bytes.length >= 60 && bytes.subarray(24, 36).equals(nonce) && bytes.readUInt16BE(40) === internalPort
  const result = bytes[3] ?? 0
  // A router that speaks another version answers with the header alone (§9).
  if (result !== 0) return isOurs || bytes.length < 60 ? { refused: result } : undefined
  if (!isOurs) return undefined
  const address = readMappedAddress(bytes, 44)
  return {
    externalPort: bytes.readUInt16BE(42),
    lifetimeSeconds: bytes.readUInt32BE(4),
    ...(address !== undefined && { address }),
  }
}

function readNatPmp(bytes: Buffer, opcode: number, internalPort: number): ControlAnswer | undefined {
  if (bytes[0] !== 0) return undefined
  const refused = bytes.readUInt16BE(2)
  if (refused !== 0) return { refused }
  if (opcode === NAT_PMP_ADDRESS && bytes.length >= 12) return { address: bytes.subarray(8, 12).join('.') }
  if (opcode !== NAT_PMP_MAP_TCP || bytes.length < 16 || bytes.readUInt16BE(8) !== internalPort) return undefined
  return { externalPort: bytes.readUInt16BE(10), lifetimeSeconds: bytes.readUInt32BE(12) }
}

/** IPv4 within IPv6 (RFC 4291 §2.5.5.2). */
function writeMappedAddress(message: Buffer, at: number, address: string): void {
  message.writeUInt16BE(0xffff, at + 10)
  message.set(isIPv4(address) ? address.split('.').map(Number) : [0, 0, 0, 0], at + 12)
}

function readMappedAddress(bytes: Buffer, at: number): string | undefined {
  const isMapped = bytes.subarray(at, at + 10).every((byte) => byte === 0) && bytes.readUInt16BE(at + 10) === 0xffff
  return isMapped ? bytes.subarray(at + 12, at + 16).join('.') : undefined
}

/** A home, its line, a tunnel and the world, as network namespaces: what leaves by the line is seen there and nowhere else. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { provision } from '../provision.ts'

/** Where the world is: reached by the tunnel, and by the line as well when the tunnel is gone. */
export const WORLD = '10.77.9.9'
export const LINE = { name: 'eth0', address: '10.77.1.2' }
export const TUNNEL = { name: 'tun0', address: '10.77.2.2' }

/** One packet that this namespace sent (`isOut`) or received. `at`: epoch milliseconds. */
export type Packet = {
  at: number
  device: string
  isOut: boolean
  kind: 'tcp' | 'udp' | 'other'
  from: string
  to: string
}

export type Lines<Line> = { lines: Line[]; stop: () => Promise<void> }

export type HomeNetwork = {
  /** Runs a Node script in there; each line of JSON that it prints is kept. */
  run<Line>(
    where: 'home' | 'world',
    script: URL,
    args: readonly string[],
    environment?: Record<string, string>,
  ): Lines<Line>
  /** Everything on every interface of the home but loopback, from now on. */
  capture(): Promise<{ packets: Packet[]; stop: () => Promise<void> }>
  /** As NordVPN, WireGuard and OpenVPN leave it when they end: the interface is no more. */
  deleteTunnel(): void
  /** The interface stays, with its address, and leads nowhere. */
  setTunnel(state: 'up' | 'down'): void
  /** With the way of everything through it, and the line behind that. */
  makeTunnel(): void
  /** `ip` in the home. */
  ip(...args: string[]): void
  close(): Promise<void>
}

export function createHomeNetwork(): HomeNetwork {
  provision({ ip: 'iproute2', python3: 'python3' })
  const name = (what: string) => `porch-${process.pid}-${what}`
  const [home, world] = [name('home'), name('world')]
  const running = new Set<ChildProcess>()
  const ip = (...args: string[]) => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const inHome = (...args: string[]) => ip('-n', home, ...args)
  const inWorld = (...args: string[]) => ip('-n', world, ...args)
  try {
    ip('netns', 'add', home)
  } catch (cause) {
    throw new Error(
      'This test needs network namespaces, which are not permitted here. Run it as root, and in a container with ' +
        '--cap-add NET_ADMIN --cap-add SYS_ADMIN.',
      { cause },
    )
  }
  ip('netns', 'add', world)
  for (const namespace of [home, world]) {
    const set = (key: string, value: number) =>
      execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-c', `echo ${value} > /proc/sys/net/${key}`])
    // What the system says of itself on IPv6 is not what the agent says; this machine's own address stays.
    set('ipv6/conf/default/disable_ipv6', 1)
    // Answers may come by another way than the questions went.
    set('ipv4/conf/all/rp_filter', 0)
    set('ipv4/conf/default/rp_filter', 0)
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
  }
  inWorld('address', 'add', `${WORLD}/32`, 'dev', 'lo')
  const connect = (device: string, network: string) => {
    ip('link', 'add', device, 'netns', home, 'type', 'veth', 'peer', 'name', device, 'netns', world)
    inHome('address', 'add', `${network}.2/24`, 'dev', device)
    inWorld('address', 'add', `${network}.1/24`, 'dev', device)
    inHome('link', 'set', device, 'up')
    inWorld('link', 'set', device, 'up')
  }
  connect(LINE.name, '10.77.1')
  inHome('route', 'add', 'default', 'via', '10.77.1.1', 'metric', '1000')
  const leadThroughTunnel = () => inHome('route', 'replace', 'default', 'via', '10.77.2.1', 'metric', '10')
  const makeTunnel = () => {
    connect(TUNNEL.name, '10.77.2')
    leadThroughTunnel()
  }

  const start = (
    namespace: string,
    [command = '', ...args]: readonly string[],
    onLine: (line: string) => void,
    environment: Record<string, string> = {},
  ) => {
    const child = spawn('ip', ['netns', 'exec', namespace, command, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    })
    running.add(child)
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    createInterface({ input: child.stdout }).on('line', onLine)
    return async () => {
      child.kill('SIGKILL')
      await ended
      running.delete(child)
    }
  }
  return {
    run<Line>(where: 'home' | 'world', script: URL, args: readonly string[], environment?: Record<string, string>) {
      const lines: Line[] = []
      const command = [process.execPath, script.pathname, ...args]
      const stop = start(where === 'home' ? home : world, command, (line) => lines.push(JSON.parse(line)), environment)
      return { lines, stop }
    },
    async capture() {
      const packets: Packet[] = []
      const listening = Promise.withResolvers<void>()
      const stop = start(home, ['python3', '-u', '-c', CAPTURE], (line) => {
        if (line === 'listening') listening.resolve()
        else packets.push(JSON.parse(line))
      })
      await listening.promise
      return { packets, stop }
    },
    deleteTunnel: () => inHome('link', 'delete', TUNNEL.name),
    setTunnel(state) {
      inHome('link', 'set', TUNNEL.name, state)
      if (state === 'up') leadThroughTunnel()
    },
    makeTunnel,
    ip: inHome,
    async close() {
      for (const child of running) child.kill('SIGKILL')
      ip('netns', 'delete', home)
      ip('netns', 'delete', world)
    },
  }
}

/**
 * A socket of packets as they pass the devices (packet(7)): all kinds, or those that leave are not among them; 4 leaves.
 * The kernel says when each passed (SO_TIMESTAMP, socket(7)), for a busy machine comes to read it much later.
 */
const CAPTURE = `
import json, socket, struct
SO_TIMESTAMP = 29
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(3))
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024 * 1024)
s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMP, 1)
print('listening')
while True:
    data, ancillary, _, (device, ether, kind, _, _) = s.recvmsg(65535, socket.CMSG_SPACE(16))
    seconds, microseconds = next(struct.unpack('ll', told) for _, what, told in ancillary if what == SO_TIMESTAMP)
    if device == 'lo' or ether != 0x0800 or len(data) < 20: continue
    head = (data[0] & 15) * 4
    protocol = {6: 'tcp', 17: 'udp'}.get(data[9], 'other')
    def end(at, port): return socket.inet_ntoa(data[at:at + 4]) + ((':%d' % struct.unpack('!H', data[port:port + 2])) if protocol != 'other' else '')
    print(json.dumps({'at': seconds * 1000 + microseconds / 1000, 'device': device, 'isOut': kind == 4, 'kind': protocol, 'from': end(12, head), 'to': end(16, head + 2)}))
`

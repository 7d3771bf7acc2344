/** Debian's pebble, a small ACME authority for tests, that asks a name server of the test's own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import selfsigned from 'selfsigned'
import { until } from './until.ts'

export type Pebble = {
  directoryUrl: string
  /** Of pebble's own server, which programs must trust to speak with it. */
  caFile: string
  ca: string
  /** The root of what it issues, PEM. */
  root: string
  close: () => Promise<void>
}

/** `folder` is for its configuration. `rejectNonces`: percent of good nonces it refuses, as real ones do now and then. */
export async function startPebble(
  folder: string,
  options: { dnsServer: string; certificateSeconds?: number; rejectNonces?: number },
): Promise<Pebble> {
  const [port, managementPort] = [await freePort(), await freePort()]
  const own = await selfsigned.generate([{ name: 'commonName', value: 'pebble' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  const [caFile, keyFile, configFile] = ['ca.pem', 'key.pem', 'pebble.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(caFile, own.cert)
  writeFileSync(keyFile, own.private)
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate: caFile,
    privateKey: keyFile,
    httpPort: 5002,
    tlsPort: 5001,
    ...(options.certificateSeconds && { certificateValidityPeriod: options.certificateSeconds }),
  }
  writeFileSync(configFile, JSON.stringify({ pebble }))
  const child = spawn('pebble', ['-config', configFile, '-dnsserver', options.dnsServer], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH ?? '',
      PEBBLE_VA_NOSLEEP: '1',
      PEBBLE_VA_ALWAYS_VALID: '0',
      PEBBLE_WFE_NONCEREJECT: String(options.rejectNonces ?? 5),
      PEBBLE_AUTHZREUSE: '0',
    },
  })
  const ended = once(child, 'exit')
  const agent = new Agent({ ca: own.cert })
  const read = (path: string) => readText(`https://127.0.0.1:${managementPort}${path}`, agent)
  let root = ''
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error('pebble ended')
      root = await read('/roots/0').catch(() => '')
      return root !== ''
    },
    'pebble',
    30_000,
  )
  return {
    directoryUrl: `https://127.0.0.1:${port}/dir`,
    ...{ caFile, ca: own.cert, root },
    async close() {
      agent.destroy()
      child.kill()
      await ended
    },
  }
}

async function readText(url: string, agent: Agent): Promise<string> {
  const request = get(url, { agent })
  const [response] = await once(request, 'response')
  return Buffer.concat(await response.toArray()).toString()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepCertificate } from './certificate.ts'
import { getJson } from './get-json.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-certificate-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const now = new Date('2026-11-22T12:00:00Z')

it('is good for the address, the loopback and localhost, for 800 days', async () => {
  const certificate = new X509Certificate(readFileSync((await keepCertificate(folder, '192.168.1.7', now)).certFile))
  expect(certificate.checkIP('192.168.1.7')).toBe('192.168.1.7')
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(certificate.checkHost('localhost')).toBe('localhost')
  expect(new Date(certificate.validTo).getTime() - now.getTime()).toBe(800 * 86_400_000)
})

it('is kept while it is good, and made again for a new address or near its end', async () => {
  const read = async (address: string, at: Date) =>
    readFileSync((await keepCertificate(folder, address, at)).certFile, 'utf8')
  const first = await read('192.168.1.7', now)
  expect(await read('192.168.1.7', new Date('2027-11-22'))).toBe(first)
  const moved = await read('192.168.1.8', now)
  expect(moved).not.toBe(first)
  expect(await read('192.168.1.8', new Date('2029-01-20'))).not.toBe(moved)
})

it('lets our own client through a real TLS server', async () => {
  const files = await keepCertificate(folder, '127.0.0.1', new Date())
  const server = createServer({ cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) }, (_, response) =>
    response.end('{"lit":true}'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  expect(await getJson(`https://localhost:${port}/`, files)).toEqual({ ok: true, body: { lit: true } })
  await expect(getJson(`https://localhost:${port}/`)).rejects.toThrow()
  server.close()
})

/** A small GET that trusts our own certificate: `fetch` reads extra certificates only when its process starts. */
import { readFileSync } from 'node:fs'
import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import type { Certificate } from './certificate.ts'

export type Answer = { ok: boolean; body: unknown }

/** Status and parsed body; rejects when nobody answers within three seconds or the body is not JSON. */
export async function getJson(url: string, certificate?: Certificate): Promise<Answer> {
  const { ok, text } = await getText(url, certificate)
  return { ok, body: JSON.parse(text) }
}

/** Status and body as text. */
export function getText(url: string, certificate?: Certificate): Promise<{ ok: boolean; text: string }> {
  const options = { timeout: 3000, ...(certificate ? { ca: readFileSync(certificate.certFile) } : {}) }
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? getHttps : getHttp)(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.once('error', reject)
      response.once('end', () => resolve({ ok: (response.statusCode ?? 500) < 300, text }))
    })
    request.once('timeout', () => request.destroy(new Error('no answer within three seconds')))
    request.once('error', reject)
  })
}

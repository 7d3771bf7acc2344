/** Listens to all that leaves the edge (answers, log lines, letters, rows) for secrets that were planted on the way in. */
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import type { Call } from './call-edge.ts'
import { TestBrowser } from './test-browser.ts'

export class Canary {
  readonly #secrets: { name: string; value: string }[] = []
  readonly #heard: { where: string; text: string }[] = []

  /** From now on nobody may be heard saying this, in clear or as a part of a URL. Gives it back. */
  plant(name: string, value: string): string {
    if (value.length < 10) throw new Error(`${name} is too short to be told from chance`)
    this.#secrets.push({ name, value })
    return value
  }

  hear(where: string, text: string): void {
    this.#heard.push({ where, text })
  }

  /** Every line anything logs, and every letter; the mail relay is ours to play, other services answer for themselves. */
  listen(): { letters: string[] } {
    for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
      vi.spyOn(console, level).mockImplementation((...words) => this.hear('log', words.map(String).join(' ')))
    }
    const letters: string[] = []
    const real = globalThis.fetch
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const request = new Request(input as string, init as RequestInit)
      if (new URL(request.url).host !== 'mail.test') return real(request)
      letters.push(await request.text())
      this.hear('letter', letters.at(-1) ?? '')
      return new Response('{}')
    })
    return { letters }
  }

  /** Every row of every table, as they stand now. */
  async readDatabase(): Promise<void> {
    const query = "select name from sqlite_schema where type = 'table' and name not like '\\_%' escape '\\'"
    const { results } = await env.DB.prepare(`${query} and name not like 'sqlite%'`).all<{ name: string }>()
    for (const { name } of results) {
      const rows = await env.DB.prepare(`select * from ${name}`).all()
      this.hear(`table ${name}`, JSON.stringify(rows.results))
    }
  }

  /** Of each secret that was heard: where, without doubles. */
  places(): Record<string, string[]> {
    const found: Record<string, Set<string>> = {}
    for (const { name, value } of this.#secrets) {
      for (const { where, text } of this.#heard) {
        if (!text.includes(value) && !text.includes(encodeURIComponent(value))) continue
        found[name] = (found[name] ?? new Set()).add(where)
      }
    }
    return Object.fromEntries(Object.entries(found).map(([name, places]) => [name, [...places].toSorted()]))
  }

  /** How many lines, answers or rows of that name were heard: who hears nothing finds nothing. */
  count(where: string): number {
    return this.#heard.filter((one) => one.where === where).length
  }
}

/** A browser whose answers are listened to: status line, body and every header but `Set-Cookie`, whose value is planted. */
export class HeardBrowser extends TestBrowser {
  readonly #canary: Canary

  constructor(canary: Canary, settings: ConstructorParameters<typeof TestBrowser>[0] = {}) {
    super(settings)
    this.#canary = canary
  }

  override async call(path: string, call: Call = {}): Promise<Response> {
    const response = await super.call(path, call)
    const method = call.method ?? (call.json === undefined && call.body === undefined ? 'GET' : 'POST')
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie').map((pair) => pair.join(': '))
    const where = `${method} ${path.replace(/\?.*$/, '').replace(/[\w.-]{22,}/g, ':id')}`
    this.#canary.hear(where, [...headers, await response.clone().text()].join('\n'))
    for (const line of response.headers.getSetCookie()) {
      const value = line.slice(line.indexOf('=') + 1).split(';')[0] ?? ''
      if (value !== '') this.#canary.plant('a cookie', value)
    }
    return response
  }
}

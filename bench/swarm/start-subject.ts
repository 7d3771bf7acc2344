/** The benchmark's end of a subject process. */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SeekTimes, Watched, Watching } from './exercises.ts'
import type { Seeders } from './seeders.ts'
import type { Place } from './subject.ts'

export type SubjectName = 'porchlight' | 'webtorrent' | 'torrent-stream'

export type RunningSubject = {
  name: SubjectName
  /** Joins torrents of the seeders (all, unless some are named) with an empty folder, and meets these peers besides. */
  open(seeders: Seeders, more?: { peers?: string[]; torrents?: string[] }): Promise<void>
  seek(place: Place): Promise<SeekTimes>
  pause(pauseMs: number): Promise<number>
  abort(options: { offset: number; readMs: number }): Promise<number>
  watch(watching: Watching): Promise<Watched>
  fetchAll(): Promise<void>
  received(): Promise<number>
  peers(): Promise<number>
  cpuSeconds(): Promise<number>
  rssBytes(): Promise<number>
  handles(): Promise<number>
  /** Leaves the torrents and forgets what was fetched; the process lives on. */
  close(): Promise<void>
  end(): void
}

export async function startSubject(name: SubjectName): Promise<RunningSubject> {
  const child = fork(join(import.meta.dirname, 'subject-process.ts'), [name], {
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: ['--expose-gc'],
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>([[0, Promise.withResolvers<unknown>()]])
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(value)
    else call?.reject(new Error(`${name}: ${error}`))
  })
  child.on('exit', () => {
    for (const call of waiting.values()) call.reject(new Error(`${name} ended`))
    waiting.clear()
  })
  await waiting.get(0)?.promise
  let calls = 0
  const call = <T>(method: string, argument?: unknown): Promise<T> => {
    const answer = Promise.withResolvers<unknown>()
    waiting.set(++calls, answer)
    child.send({ id: calls, name: method, argument })
    return answer.promise as Promise<T>
  }
  let folder = ''
  const forget = () => rmSync(folder, { recursive: true, force: true })
  return {
    name,
    open(seeders, { peers = [], torrents = seeders.torrentFiles } = {}) {
      folder = mkdtempSync(join(seeders.folder, `${name}-`))
      return call('open', { torrentFiles: torrents, addresses: [...seeders.addresses, ...peers], folder })
    },
    seek: (place) => call('seek', place),
    pause: (pauseMs) => call('pause', pauseMs),
    abort: (options) => call('abort', options),
    watch: (watching) => call('watch', watching),
    fetchAll: () => call('fetchAll'),
    received: () => call('received'),
    peers: () => call('peers'),
    cpuSeconds: () => call('cpuSeconds'),
    rssBytes: () => call('rssBytes'),
    handles: () => call('handles'),
    async close() {
      await call('close')
      forget()
    },
    end() {
      for (const { promise } of waiting.values()) promise.catch(() => {})
      child.kill()
      forget()
    },
  }
}

/** The benchmark's end of a subject process. */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Seeders } from './seeders.ts'
import type { SeekTimes } from './subject.ts'

export type SubjectName = 'porchlight' | 'webtorrent' | 'torrent-stream'

export type RunningSubject = {
  name: SubjectName
  /** Joins one torrent of the seeders with an empty folder, and meets these peers besides. */
  open(seeders: Seeders, morePeers?: string[]): Promise<void>
  seek(offset: number): Promise<SeekTimes>
  readAll(): Promise<void>
  received(): Promise<number>
  peers(): Promise<number>
  cpuSeconds(): Promise<number>
  rssBytes(): Promise<number>
  close(): Promise<void>
  end(): void
}

export async function startSubject(name: SubjectName): Promise<RunningSubject> {
  const child = fork(join(import.meta.dirname, 'subject-process.ts'), [name], { stdio: ['ignore', 2, 2, 'ipc'] })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const ready = Promise.withResolvers<unknown>()
  waiting.set(0, ready)
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(value)
    else call?.reject(new Error(`${name}: ${error}`))
  })
  child.on('exit', () => {
    for (const call of waiting.values()) call.reject(new Error(`${name} ended`))
  })
  await ready.promise
  let calls = 0
  const call = <T>(method: string, argument?: unknown): Promise<T> => {
    const answer = Promise.withResolvers<unknown>()
    waiting.set(++calls, answer)
    child.send({ id: calls, name: method, argument })
    return answer.promise as Promise<T>
  }
  let folder: string | undefined
  const removeFolder = () => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  }
  return {
    name,
    open(seeders, morePeers = []) {
      folder = mkdtempSync(join(seeders.folder, `${name}-`))
      const addresses = [...seeders.addresses, ...morePeers]
      return call('open', { torrentFile: seeders.torrentFiles[0], addresses, folder })
    },
    seek: (offset) => call('seek', offset),
    readAll: () => call('readAll'),
    received: () => call('received'),
    peers: () => call('peers'),
    cpuSeconds: () => call('cpuSeconds'),
    rssBytes: () => call('rssBytes'),
    async close() {
      await call('close')
      removeFolder()
    },
    end() {
      child.kill()
      removeFolder()
    },
  }
}

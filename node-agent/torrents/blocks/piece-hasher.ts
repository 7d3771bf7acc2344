/** SHA-1 of pieces, off the thread that serves viewers; on it when no other thread can be had. */
import { hash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { HashJob, HashResult } from './hash-worker.ts'

export class PieceHasher {
  readonly #jobs = new Map<number, { job: HashJob; done: (digest: string) => void }>()
  #worker: Worker | undefined
  #isBroken = false
  #isClosed = false
  #nextId = 1

  /** Calls back with the SHA-1 in hexadecimal; never after `close`. */
  digest(memory: SharedArrayBuffer, lengthBytes: number, done: (digest: string) => void): void {
    if (this.#isClosed) return
    const job: HashJob = { id: this.#nextId++, memory, lengthBytes }
    this.#jobs.set(job.id, { job, done })
    if (this.#isBroken) setImmediate(() => this.#finish(job.id, digestHere(job)))
    else this.#start().postMessage(job)
  }

  close(): void {
    this.#isClosed = true
    this.#jobs.clear()
    void this.#worker?.terminate()
    this.#worker = undefined
  }

  #start(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ id, digest }: HashResult) => this.#finish(id, digest))
    // Out of memory, or threads are forbidden here: pieces are still hashed, only not beside the rest.
    worker.on('error', () => this.#breakDown())
    this.#worker = worker
    return worker
  }

  #breakDown(): void {
    this.#isBroken = true
    this.#worker = undefined
    for (const { job } of [...this.#jobs.values()]) this.#finish(job.id, digestHere(job))
  }

  #finish(id: number, digest: string): void {
    const found = this.#jobs.get(id)
    this.#jobs.delete(id)
    found?.done(digest)
  }
}

const digestHere = ({ memory, lengthBytes }: HashJob) => hash('sha1', new Uint8Array(memory, 0, lengthBytes), 'hex')

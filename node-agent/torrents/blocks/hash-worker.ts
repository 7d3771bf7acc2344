/** The thread that hashes pieces: SHA-1 of 4 MiB takes milliseconds that no viewer should wait for. */
import { hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

export type HashJob = { id: number; memory: SharedArrayBuffer; lengthBytes: number }
export type HashResult = { id: number; digest: string }

parentPort?.on('message', ({ id, memory, lengthBytes }: HashJob) => {
  const digest = hash('sha1', new Uint8Array(memory, 0, lengthBytes), 'hex')
  parentPort?.postMessage({ id, digest } satisfies HashResult)
})

/** The outer limit, through the whole Worker. */
import { expect, it } from 'vitest'
import { callEdge } from './testing/call-edge.ts'

const statuses = async (address: string | undefined, times: number) => {
  const headers: Record<string, string> = address === undefined ? {} : { 'cf-connecting-ip': address }
  const all = await Promise.all(Array.from({ length: times }, () => callEdge('/api/setup', { headers })))
  return all.map(({ status }) => status)
}

it('stops an address that asks too much, and no other', async () => {
  // More than two periods' worth: the count begins anew at the turn of a minute.
  const seen = await statuses('192.0.2.200', 700)
  expect(seen.filter((status) => status === 200).length).toBeGreaterThanOrEqual(300)
  expect(seen.filter((status) => status === 429).length).toBeGreaterThanOrEqual(100)
  expect(await statuses('192.0.2.201', 1)).toEqual([200])
})

it('does not count what came from this machine', async () => {
  expect(new Set(await statuses('127.0.0.1', 350))).toEqual(new Set([200]))
  expect(new Set(await statuses(undefined, 350))).toEqual(new Set([200]))
})

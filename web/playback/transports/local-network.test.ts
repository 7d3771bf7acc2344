import { describe, expect, it } from 'vitest'
import { type LocalPermission, type LocalVerdict, mayReach } from './local-network.ts'

const publicPage = new URL('https://porch.example')
const atHome = 'https://192-168-1-20.abc.direct.example:8788/api/stream/t'

describe('a page from the public network that wants to reach into a local one', () => {
  it.each<[LocalPermission, 'yes' | 'not_now' | undefined, LocalVerdict]>([
    ['granted', undefined, 'go'],
    ['granted', 'not_now', 'go'],
    ['prompt', undefined, 'explain'],
    ['prompt', 'yes', 'go'],
    ['prompt', 'not_now', 'leave_out'],
    ['denied', undefined, 'leave_out'],
    ['denied', 'yes', 'leave_out'],
    ['unknown', undefined, 'go'],
    ['pending', undefined, 'leave_out'],
  ])('permission %s, person said %s: %s', (permission, said, verdict) => {
    expect(mayReach({ page: publicPage, url: atHome, permission, said })).toBe(verdict)
  })
})

it.each([
  ['a public address', 'https://porch.example', 'https://8.8.4.4/api/stream/t'],
  ['a page that is in the local network itself', 'https://192.168.1.5', atHome],
  ['a page on this machine', 'http://localhost:8787', 'http://127.0.0.1:8788/api/stream/t'],
])('nobody is asked for %s', (_, page, url) => {
  expect(mayReach({ page: new URL(page), url, permission: 'prompt', said: undefined })).toBe('go')
})

import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { listsChanged } from './lists-changed.ts'

it('makes old what was read of any list, and of nothing else', async () => {
  const client = new QueryClient()
  const keys = [
    ['lists', ''],
    ['lists', 'sintel'],
    ['list', 'watchlist-p1'],
    ['list', 'at-home'],
    ['titles', 'sintel'],
  ]
  for (const key of keys) client.setQueryData(key, {})
  await listsChanged(client)
  const isOld = (key: string[]) => client.getQueryState(key)?.isInvalidated
  expect(keys.map(isOld)).toEqual([true, true, true, true, false])
  client.clear()
})

/** A provider's health: failures bench it, but not those that are the VPN's. */
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../log.ts'
import { openState } from '../state/state.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { enableProviders } from './enable-providers.ts'
import { anyWayOut } from './guarded-fetch.ts'
import type { Provider } from './provider.ts'
import { providers } from './sources.ts'

const failing = (): Provider => {
  const [known] = providers
  if (!known) throw new Error('there is no provider')
  return {
    ...known,
    ...{ id: 'failing', isOnByDefault: true, asksForLawfulUse: false, options: z.strictObject({}), origins: () => [] },
    work: () => ({ search: () => Promise.reject(new Error('away')) }),
  }
}

describe('a provider that fails', () => {
  it.each([
    ['is benched', true],
    ['is not blamed while nothing may leave', false],
  ])('%s', async (_what, isOpen) => {
    const wayOut = { ...anyWayOut, isOpen }
    const state = openState(temporaryDirectory())
    const rooms = { userAgent: 'test', wayOut, now: () => 1000, localFilms: state.localFilms, log: createLog(() => {}) }
    const [provider] = enableProviders([failing()], () => ({}), rooms)
    for (let times = 0; times < 10; times++) {
      const signal = new AbortController().signal
      const wish = TitleWish.parse({ titleId: 'title-1', kind: 'movie', name: 'Film', otherNames: [] })
      await expect(provider?.search?.(wish, { signal, isAwaited: () => true })).rejects.toThrow('away')
    }
    expect(provider?.isBenched()).toBe(isOpen)
    state.close()
  })
})

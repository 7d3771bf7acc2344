/** Providers set from the admin page: what is asked afterwards, what stays at home, and what is refused. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { SetProviderReply } from '#protocol/agent-requests.ts'
import { ProviderReport } from '#protocol/provider-settings.ts'
import { TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../log.ts'
import { openState } from '../state/state.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import { createProviderBoard } from './provider-board.ts'
import { ProviderFailure } from './provider-failure.ts'
import { createSearch } from './search.ts'
import { providers } from './sources.ts'

const KEY = 'a-key-that-nobody-shows'
const address = 'https://index.example/api'

function boardOf(environment: Record<string, Record<string, string>> = {}, directory = temporaryDirectory()) {
  const state = openState(directory)
  const lines: string[] = []
  const asked: string[] = []
  const fetch: GuardedFetch = async (url) => {
    asked.push(url.href)
    throw new ProviderFailure('busy', 'The index is busy.')
  }
  const log = createLog((line) => lines.push(line))
  const board = createProviderBoard(providers, (id) => environment[id] ?? {}, state.providers, {
    ...{ userAgent: 'test', localFilms: state.localFilms, log, fetchOf: () => fetch, now: () => 5000 },
  })
  let isOpen = true
  const close = () => {
    if (isOpen) state.close()
    isOpen = false
  }
  onTestFinished(close)
  const of = (id: string) => board.report().find((one) => one.id === id)
  return { ...board, of, lines, asked, log, directory, stop: close }
}
type Board = ReturnType<typeof boardOf>

const set = (
  board: Board,
  values: Record<string, string | null>,
  { id = 'torznab', isOn = true, isLawfulUseConfirmed = true } = {},
): SetProviderReply => board.set({ kind: 'set-provider', id, settings: { isOn, values }, isLawfulUseConfirmed })

const refusal = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return 'nothing'
}

describe('the board', () => {
  it('tells each provider and its form, in words that the wire takes', () => {
    const reports = boardOf().report()
    expect(reports.map(({ id }) => id)).toEqual(providers.map(({ id }) => id))
    for (const report of reports) expect(ProviderReport.parse(report)).toEqual(report)
    const torznab = reports.find(({ id }) => id === 'torznab')
    expect(torznab).toMatchObject({ isOn: false, asksForLawfulUse: true, isSwitchFixed: false, hosts: [] })
    expect(torznab?.fields.map(({ name, isSecret, isSet }) => [name, isSecret, isSet])).toEqual([
      ['address', false, false],
      ['api_key', true, false],
    ])
  })

  it('switches one on, asks it from the next search on, and never tells its secret', async () => {
    const board = boardOf()
    const reply = set(board, { address, api_key: KEY })
    expect(reply).toMatchObject({ problems: [], provider: { isOn: true, hosts: ['index.example'] } })
    expect(reply.provider.fields).toMatchObject([
      { name: 'address', value: address, isSet: true },
      { name: 'api_key', isSet: true },
    ])
    expect(JSON.stringify(board.report())).not.toContain(KEY)
    const search = createSearch({ providers: board.enabled, post: async () => undefined, log: board.log })
    onTestFinished(() => search.close())
    const wish = TitleWish.parse({ titleId: 'title-1', kind: 'movie', name: 'Film', otherNames: [] })
    await search.search({ kind: 'search', wish, waitSeconds: 20 }, { signal: new AbortController().signal })
    expect(board.asked.filter((url) => url.startsWith(address))).toHaveLength(1)
    expect(board.of('torznab')?.health).toMatchObject({ failures: 1, failedAt: 5, reason: 'busy' })
    expect(board.lines.join()).not.toContain(KEY)
  })

  it('knows after a restart what was set, and switches it off again', () => {
    const first = boardOf()
    set(first, { address, api_key: KEY })
    first.stop()
    const second = boardOf({}, first.directory)
    expect(second.of('torznab')).toMatchObject({ isOn: true, hosts: ['index.example'] })
    expect(set(second, {}, { isOn: false }).provider).toMatchObject({ isOn: false })
    second.stop()
    const third = boardOf({}, first.directory)
    expect(third.of('torznab')?.isOn).toBe(false)
    expect(third.enabled().map(({ id }) => id)).toEqual(['internet-archive'])
    expect(set(third, { api_key: null }).provider.fields).toMatchObject([{ isSet: true }, { isSet: false }])
  })

  it.each(['torznab', 'yts', 'therarbg'])('refuses to switch %s on without the lawful word', (id) => {
    const board = boardOf()
    const without = () => set(board, { address: 'https://index.example' }, { id, isLawfulUseConfirmed: false })
    expect(refusal(without)).toBe('forbidden')
    expect(board.of(id)).toMatchObject({ isOn: false, fields: expect.arrayContaining([]) })
    expect(board.of(id)?.fields.every(({ isSet }) => !isSet)).toBe(true)
  })

  it.each([
    [{}, 'address', 'is missing'],
    [{ address: 'index.example' }, 'address', 'must be an address'],
    [{ address: 'https://ada:secret@index.example' }, 'address', 'must not hold a name'],
    [{ address, port: '80' }, 'port', 'is not a setting'],
  ])('changes nothing for %j, and names the setting that is wrong', (values, name, problem) => {
    const board = boardOf()
    const { problems, provider } = set(board, values as Record<string, string>)
    expect(problems).toMatchObject([{ name, problem: expect.stringContaining(problem) }])
    expect(provider.isOn).toBe(false)
    expect(board.of('torznab')?.fields.every(({ isSet }) => !isSet)).toBe(true)
  })

  it('lets the environment win, and says so', () => {
    const board = boardOf({ torznab: { address, enabled: 'on', lawful_use: 'confirmed' } })
    expect(board.of('torznab')).toMatchObject({
      ...{ isOn: true, isSwitchFixed: true },
      fields: [{ isFixed: true, value: address }, { isFixed: false }],
    })
    expect(refusal(() => set(board, {}, { isOn: false }))).toBe('forbidden')
    expect(set(board, { address: 'https://other.example' }).problems).toMatchObject([{ name: 'address' }])
    expect(set(board, { api_key: KEY }, { isLawfulUseConfirmed: false }).provider.fields[1]).toMatchObject({
      isSet: true,
    })
    expect(board.of('torznab')?.hosts).toEqual(['index.example'])
  })

  it.each(['folders', 'demo'])('sets nothing of %s from afar, which reads this machine’s own files', (id) => {
    const board = boardOf()
    expect(refusal(() => set(board, { paths: '/', catalog: '/etc/passwd' }, { id }))).toBe('forbidden')
    expect(board.of(id)).toMatchObject({ isSwitchFixed: true })
    expect(board.of(id)?.fields.every(({ isFixed }) => isFixed)).toBe(true)
  })

  it('starts without a provider whose stored settings are no longer right, and not with a wrong environment', () => {
    const before = boardOf()
    before.stop()
    const state = openState(before.directory)
    state.providers.save('torznab', { isOn: true, isLawfulUseConfirmed: true, values: { address: 'nowhere' } })
    state.close()
    expect(boardOf({}, before.directory).of('torznab')).toMatchObject({
      ...{ isOn: false, problem: expect.stringContaining('must be an address') },
    })
    expect(refusal(() => boardOf({ torznab: { address: 'nowhere', lawful_use: 'confirmed' } }))).toBe('invalid')
  })

  it('knows no provider by another name', () => {
    expect(refusal(() => set(boardOf(), {}, { id: '__proto__' }))).toBe('not_found')
  })
})

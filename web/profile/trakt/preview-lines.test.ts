import { expect, it } from 'vitest'
import type { PreviewPart } from '../../library-api.ts'
import { isAnyChange, previewLines } from './preview-lines.ts'

const none = { same: 0, added: 0, changed: 0, removed: 0, sent: 0, unknown: 0 }
const part = (kind: PreviewPart['kind'], counts: Partial<PreviewPart['counts']>): PreviewPart => ({
  kind,
  counts: { ...none, ...counts },
  next: null,
})
const texts = (...parts: PreviewPart[]) => previewLines(parts).map(({ name, text }) => `${name}: ${text}`)

it('adds up the pages of one kind, and keeps the order of kinds', () => {
  expect(
    texts(part('history', { added: 100, unknown: 3 }), part('history', { added: 12, same: 2 }), part('ratings', {})),
  ).toEqual([
    'Watched: 112 viewings come here, 2 are alike, 3 titles new to this catalog',
    'Ratings: nothing on either side',
  ])
})

it('tells Trakt of what was watched here and was not found there', () => {
  expect(texts(part('history', { same: 2 }), part('ours', { sent: 5 }))).toEqual([
    'Watched: 3 go to Trakt, 2 are alike',
  ])
  expect(texts(part('history', { same: 2 }), part('ours', { sent: 2 }))).toEqual(['Watched: 2 are alike'])
})

it('speaks of one as of one', () => {
  expect(texts(part('watchlist', { added: 1, sent: 1, changed: 1, same: 1, unknown: 1 }))).toEqual([
    'Watchlist: 1 title comes here, 1 is newer there, 1 goes to Trakt, 1 is alike, 1 title new to this catalog',
  ])
})

it('knows when an import would change nothing', () => {
  expect(isAnyChange([part('history', { same: 4 }), part('ours', { sent: 4 }), part('lists', { same: 2 })])).toBe(false)
  expect(isAnyChange([part('history', { same: 4 }), part('ours', { sent: 5 })])).toBe(true)
  expect(isAnyChange([part('playback', { changed: 1 })])).toBe(true)
})

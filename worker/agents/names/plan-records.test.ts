/** What is added to a zone for an agent, and what is taken out of it. */
import { describe, expect, it } from 'vitest'
import { planRecords, wantedRecords } from './plan-records.ts'

const name = 'abc.home.example.org'
const value = 'A'.repeat(43)

describe('the records of an agent', () => {
  it('are one for each address, and its challenge', () => {
    const addresses = ['192.168.1.20', '2001:db8::1', '2001:db8:0::1']
    expect(wantedRecords(name, { addresses, challenges: [value, value] })).toEqual([
      { type: 'A', name: `192-168-1-20.${name}`, content: '192.168.1.20' },
      { type: 'AAAA', name: `2001-db8-0-0-0-0-0-1.${name}`, content: '2001:db8:0::1' },
      { type: 'TXT', name: `_acme-challenge.${name}`, content: `"${value}"` },
    ])
  })

  const standing = [
    { id: '1', type: 'A', name: `192-168-1-20.${name}`, content: '192.168.1.20' },
    { id: '2', type: 'AAAA', name: `2001-db8-0-0-0-0-0-1.${name}`, content: '2001:db8::1' },
    { id: '3', type: 'TXT', name: `_acme-challenge.${name}`, content: value },
  ]
  const wanted = (addresses: string[], challenges: string[] = []) => wantedRecords(name, { addresses, challenges })

  it('that stand already are left alone, however the zone writes them', () => {
    expect(planRecords(name, standing, wanted(['192.168.1.20', '2001:0db8:0::1'], [value]))).toEqual({
      deletes: [],
      posts: [],
    })
  })

  it('that are not wanted any more go, and what is missing comes', () => {
    expect(planRecords(name, standing, wanted(['192.168.1.21']))).toEqual({
      deletes: ['1', '2', '3'],
      posts: [{ type: 'A', name: `192-168-1-21.${name}`, content: '192.168.1.21' }],
    })
  })

  it('stay once where they stand twice', () => {
    const twice = [...standing.slice(0, 1), { ...standing[0], id: '9' } as (typeof standing)[0]]
    expect(planRecords(name, twice, wanted(['192.168.1.20']))).toEqual({ deletes: ['9'], posts: [] })
  })

  it('that point elsewhere than their name says are put right', () => {
    const moved = [{ id: '1', type: 'A', name: `192-168-1-20.${name}`, content: '198.51.100.1' }]
    expect(planRecords(name, moved, wanted(['192.168.1.20']))).toMatchObject({ deletes: ['1'], posts: [{}] })
  })

  it.each([
    ['the operator’s own', 'www.example.org'],
    ['another agent’s', '192-168-1-20.def.home.example.org'],
    ['one whose label only ends alike', '192-168-1-20.xabc.home.example.org'],
    ['the domain itself', name],
  ])('of others are never touched: %s', (_whose, at) => {
    const theirs = [{ id: '7', type: 'A', name: at, content: '203.0.113.7' }]
    expect(planRecords(name, theirs, [])).toEqual({ deletes: [], posts: [] })
  })
})

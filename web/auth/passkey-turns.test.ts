import { describe, expect, it } from 'vitest'
import type { PasskeyAnswer } from '../identity-api.ts'
import { PasskeyTurns } from './passkey-turns.ts'

const answer = (id: string) => ({ id }) as unknown as PasskeyAnswer

/** A browser and an edge whose every answer the test gives by hand. */
function standIn() {
  const asked: { inField: boolean; give: (id: string) => void; refuse: () => void }[] = []
  const optionsAsked: (() => void)[] = []
  const signIns: { id: string; open: () => void; refuse: () => void }[] = []
  let isHeldUp = false
  const turns = new PasskeyTurns({
    options: () => {
      if (!isHeldUp) {
        optionsAsked.push(() => undefined)
        return Promise.resolve({})
      }
      const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>()
      optionsAsked.push(() => resolve({}))
      return promise
    },
    ask: (_, { inField }) => {
      // As the browser does it: a newer request ends the older one.
      asked.at(-1)?.refuse()
      const { promise, resolve, reject } = Promise.withResolvers<PasskeyAnswer>()
      asked.push({ inField, give: (id) => resolve(answer(id)), refuse: () => reject(new Error('ended')) })
      return promise
    },
    signIn: ({ id }) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      signIns.push({ id, open: resolve, refuse: () => reject(new Error('refused')) })
      return promise
    },
  })
  return {
    turns,
    asked,
    optionsAsked,
    signIns,
    holdOptions: (isHeld: boolean) => {
      isHeldUp = isHeld
    },
  }
}

const settled = () => new Promise((done) => setTimeout(done))
const here = () => new AbortController().signal

describe('a passkey offered in the field and a button beside it', () => {
  it('send one answer when the button is pressed while the field’s is on its way', async () => {
    const { turns, asked, signIns } = standIn()
    const offered = turns.offer(here())
    await settled()
    asked[0]?.give('field')
    await settled()
    const pressed = turns.press()
    await settled()
    expect(asked.length).toBe(1)
    signIns[0]?.open()
    await expect(pressed).resolves.toBe(false)
    await expect(offered).resolves.toBe(true)
    expect(signIns.map(({ id }) => id)).toEqual(['field'])
  })

  it('send the button’s answer alone when the field’s comes after the press', async () => {
    const { turns, asked, signIns, holdOptions, optionsAsked } = standIn()
    const offered = turns.offer(here())
    await settled()
    holdOptions(true)
    const pressed = turns.press()
    asked[0]?.give('field')
    await settled()
    optionsAsked[1]?.()
    await settled()
    asked[1]?.give('button')
    await settled()
    signIns[0]?.open()
    await expect(pressed).resolves.toBe(true)
    await expect(offered).resolves.toBe(false)
    expect(signIns.map(({ id }) => id)).toEqual(['button'])
  })

  it('leave the button its ceremony when the field’s challenge comes late', async () => {
    const { turns, asked, signIns, holdOptions, optionsAsked } = standIn()
    holdOptions(true)
    const offered = turns.offer(here())
    holdOptions(false)
    const pressed = turns.press()
    await settled()
    optionsAsked[0]?.()
    await settled()
    expect(asked.map(({ inField }) => inField)).toEqual([false])
    asked[0]?.give('button')
    await settled()
    signIns[0]?.open()
    await expect(pressed).resolves.toBe(true)
    await expect(offered).resolves.toBe(false)
  })

  it('send one answer for fifty presses', async () => {
    const { turns, asked, signIns } = standIn()
    const presses = Array.from({ length: 50 }, () => turns.press())
    await settled()
    expect(asked.length).toBe(1)
    asked[0]?.give('button')
    await settled()
    signIns[0]?.open()
    await Promise.all(presses)
    expect(signIns.length).toBe(1)
  })

  it('offer it in the field again after a press that came to nothing', async () => {
    const { turns, asked } = standIn()
    const leaving = new AbortController()
    const offered = turns.offer(leaving.signal)
    await settled()
    const pressed = turns.press()
    await settled()
    asked[1]?.refuse()
    await expect(pressed).rejects.toThrow('ended')
    await settled()
    expect(asked.map(({ inField }) => inField)).toEqual([true, false, true])
    leaving.abort()
    asked[2]?.refuse()
    await expect(offered).resolves.toBe(false)
  })

  it('say so when the passkey chosen in the field is refused', async () => {
    const { turns, asked, signIns } = standIn()
    const offered = turns.offer(here())
    await settled()
    asked[0]?.give('field')
    await settled()
    signIns[0]?.refuse()
    await expect(offered).rejects.toThrow('refused')
  })

  it('sign nobody in once the page is left', async () => {
    const { turns, asked, signIns } = standIn()
    const leaving = new AbortController()
    const offered = turns.offer(leaving.signal)
    await settled()
    leaving.abort()
    asked[0]?.give('field')
    await expect(offered).resolves.toBe(false)
    expect(signIns).toEqual([])
  })
})

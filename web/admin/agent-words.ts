/** Pure: what a box does and what is wrong with it, in words. */
import type { Agent } from '../api.ts'

type About = Pick<Agent, 'online' | 'mode' | 'isLeaving' | 'load'>

/** What it is asked to do just now; undefined while it simply serves, or is away and nothing was asked of it. */
export function stateWords({ online, mode, isLeaving, load }: About): string | undefined {
  const left = online && load && load.streams > 0 ? ` ${streams(load.streams)} still to go elsewhere.` : ''
  if (mode === 'maintenance') return `Looked after: nothing plays from it until you say so.${left}`
  if (mode === 'draining') {
    if (!online) return 'Being emptied. It serves again once it has been started.'
    return `Being emptied: nothing new plays from it, until it has been started anew.${left || ' It can be stopped now.'}`
  }
  return online && isLeaving ? `About to stop.${left}` : undefined
}

/** How much it does of what it can; undefined while it is away, and of a box that does not count. */
export function loadWords({ load }: Pick<Agent, 'load'>): string | undefined {
  if (!load) return undefined
  const { streams: now, mostStreams, makings, mostMakings } = load
  const full = now >= mostStreams ? ' That is all it takes.' : ''
  if (now === 0) return `Nobody is watching. It takes ${mostStreams} at once.`
  return `${streams(now)} of ${mostStreams}${makings > 0 ? `, making ${makings} of ${mostMakings}` : ''}.${full}`
}

const streams = (count: number) => (count === 1 ? '1 film' : `${count} films`)

export const upgradeWords: Record<Agent['upgrade'], string | undefined> = {
  none: undefined,
  there: 'A newer version is there. This one works until you install it.',
  needed: 'Too old to connect. Install the newest version on this box; its films and its pairing stay.',
}

export const problemWords: Record<NonNullable<Agent['problem']>, string | undefined> = {
  two_with_one_key:
    'Two machines use the key of this box and push each other out. Stop the copy, or delete its state folder and pair it as a box of its own.',
  // Said by the upgrade that it needs.
  too_old: undefined,
}
